"""What becomes of feedback that was kept long enough: deleted, or left without who said it; safe to do twice."""

import hashlib
from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from insights.voice.feedback.attachments import forget_files
from insights.voice.feedback.models import Attachment, Feedback
from insights.voice.texts.public import forget_text, mask, masked_places


def named_pieces(pieces: QuerySet) -> QuerySet:
    """Keep those that still say who said them: a person, a name, a link or a file, an address in the words."""
    has_files = Exists(Attachment.objects.filter(feedback=OuterRef("pk")))
    says = Q(person__isnull=False) | ~Q(author="") | ~Q(origin_url="") | ~Q(text=F("masked"))
    return pieces.filter(says | Q(has_files))


@transaction.atomic
def delete_pieces(keys: Collection[int]) -> int:
    """Delete pieces with their files and all that was marked in them; return how many."""
    pieces = Feedback.objects.filter(pk__in=keys)
    forget_files(pieces)
    return int(pieces.delete()[1].get(Feedback._meta.label, 0))


@transaction.atomic
def make_pieces_nameless(keys: Collection[int]) -> int:
    """Take away who said pieces, their files and links, and addresses and numbers in them; the company stays."""
    n_done = 0
    for piece in Feedback.objects.select_for_update(of=["self"]).filter(pk__in=keys).order_by("pk"):
        before, known = piece.text, piece.person.distinct_id if piece.person else ""
        forget_files([piece])
        piece.attachments.all().delete()
        if piece.origin_id and ("@" in piece.origin_id or (known and known in piece.origin_id)):
            piece.origin_id = "sha-" + hashlib.sha256(piece.origin_id.encode()).hexdigest()
        piece.person, piece.author, piece.origin_url = None, "", ""
        piece.title, piece.text = mask(piece.title)[:300], piece.masked
        piece.masked = piece.text
        piece.version += 1  # a form that was opened before must not bring it back
        piece.save()
        forget_text(piece, before, piece.text, masked_places(before))
        n_done += 1
    return n_done
