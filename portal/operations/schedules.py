"""The default schedules of all rooms, written once to the database, where ops may change them in the admin."""

from portal.shell.registry import Schedule, registry


def ensure_schedules(**kwargs) -> None:
    """Create the schedules that are missing; one that exists keeps what ops made of it."""
    from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

    known = set(PeriodicTask.objects.values_list("name", flat=True))
    for schedule in registry.all(Schedule):
        if schedule.name in known:
            continue
        if schedule.crontab:
            minute, hour, day, month, weekday = schedule.crontab.split()
            crontab, _ = CrontabSchedule.objects.get_or_create(
                minute=minute,
                hour=hour,
                day_of_month=day,
                month_of_year=month,
                day_of_week=weekday,
                timezone=schedule.time_zone,
            )
            timing = {"crontab": crontab}
        else:
            interval, _ = IntervalSchedule.objects.get_or_create(
                every=schedule.every_s, period=IntervalSchedule.SECONDS
            )
            timing = {"interval": interval, "expire_seconds": schedule.every_s * 2}
        PeriodicTask.objects.create(name=schedule.name, task=schedule.task, description=schedule.description, **timing)
