from django.db import migrations, models

# The words of a conversation hold the names of those who took part, which stand in a table of their own: so triggers
# keep them. The columns are no fields of the model: what they are for is in insights/voice/texts.
ADD = """
ALTER TABLE insights_voice_conversations_conversation
    ADD COLUMN words tsvector,
    ADD COLUMN shared_words tsvector GENERATED ALWAYS AS (
        CASE WHEN visibility = 'company' THEN words_of_text(language, masked_title, masked_notes, '') END
    ) STORED;
CREATE FUNCTION insights_voice_conversations_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.words IS NOT NULL AND (NEW.title, NEW.notes, NEW.transcript, NEW.language)
        IS NOT DISTINCT FROM (OLD.title, OLD.notes, OLD.transcript, OLD.language) THEN
        RETURN NEW;
    END IF;
    NEW.words := words_of_text(NEW.language, NEW.title, NEW.notes, NEW.transcript) || coalesce((
        SELECT to_tsvector('pg_catalog.simple'::regconfig, string_agg(name, ' '))
        FROM insights_voice_conversations_participant WHERE conversation_id = NEW.id
    ), '');
    RETURN NEW;
END
$$;
CREATE FUNCTION insights_voice_conversations_keep_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.name = OLD.name AND NEW.conversation_id = OLD.conversation_id THEN
        RETURN NULL;
    END IF;
    UPDATE insights_voice_conversations_conversation SET words = NULL
    WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.conversation_id ELSE OLD.conversation_id END;
    RETURN NULL;
END
$$;
CREATE TRIGGER keep_words BEFORE INSERT OR UPDATE ON insights_voice_conversations_conversation
    FOR EACH ROW EXECUTE FUNCTION insights_voice_conversations_keep_words();
CREATE TRIGGER keep_names AFTER INSERT OR UPDATE OR DELETE ON insights_voice_conversations_participant
    FOR EACH ROW EXECUTE FUNCTION insights_voice_conversations_keep_names();
UPDATE insights_voice_conversations_conversation SET words = NULL;
CREATE INDEX conversations_by_words ON insights_voice_conversations_conversation USING gin (words)
    WITH (fastupdate = off);
CREATE INDEX conversations_by_shared_words ON insights_voice_conversations_conversation USING gin (shared_words)
    WITH (fastupdate = off);
"""
REMOVE = """
DROP TRIGGER keep_names ON insights_voice_conversations_participant;
DROP TRIGGER keep_words ON insights_voice_conversations_conversation;
DROP FUNCTION insights_voice_conversations_keep_names(), insights_voice_conversations_keep_words();
ALTER TABLE insights_voice_conversations_conversation DROP COLUMN words, DROP COLUMN shared_words;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("insights_voice_conversations", "0001_initial"),
        ("insights_voice_texts", "0001_words_of_a_text"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="language",
            field=models.CharField(blank=True, choices=[('ar', 'Arabic'), ('hy', 'Armenian'), ('eu', 'Basque'), ('ca', 'Catalan'), ('da', 'Danish'), ('nl', 'Dutch'), ('en', 'English'), ('fi', 'Finnish'), ('fr', 'French'), ('de', 'German'), ('el', 'Greek'), ('hi', 'Hindi'), ('hu', 'Hungarian'), ('id', 'Indonesian'), ('ga', 'Irish'), ('it', 'Italian'), ('lt', 'Lithuanian'), ('ne', 'Nepali'), ('no', 'Norwegian'), ('pt', 'Portuguese'), ('ro', 'Romanian'), ('ru', 'Russian'), ('sr', 'Serbian'), ('es', 'Spanish'), ('sv', 'Swedish'), ('ta', 'Tamil'), ('tr', 'Turkish'), ('yi', 'Yiddish')], default="", help_text="In which it was held; search knows its endings.", max_length=2),
            preserve_default=False,
        ),
        migrations.RemoveIndex(model_name="conversation", name="conversations_by_title"),
        migrations.RemoveIndex(model_name="conversation", name="conversations_by_notes"),
        migrations.RemoveIndex(model_name="conversation", name="conversations_by_transcript"),
        migrations.RunSQL(ADD, REMOVE),
    ]
