from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('insights_events', '0002_roll_up_first_times'),
    ]

    operations = [
        migrations.AlterField(
            model_name='part',
            name='kind',
            field=models.CharField(choices=[('events', 'Events'), ('first_seen', 'First time of each event and id'), ('first_ever', 'First time ever of each event and id, up to a month'), ('activity', "Number and times of each person's events"), ('traits', 'Traits'), ('person_map', 'Map from ids to persons')], max_length=10),
        ),
    ]
