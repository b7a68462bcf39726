"""Say which answers were asked by readers with dates or filters of their own, so that only so many are kept."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the mark."""

    dependencies = [("insights_dashboards", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="tileanswer",
            name="made_for",
            field=models.ForeignKey(
                blank=True,
                help_text=(
                    "The dashboard on which a reader's own dates or filters asked this; empty: a dashboard as it is."
                ),
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="insights_dashboards.dashboard",
            ),
        ),
    ]
