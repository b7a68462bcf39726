from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insights_sources", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="trial_n_attempts",
            field=models.PositiveSmallIntegerField(default=0, help_text="How often a worker began the dry run."),
        ),
    ]
