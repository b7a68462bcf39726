"""Texts of playbooks as HTML, with links that lead to other playbooks and to pages of the portal."""

import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve, reverse
from django.utils.text import slugify

from playbooks.library.models import Playbook
from portal.shell.public import Document, render_document

# What site builders put into links of Markdown files: their tag for another file, and the name of their site.
_FILE_TAG = re.compile(r"\]\(\{%-?\s*link\s+(\S+)\s*-?%\}\)")
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}")
_TARGETS = re.compile(r"(?:\]\(|\]:\s*|href=[\"'])([^)\"'\s]*(?:\{\{[^}]*\}\})?[^)\"'\s]*)")
_MOST_TARGETS = 500
_NEVER = ("/admin/", "/api/", "/accounts/")


def render_texts(texts: Iterable[str], user: Any) -> list[Document]:
    """Return texts as HTML for a reader: one query for all links; what a reader may not open is words."""
    texts = [_FILE_TAG.sub(r"](\1)", text) for text in texts]
    find = _resolver(texts, user)
    return [render_document(text, resolve=find) for text in texts]


def _resolver(texts: list[str], user: Any) -> Callable[[str], str | None]:
    targets = [found[1] for text in texts for found in _TARGETS.finditer(text)][:_MOST_TARGETS]
    names = {name for target in targets if (name := _name_of(target))}
    known = set(Playbook.objects.visible_to(user).filter(slug__in=names).values_list("slug", flat=True))

    def lead(address: str) -> str | None:
        name = _name_of(address)
        if name in known:
            return reverse("library:playbook-page", args=[name])
        return address if _is_page(address) else None

    return lead


def _name_of(address: str) -> str:
    """Return the playbook that an address may mean: its last part, as "five-whys" of "/discover/five-whys/#why"."""
    path = urlsplit(_PLACEHOLDER.sub("", unquote(address))).path.rstrip("/")
    return slugify(PurePosixPath(path).name.removesuffix(".md"))


def _is_page(address: str) -> bool:
    """Say whether an address is a page of this portal."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith(("//", *_NEVER)):
        return False
    try:
        resolve(parts.path)
    except Resolver404:
        return False
    return True
