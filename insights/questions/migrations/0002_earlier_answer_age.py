"""Find earlier answers by age, for the night that forgets them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the index."""

    dependencies = [("insights_questions", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="earlieranswer",
            index=models.Index(fields=["computed_at"], name="earlier_answer_age"),
        ),
    ]
