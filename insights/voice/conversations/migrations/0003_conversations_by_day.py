from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("insights_voice_conversations", "0002_language_and_words")]

    operations = [
        migrations.AddIndex(
            model_name="conversation", index=models.Index(fields=["-held_on", "-id"], name="conversations_by_day")
        )
    ]
