from django.db import migrations

# The column is no field of the model, so that no page reads it: what it is for is in insights/voice/texts.
ADD = """
ALTER TABLE insights_voice_findings_finding
    ADD COLUMN words tsvector GENERATED ALWAYS AS (words_of_text('', claim, meaning, how)) STORED;
CREATE INDEX findings_by_words ON insights_voice_findings_finding USING gin (words) WITH (fastupdate = off);
"""


class Migration(migrations.Migration):

    dependencies = [
        ("insights_voice_findings", "0001_initial"),
        ("insights_voice_texts", "0001_words_of_a_text"),
    ]

    operations = [migrations.RunSQL(ADD, "ALTER TABLE insights_voice_findings_finding DROP COLUMN words")]
