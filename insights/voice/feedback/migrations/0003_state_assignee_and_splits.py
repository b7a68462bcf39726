import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ("insights_voice_feedback", "0002_first_channels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="feedback",
            name="state",
            field=models.CharField(choices=[("new", "New"), ("triaged", "Triaged"), ("archived", "Archived")], default="new", help_text="New until somebody links it to a theme, which triages it, or archives it.", max_length=8),
        ),
        migrations.AddField(
            model_name="feedback",
            name="assignee",
            field=models.ForeignKey(blank=True, help_text="Who shall decide about it.", null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="feedback",
            name="split_from",
            field=models.ForeignKey(blank=True, help_text="The piece that it was cut out of.", null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="pieces", to="insights_voice_feedback.feedback"),
        ),
        migrations.AddIndex(
            model_name="feedback",
            index=models.Index(condition=Q(state="new"), fields=["team", "-said_on", "-id"], name="feedback_of_a_team_that_waits"),
        ),
        migrations.AddIndex(
            model_name="feedback",
            index=models.Index(condition=Q(state="new"), fields=["-said_on", "-id"], name="feedback_that_waits"),
        ),
    ]
