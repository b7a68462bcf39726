"""The files of imports: kept until what is in them was imported, then removed; never served to anybody."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from insights.events.public import IdSpace
from insights.imports.models import Import, ImportProblem
from insights.imports.reading import PART
from insights.persons.contracts import MentionKeeper
from insights.sources.public import StoredFile, path_of, size_words, store_stream, uploads_dir
from portal.audit.public import record
from portal.shell.public import BadInput

MOST_BYTES = 64 * 1024 * 1024
_GRACE = timedelta(days=1)  # a file may lie here for a while before the row that names it is written
_OPEN = (Import.State.DRAFT, Import.State.CHECKED, Import.State.FAILED, Import.State.CANCELLED)


def store_file(chunks: Iterable[bytes]) -> StoredFile:
    """Keep a file of an import under a random name."""
    stored = store_stream(chunks, part=PART, cap=MOST_BYTES)
    if stored.n_bytes == 0:
        path_of(stored.path, PART).unlink(missing_ok=True)
        raise BadInput("The file is empty.", fields={"file": ["It is empty. Check the export and upload it again."]})
    return stored


def say_limit() -> str:
    """Return the largest file of an import, in words."""
    return size_words(MOST_BYTES)


def remove_files(batch: Import) -> None:
    """Remove the files of an import once the transaction stands."""
    for name in filter(None, (batch.path, batch.second_path)):
        transaction.on_commit(lambda name=name: path_of(name, PART).unlink(missing_ok=True))


def remove_old_files(now: datetime, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Remove files of imports that nobody went on with or that nothing names, and rows refused long ago."""
    old = Import.objects.filter(state__in=_OPEN, created_at__lt=now - timedelta(days=settings.UPLOAD_KEEP_DAYS))
    n_removed = 0
    for batch in old.exclude(path=""):
        with transaction.atomic():
            _forget(batch)
        n_removed += 1
    # Rows that were refused hold what files held: they stay as long, and the counts of them for good.
    over = Import.objects.filter(finished_at__lt=now - timedelta(days=settings.UPLOAD_KEEP_DAYS))
    n_removed += ImportProblem.objects.filter(batch__in=over).delete()[0]
    named = {name for pair in Import.objects.values_list("path", "second_path") for name in pair if name}
    for path in uploads_dir(PART).iterdir():
        is_old = datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo) < now - _GRACE
        if path.name not in named and is_old and path.is_file():
            path.unlink(missing_ok=True)
            n_removed += 1
    progress(1, 1)
    return n_removed


def _forget(batch: Import) -> None:
    remove_files(batch)
    Import.objects.filter(pk=batch.pk).update(path="", second_path="")


# A row with a hole would be no row that came: those that name somebody go whole.
PROBLEM_MENTIONS = MentionKeeper(ImportProblem._meta.label_lower, redact=lambda row: row.delete())


def export_person(space: IdSpace, distinct_ids: Sequence[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the rows of imports that were refused or noted and name a person by one of their ids."""
    imports = Import.objects.filter(product=space.product) if space.product_id else Import.objects.none()
    named = Q(pk__in=[])
    for text in distinct_ids:
        named |= Q(raw__iregex=_alone(text))
    problems = ImportProblem.objects.filter(named, batch__in=imports).order_by("pk")
    yield "import_rows", list(problems.values("batch_id", "row_no", "raw", "reason"))


def _alone(text: str) -> str:
    return rf"(^|[^[:alnum:]_]){re.escape(text)}([^[:alnum:]_]|$)"


def erase_person(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Remove what imports keep of a person: rows that name them, and files that wait; can be done twice."""
    imports = Import.objects.filter(product=space.product) if space.product_id else Import.objects.none()
    n_problems = n_files = 0
    for text in distinct_ids:
        n_problems += ImportProblem.objects.filter(batch__in=imports, raw__iregex=_alone(text)).delete()[0]
    for batch in imports.filter(state__in=_OPEN).exclude(path=""):
        with transaction.atomic():
            record(actor, "import.file_removed", batch, note="It may have named a person who was erased.")
            _forget(batch)
        n_files += 1
    found = {"rows kept by imports": n_problems, "files of imports": n_files}
    return {name: count for name, count in found.items() if count}
