"""Who stands behind what was said: one rule, as SQL, for all that count or list those who asked for something."""

# To be put behind a relation `linked (key, link_id, importance, feedback_id, conversation_id, speaker)`, whose rows are
# pieces of feedback, or words of them or of conversations. Behind words of a conversation stands who spoke them, or
# all who took part where that is not known. `piece` is the feedback's number, or the conversation's below zero.
SAID = """
said AS (
    SELECT k.key, k.link_id, k.importance, f.id AS piece, f.person_id, f.account_id, f.said_on
    FROM linked k JOIN insights_voice_feedback_feedback f ON f.id = k.feedback_id
    UNION ALL
    SELECT k.key, k.link_id, k.importance, -c.id, p.person_id, p.account_id, c.held_on
    FROM linked k JOIN insights_voice_conversations_conversation c ON c.id = k.conversation_id
    LEFT JOIN insights_voice_conversations_participant p ON p.conversation_id = c.id
        AND (lower(p.speaker) = lower(k.speaker) OR NOT EXISTS (
            SELECT FROM insights_voice_conversations_participant o
            WHERE o.conversation_id = c.id AND k.speaker <> '' AND lower(o.speaker) = lower(k.speaker)
        ))
)
"""
