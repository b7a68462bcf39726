import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('insights_dashboards', '0002_keep_few_answers_of_readers'),
        ('portal_people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ClosedProduct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200)),
                ('closed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('product', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='portal_people.product')),
            ],
            options={
                'verbose_name': 'product closed to public links',
                'verbose_name_plural': 'products closed to public links',
                'ordering': ['product__name'],
            },
        ),
        migrations.CreateModel(
            name='Pack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('dashboard_title', models.CharField(max_length=120)),
                ('held_on', models.DateField(help_text='The day of the meeting that it is for.')),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('range_words', models.CharField(max_length=120)),
                ('date_from', models.CharField(blank=True, max_length=20)),
                ('date_to', models.CharField(blank=True, max_length=10)),
                ('filters', models.JSONField(blank=True, default=list)),
                ('data_version', models.BigIntegerField()),
                ('frozen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('dashboard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='insights_dashboards.dashboard')),
                ('frozen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal_people.product')),
            ],
            options={
                'ordering': ['-frozen_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PackTile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(max_length=10)),
                ('title', models.CharField(blank=True, max_length=200)),
                ('chart', models.CharField(blank=True, max_length=20)),
                ('text', models.TextField(blank=True)),
                ('source_of_question', models.CharField(blank=True, help_text='Such as: insight “…”, version 3.', max_length=220)),
                ('asks', models.JSONField(blank=True, null=True)),
                ('asked', models.JSONField(blank=True, null=True)),
                ('answer', models.JSONField(blank=True, null=True)),
                ('computed_at', models.DateTimeField(blank=True, null=True)),
                ('left_out', models.CharField(blank=True, max_length=200)),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tiles', to='insights_sharing.pack')),
                ('tile', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='insights_dashboards.tile')),
            ],
            options={
                'verbose_name': 'tile of a pack',
                'verbose_name_plural': 'tiles of packs',
                'ordering': ['place'],
            },
        ),
        migrations.CreateModel(
            name='PackCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.BigIntegerField()),
                ('n_late', models.PositiveBigIntegerField(default=0)),
                ('changes', models.JSONField(default=list)),
                ('checked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tile', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='check_since', to='insights_sharing.packtile')),
            ],
            options={
                'verbose_name': 'check of a frozen tile',
                'verbose_name_plural': 'checks of frozen tiles',
            },
        ),
        migrations.CreateModel(
            name='PublicLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='For whom or for what it is.', max_length=120)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('password_hash', models.CharField(blank=True, max_length=128)),
                ('is_embeddable', models.BooleanField(default=False, help_text='Wikis of the company may show it in a frame.')),
                ('expires_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('n_openings', models.PositiveIntegerField(default=0)),
                ('last_opened_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dashboard', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='public_links', to='insights_dashboards.dashboard')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'public link',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='a_pack_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='packtile',
            constraint=models.UniqueConstraint(fields=('pack', 'place'), name='a_pack_has_a_tile_in_each_place'),
        ),
        migrations.AddConstraint(
            model_name='packtile',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'text'), models.Q(('answer__isnull', False), ('asked__isnull', False)), models.Q(('left_out', ''), _negated=True), _connector='OR'), name='a_frozen_tile_has_its_answer_or_says_why_not'),
        ),
        migrations.AddConstraint(
            model_name='publiclink',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='a_public_link_says_for_whom_it_is'),
        ),
        migrations.AddConstraint(
            model_name='publiclink',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='a_public_link_ends_after_it_was_made'),
        ),
        migrations.AddConstraint(
            model_name='publiclink',
            constraint=models.CheckConstraint(condition=models.Q(('is_embeddable', False), ('password_hash', ''), _connector='OR'), name='an_embedded_link_has_no_password'),
        ),
    ]
