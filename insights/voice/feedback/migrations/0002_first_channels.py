from django.db import migrations

CHANNELS = {
    "support": "Support ticket",
    "email": "E-mail",
    "call": "Call",
    "meeting": "Meeting or event",
    "in-app": "In the product",
    "review": "Public review",
    "forum": "Forum or community",
    "survey": "Survey",
    "other": "Elsewhere",
}


def make_channels(apps, schema_editor):
    """Give a fresh portal the channels that most companies have; what ops made or renamed stays."""
    channel = apps.get_model("insights_voice_feedback", "Channel")
    for slug, name in CHANNELS.items():
        channel.objects.get_or_create(slug=slug, defaults={"name": name})


class Migration(migrations.Migration):

    dependencies = [("insights_voice_feedback", "0001_initial")]

    operations = [migrations.RunPython(make_channels, migrations.RunPython.noop, elidable=False)]
