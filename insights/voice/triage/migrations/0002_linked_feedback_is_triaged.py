from django.db import migrations

_BATCH = 10_000
# What was linked before there was an inbox does not wait in it. In batches, and safe to run again.
_SQL = """
UPDATE insights_voice_feedback_feedback SET state = 'triaged' WHERE id IN (
    SELECT f.id FROM insights_voice_feedback_feedback f WHERE f.state = 'new' AND (
        EXISTS (SELECT 1 FROM insights_voice_themes_themelink l WHERE l.feedback_id = f.id)
        OR EXISTS (SELECT 1 FROM insights_voice_themes_themelink l
            JOIN insights_voice_highlights_highlight h ON h.id = l.highlight_id WHERE h.feedback_id = f.id)
    ) LIMIT %s
)
"""


def mark_linked(apps, schema_editor):
    """Say of linked feedback that it is triaged."""
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(_SQL, [_BATCH])
            if cursor.rowcount < _BATCH:
                return


class Migration(migrations.Migration):

    dependencies = [
        ("insights_voice_triage", "0001_initial"),
        ("insights_voice_feedback", "0003_state_assignee_and_splits"),
    ]

    operations = [migrations.RunPython(mark_linked, migrations.RunPython.noop, elidable=True)]
