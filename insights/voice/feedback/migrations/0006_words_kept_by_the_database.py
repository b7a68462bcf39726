from django.db import migrations

# The columns are no fields of the model, so that no page reads them: what they are for is in insights/voice/texts.
ADD = """
ALTER TABLE insights_voice_feedback_feedback
    ADD COLUMN words tsvector GENERATED ALWAYS AS (words_of_text(language, title, text, author)) STORED,
    ADD COLUMN shared_words tsvector GENERATED ALWAYS AS (
        CASE WHEN visibility = 'company' THEN words_of_text(language, '', masked, '') END
    ) STORED;
CREATE INDEX feedback_by_words ON insights_voice_feedback_feedback USING gin (words) WITH (fastupdate = off);
CREATE INDEX feedback_by_shared_words ON insights_voice_feedback_feedback USING gin (shared_words)
    WITH (fastupdate = off);
"""
REMOVE = "ALTER TABLE insights_voice_feedback_feedback DROP COLUMN words, DROP COLUMN shared_words"


class Migration(migrations.Migration):

    dependencies = [
        ("insights_voice_feedback", "0005_attachments"),
        ("insights_voice_texts", "0001_words_of_a_text"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="feedback", name="feedback_by_words"),
        migrations.RemoveIndex(model_name="feedback", name="feedback_by_masked_words"),
        migrations.RemoveIndex(model_name="feedback", name="feedback_by_author"),
        migrations.RunSQL(ADD, REMOVE),
    ]
