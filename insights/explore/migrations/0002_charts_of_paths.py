from django.db import migrations, models

CHARTS = [
    ("line", "Line"),
    ("bar", "Bar"),
    ("area", "Stacked area"),
    ("number", "Number"),
    ("funnel", "Funnel"),
    ("heatmap", "Retention heat-map"),
    ("sankey", "Flow"),
    ("table", "Table"),
]


class Migration(migrations.Migration):
    dependencies = [("insights_explore", "0001_initial")]

    operations = [
        migrations.AlterField("insight", "chart", models.CharField(choices=CHARTS, max_length=20)),
    ]
