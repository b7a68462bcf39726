"""Load a file of events from the command line, by the same reading, mapping and commit as the pages."""

import json
import sys
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from insights.events.public import Batch, Source, create_source, dry_run, start_batch, update_source
from insights.sources.contracts import FileFault
from insights.sources.loads import run_load, stage_file
from insights.sources.looking import look_at
from insights.sources.mapping import MappingFault, parse_map_words, parse_mapping
from insights.sources.uploads import working_folder
from portal.people.public import SYSTEM, Product
from portal.shell.public import PortalError

_COUNTS = (
    ("n_read", "rows read"),
    ("n_accepted", "new"),
    ("n_duplicates", "already here"),
    ("n_quarantined", "quarantined"),
)


class Command(BaseCommand):
    help = (
        "Load a file (CSV, JSON Lines, JSON, each also .gz or .zst; Parquet; XLSX) into a source. Columns named event, "
        "distinct_id, timestamp need no map. Exit code 0: loaded; 1: not loaded; 3: loaded, but rows were quarantined."
    )

    def add_arguments(self, parser):
        """Add the options."""
        parser.add_argument("file", help="the file to load")
        parser.add_argument("--source", required=True, help="the source's name or slug")
        parser.add_argument(
            "--map", default="", dest="words", help="who=col,when=col,what=col,account=col,event_id=col …"
        )
        parser.add_argument("--event-name", default="", help="each row is an event with this name")
        parser.add_argument("--product", default="", help="make the source in this product (slug) if it is missing")
        parser.add_argument("--zone", default="", help="time zone of times without one, when the source is made")
        parser.add_argument("--dry-run", action="store_true", help="say what would be loaded, and store nothing")

    def handle(self, *args, file, source, words, event_name, product, zone, dry_run, **options):
        """Read the options, load the file, print what became of its rows."""
        path = Path(file).resolve()
        if not path.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            if dry_run:
                with transaction.atomic():
                    found = self._source(source, product, zone)
                    counts = self._try(found, path, self._mapping(found, path, words, event_name))
                    transaction.set_rollback(True)
            else:
                found = self._source(source, product, zone)
                counts = self._load(found, path, self._mapping(found, path, words, event_name))
        except (MappingFault, FileFault) as fault:
            raise CommandError(str(fault)) from fault
        except PortalError as fault:
            details = " ".join(f"{name}: {' '.join(texts)}" for name, texts in fault.fields.items())
            raise CommandError(f"{fault.message} {details}".strip()) from fault
        self._print(counts, dry_run)
        if counts.n_quarantined:
            sys.exit(3)

    def _source(self, name: str, product_slug: str, zone: str) -> Source:
        known = Source.objects.select_related("product", "id_space")
        found = known.filter(slug=name).first() or known.filter(name=name).first()
        if found:
            return found
        product = Product.objects.filter(slug=product_slug).first()
        if product is None:
            products = ", ".join(Product.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no source “{name}”. Make it with --product SLUG (products: {products}).")
        fields = {"time_zone": zone} if zone else {}
        return create_source(actor=SYSTEM, product=product, name=name, kind=Source.Kind.UPLOAD, **fields)

    def _mapping(self, source: Source, path: Path, words: str, event_name: str) -> dict:
        """Return the map of the command line, completed by what the file shows; else what the source remembers."""
        if not words and not event_name:
            return source.mapping
        said = parse_map_words(words)
        if event_name:
            said["event_name"] = event_name
        guess = look_at(source, path, n_rows=0).guess.mapping
        kept = {key: guess[key] for key in ("time_format", "types", "json_column", "decimal_comma") if key in guess}
        used = {name for key in said for name in ([said[key]] if isinstance(said[key], str) else said[key])}
        if kept.get("json_column") in used:
            kept.pop("json_column")
        said.setdefault("who", guess.get("who", ""))
        said.setdefault("when", guess.get("when", ""))
        return parse_mapping({**kept, **said}).to_json()

    def _load(self, source: Source, path: Path, mapping: dict):
        if mapping != source.mapping:
            source = update_source(source, actor=SYSTEM, mapping=mapping)
        batch = start_batch(source, Batch.Kind.UPLOAD, actor=SYSTEM, file_name=path.name, file_path=str(path))
        run_load(batch.pk, report=self._report)
        self._end_line()
        batch.refresh_from_db()
        if batch.state != Batch.State.DONE:
            raise CommandError(batch.error or f"The load is {batch.get_state_display().lower()}. Nothing was stored.")
        return batch

    def _try(self, source: Source, path: Path, mapping: dict):
        with working_folder() as folder:
            stage_file(source, path, mapping, folder, self._report)
            counts = dry_run(source, folder)
        self._end_line()
        return counts

    def _report(self, step: str, done: int, total: int) -> None:
        share = f" {100 * done / total:3.0f} %" if total else f" {done:,}" if done else ""
        if self.stderr.isatty():
            self.stderr.write(f"\r\033[K{step}{share}", ending="")
        elif step != getattr(self, "_step", ""):
            self.stderr.write(step)
        self._step = step

    def _end_line(self) -> None:
        if self.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")

    def _print(self, counts, is_dry: bool) -> None:
        numbers = {name: getattr(counts, name) for name, _ in _COUNTS}
        line = ", ".join(f"{numbers[name]:,} {word}" for name, word in _COUNTS)
        self.stdout.write(f"{'Dry run, nothing stored: ' if is_dry else ''}{line}")
        self.stderr.write(json.dumps(numbers))
