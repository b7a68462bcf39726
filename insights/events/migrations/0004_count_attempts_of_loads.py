from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insights_events", "0003_note_activity_of_parts")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="n_attempts",
            field=models.PositiveSmallIntegerField(default=0, help_text="How often a worker began it."),
        ),
    ]
