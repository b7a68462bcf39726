from django.db import migrations, models


class Migration(migrations.Migration):
    """An old secret beside the new one, while receivers change over."""

    dependencies = [
        ('portal_messages', '0003_name_longer_things'),
    ]

    operations = [
        migrations.AddField(
            model_name='webhook',
            name='old_secret',
            field=models.TextField(blank=True, default='', help_text='Encrypted; the one before, while it still signs too.'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='webhook',
            name='old_secret_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(
                condition=models.Q(('old_secret', ''), ('old_secret_until', None))
                | models.Q(models.Q(('old_secret', ''), _negated=True), ('old_secret_until__isnull', False)),
                name='an_old_secret_says_until_when_it_signs',
            ),
        ),
    ]
