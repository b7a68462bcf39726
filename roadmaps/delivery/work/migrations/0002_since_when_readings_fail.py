from django.db import migrations, models
from django.utils import timezone


def fill(apps, schema_editor):
    """Say of connections that fail that they do so from now on: since when was not kept."""
    connection = apps.get_model("roadmaps_delivery_work", "Connection")
    connection.objects.exclude(error="").update(failing_since=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("roadmaps_delivery_work", "0001_initial")]

    operations = [
        migrations.AddField(
            "connection",
            "failing_since",
            models.DateTimeField(blank=True, null=True, help_text="The first error since it was read well."),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
