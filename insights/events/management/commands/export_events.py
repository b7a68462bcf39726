"""Write events as JSON Lines."""

import datetime as dt
import sys
from contextlib import nullcontext
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from insights.events.exporting import export_events, export_joins, export_traits
from insights.events.models import Source


class Command(BaseCommand):
    help = (
        "Write events as JSON Lines to a file or to stdout, one object a line; days are UTC. With --traits and --joins "
        'also what is known of persons and accounts, of all time: lines with a "kind".'
    )

    def add_arguments(self, parser):
        """Add the options."""
        parser.add_argument("--source", action="append", default=[], help="slug of a source; all without it")
        parser.add_argument("--from", dest="first", type=dt.date.fromisoformat, help="first day, such as 2024-01-31")
        parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, help="last day, included")
        parser.add_argument("--traits", action="store_true", help="then every trait of persons and accounts")
        parser.add_argument("--joins", action="store_true", help="then every join of ids into persons")
        parser.add_argument("--output", type=Path, help="a new file to write; stdout without it")

    def handle(self, *args, source, first, last, traits, joins, output, **options):
        """Write the lines."""
        sources = list(Source.objects.filter(slug__in=source) if source else Source.objects.all())
        missing = set(source) - {found.slug for found in sources}
        if missing:
            raise CommandError(f"There is no source {', '.join(sorted(missing))}.")
        since = dt.datetime.combine(first, dt.time(), dt.UTC) if first else None
        until = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), dt.UTC) if last else None
        n_lines = 0
        try:
            target = output.open("x", encoding="utf-8") if output else nullcontext(sys.stdout)
        except FileExistsError as fault:
            raise CommandError(f"{output} exists already. Name a new file.") from fault
        with target as lines:
            for line in export_events(sources, since=since, until=until, progress=self._progress(options)):
                lines.write(line)
                n_lines += 1
            n_traits = self._write(lines, export_traits(sources)) if traits else None
            n_joins = self._write(lines, export_joins(sources)) if joins else None
        self.stderr.write(f"{n_lines} events written.")
        for count, noun in ((n_traits, "traits"), (n_joins, "joins")):
            if count is not None:
                self.stderr.write(f"{count} {noun} written.")

    def _write(self, target, lines):
        n_lines = 0
        for line in lines:
            target.write(line)
            n_lines += 1
        return n_lines

    def _progress(self, options):
        return (lambda n: self.stderr.write(f"{n} events")) if options["verbosity"] > 1 else None
