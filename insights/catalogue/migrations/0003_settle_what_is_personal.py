from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether somebody has said of a property that it is personal, or that it is not."""

    dependencies = [
        ('insights_catalogue', '0002_find_the_newest_day_of_a_source'),
    ]

    operations = [
        migrations.AddField(
            model_name='catalogueproperty',
            name='is_settled',
            field=models.BooleanField(default=False, editable=False, help_text='Somebody changed whether it is personal, or its values showed it: readings leave that alone.', verbose_name='settled whether personal'),
        ),
    ]
