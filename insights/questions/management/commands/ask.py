"""`manage.py ask`: a question in, its answer as JSON out."""

import json
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from insights.questions.asking import ask
from insights.questions.parsing import parse_question
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, PortalError

EXIT_FAULTS, EXIT_FAILED = 2, 1


class Command(BaseCommand):
    """Ask a question; prints only the answer on stdout."""

    help = "Ask a question. Prints only the JSON answer; faults go to stderr, each with its path, and exit with 2."

    def add_arguments(self, parser) -> None:
        """Name the question's file and whom it is about."""
        parser.add_argument("question", help="A file with the question as JSON, or - for standard input.")
        parser.add_argument(
            "--product", action="append", default=[], metavar="SLUG", help="A product, if the question names none."
        )
        parser.add_argument("--indent", type=int, default=None, help="Indent the answer by this many spaces.")
        parser.add_argument("--no-cache", action="store_true", help="Compute the answer anew.")

    def handle(self, *args, **options) -> None:
        """Read, ask, print."""
        try:
            value = self._read(options["question"])
            if options["product"] and isinstance(value, dict) and not value.get("sources"):
                value.setdefault("products", options["product"])
            question = parse_question(value, now=timezone.now(), default_zone=settings.WORKSPACE_TIME_ZONE)
            answer = ask(question, user=SYSTEM, caller="manage.py ask", use_cache=not options["no_cache"])
        except PortalError as error:
            self._complain(error)
            sys.exit(EXIT_FAULTS if isinstance(error, BadInput) else EXIT_FAILED)
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=options["indent"]))

    def _read(self, name: str) -> object:
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
            return json.loads(text)
        except OSError as error:
            raise BadInput(f"The file {name} cannot be read: {error.strerror}.") from None
        except ValueError as error:
            raise BadInput(f"{name} is not JSON: {error}.") from None

    def _complain(self, error: PortalError) -> None:
        self.stderr.write(error.message)
        for path, sentences in error.fields.items():
            for sentence in sentences:
                self.stderr.write(f"{path}: {sentence}")
