import datetime as dt

import django.utils.timezone
from django.db import migrations, models


def fill(apps, schema_editor):
    """Say of orders that are there that they were kept when their day began."""
    kept_order = apps.get_model("roadmaps_planning_scoring", "KeptOrder")
    for day in kept_order.objects.order_by().values_list("kept_on", flat=True).distinct():
        at = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
        kept_order.objects.filter(kept_on=day, kept_at=None).update(kept_at=at)


class Migration(migrations.Migration):
    dependencies = [("roadmaps_planning_scoring", "0002_first_models")]

    operations = [
        migrations.AddField("keptorder", "kept_at", models.DateTimeField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            "keptorder",
            "kept_at",
            models.DateTimeField(
                default=django.utils.timezone.now, help_text="What came later is news to who was told before."
            ),
        ),
    ]
