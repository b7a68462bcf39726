from django.db import migrations

# A highlight is in the language of the text that it quotes, which stands in another table: so triggers keep its words.
# The column is no field of the model: what it is for is in insights/voice/texts.
ADD = """
ALTER TABLE insights_voice_highlights_highlight ADD COLUMN words tsvector;
CREATE FUNCTION insights_voice_highlights_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := words_of_text(coalesce(
        (SELECT language FROM insights_voice_feedback_feedback WHERE id = NEW.feedback_id),
        (SELECT language FROM insights_voice_conversations_conversation WHERE id = NEW.conversation_id)
    ), '', NEW.quote, NEW.note);
    RETURN NEW;
END
$$;
CREATE FUNCTION insights_voice_highlights_follow_language() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_ARGV[0] = 'feedback' THEN
        UPDATE insights_voice_highlights_highlight SET words = NULL WHERE feedback_id = NEW.id;
    ELSE
        UPDATE insights_voice_highlights_highlight SET words = NULL WHERE conversation_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER keep_words BEFORE INSERT OR UPDATE ON insights_voice_highlights_highlight
    FOR EACH ROW EXECUTE FUNCTION insights_voice_highlights_keep_words();
CREATE TRIGGER follow_language AFTER UPDATE OF language ON insights_voice_feedback_feedback
    FOR EACH ROW WHEN (OLD.language <> NEW.language)
    EXECUTE FUNCTION insights_voice_highlights_follow_language('feedback');
CREATE TRIGGER follow_language AFTER UPDATE OF language ON insights_voice_conversations_conversation
    FOR EACH ROW WHEN (OLD.language <> NEW.language)
    EXECUTE FUNCTION insights_voice_highlights_follow_language('conversation');
UPDATE insights_voice_highlights_highlight SET words = NULL;
CREATE INDEX highlights_by_words ON insights_voice_highlights_highlight USING gin (words) WITH (fastupdate = off);
"""
REMOVE = """
DROP TRIGGER follow_language ON insights_voice_conversations_conversation;
DROP TRIGGER follow_language ON insights_voice_feedback_feedback;
DROP TRIGGER keep_words ON insights_voice_highlights_highlight;
DROP FUNCTION insights_voice_highlights_follow_language(), insights_voice_highlights_keep_words();
ALTER TABLE insights_voice_highlights_highlight DROP COLUMN words;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("insights_voice_highlights", "0002_quote_conversations"),
        ("insights_voice_feedback", "0006_words_kept_by_the_database"),
        ("insights_voice_conversations", "0002_language_and_words"),
    ]

    operations = [migrations.RunSQL(ADD, REMOVE)]
