"""Reading a company's PostgreSQL: a read-only query with an increasing cursor column; each page is a batch."""

import csv
import datetime as dt
import decimal
import io
import ipaddress
import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg2
import psycopg2.extensions
import psycopg2.sql
from django.db import connection, transaction

from insights.events.public import Batch, Source, start_batch
from insights.sources.loads import run_load
from insights.sources.models import SqlQuery
from insights.sources.reading import noting_faults
from insights.sources.sql_faults import words_of_query, words_of_refusal
from insights.sources.uploads import store_stream
from portal.audit.public import record, state_of
from portal.people.public import require
from portal.shell.public import BadInput, Conflict, seal, unseal

_PURPOSE = "insights.sources.sql"
_MAX_PAGES = 100
_CONNECT_TIMEOUT_S = 10
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_ADDRESS_OPTIONS = frozenset({"sslmode", "channel_binding", "target_session_attrs", "gssencmode"})
_IDENTIFIER = "SELECT system_identifier::text FROM pg_control_system()"


def encrypt(address: str) -> str:
    """Return an address as it is stored."""
    return seal(_PURPOSE, address)


def decrypt(stored: str) -> str:
    """Return a stored address, or say that the portal's key has changed."""
    address = unseal(_PURPOSE, stored)
    if address is None:
        raise BadInput("The portal's SECRET_KEY has changed, so the database's address must be entered again.")
    return address


def shown_address(stored: str) -> str:
    """Return an address for a page: without user and password."""
    parts = urlsplit(decrypt(stored))
    return f"{parts.hostname}:{parts.port or 5432}{parts.path}"


def check_query(query: str) -> str:
    """Return a query that can stand inside another, or refuse it; that it only reads is enforced by the connection."""
    plain = query.strip().rstrip(";").strip()
    if not re.match(r"(?i)(select|with|table|values)\b", plain):
        raise BadInput(fields={"query": ["Write one query that begins with SELECT or WITH."]})
    if ";" in plain:  # a second statement could leave the read-only transaction
        raise BadInput(fields={"query": ["Write one query without a semicolon; in a text, write chr(59) for it."]})
    if "\0" in plain or len(plain) > 20_000:
        raise BadInput(fields={"query": ["A query may have 20,000 characters."]})
    return plain


def check_address(address: str) -> str:
    """Return an address, or refuse one that is no PostgreSQL address or is the portal's own."""
    example = BadInput(
        fields={"address": ["Use an address such as postgresql://reader:password@db.example.com:5432/sales."]}
    )
    try:
        parts = urlsplit(address.strip())
        port = parts.port or 5432
    except ValueError:
        raise example from None
    is_named = bool(parts.hostname and _HOST.fullmatch(parts.hostname) and parts.username)
    if parts.scheme not in ("postgresql", "postgres") or not is_named or len(parts.path) < 2 or parts.fragment:
        raise example
    # libpq takes another host, files and server options from here; only how to encrypt is for the address to say.
    unknown = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)} - _ADDRESS_OPTIONS)
    if unknown:
        raise BadInput(fields={"address": [f"An address cannot set {', '.join(unknown)}. Leave it out."]})
    own = connection.settings_dict
    target = (str(parts.hostname), port, unquote(parts.path[1:]))
    is_own_server = target[0] == str(own["HOST"]) or (_is_loopback(target[0]) and _is_loopback(str(own["HOST"])))
    if is_own_server and target[1:] == (int(own["PORT"] or 5432), own["NAME"]):
        raise BadInput(fields={"address": ["This is the portal's own database, which no source may read."]})
    return address.strip()


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.startswith("/") or not host:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def place_of(address: str) -> str:
    """Return the network address of a database's host; refuse those where a cloud keeps its secrets, not a database."""
    parts = urlsplit(address)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 5432, type=socket.SOCK_STREAM)
    except OSError:
        raise BadInput(f"There is no host named {parts.hostname}. Check the address.") from None
    places = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for place in places:
        plain = getattr(place, "ipv4_mapped", None) or place
        if plain.is_link_local or plain.is_multicast or plain.is_unspecified or plain.is_reserved:
            raise BadInput(fields={"address": [f"{parts.hostname} is no place for a database."]})
    return str(places[0])


@contextmanager
def open_database(address: str, timeout_s: int) -> Iterator["psycopg2.extensions.connection"]:
    """Connect read-only with a time limit; the portal's own database is refused by what the server says of itself."""
    try:
        check_address(address)
        opened = psycopg2.connect(
            address,
            hostaddr=place_of(address),  # what was looked at is what is connected to
            connect_timeout=_CONNECT_TIMEOUT_S,
            application_name="product-ops-portal",
            options=f"-c default_transaction_read_only=on -c statement_timeout={timeout_s * 1000} -c lock_timeout=5000",
        )
    except psycopg2.OperationalError as fault:
        raise BadInput(words_of_refusal(fault, address)) from None
    try:
        opened.set_session(readonly=True, isolation_level="REPEATABLE READ")
        _refuse_own(opened)
        yield opened
    finally:
        opened.close()


def _refuse_own(opened: Any) -> None:
    try:
        with opened.cursor() as cursor:
            cursor.execute(f"SELECT ({_IDENTIFIER}), current_database()")
            theirs = cursor.fetchone()
    except psycopg2.errors.InsufficientPrivilege:
        opened.rollback()
        return  # the comparison of addresses stands
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({_IDENTIFIER}), current_database()")
        if tuple(cursor.fetchone()) == tuple(theirs):
            raise BadInput(fields={"address": ["This is the portal's own database, which no source may read."]})
    opened.rollback()


@transaction.atomic
def save_query(source: Source, *, actor: Any, address: str, query: str, cursor_column: str, **numbers: int) -> SqlQuery:
    """Set what a source reads; an empty address keeps the one that is stored."""
    require(actor, "sources.edit_sql")
    if source.kind != Source.Kind.SQL:
        raise Conflict("This source does not read a database.")
    known = SqlQuery.objects.filter(source=source).first()
    if not address and known is None:
        raise BadInput(fields={"address": ["Say where the database is."]})
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_$]{0,62}", cursor_column):
        raise BadInput(fields={"cursor_column": ["Name a column of the query, such as id or updated_at."]})
    before = state_of(known) if known else None
    fields = {"query": check_query(query), "cursor_column": cursor_column, **numbers}
    if address:
        fields["address"] = encrypt(check_address(address))
    saved, _ = SqlQuery.objects.update_or_create(source=source, defaults=fields)
    record(actor, "sql_query.changed" if known else "sql_query.created", saved, before=before, after=state_of(saved))
    return saved


def _page_sql(query: SqlQuery) -> Any:
    cursor = psycopg2.sql.Identifier(query.cursor_column)
    after = psycopg2.sql.SQL("WHERE q.{} > %s ").format(cursor) if query.cursor_value else psycopg2.sql.SQL("")
    # The line break ends a comment that the query may end with.
    return psycopg2.sql.SQL("SELECT * FROM ({}\n) AS q {}ORDER BY q.{} LIMIT %s").format(
        psycopg2.sql.SQL(query.query.replace("%", "%%")), after, cursor
    )


def cell_text(value: Any) -> str:
    """Return a database value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    return str(value).replace("\0", "")


def _fetch_page(query: SqlQuery) -> tuple[list[str], list[tuple], str]:
    """Return (names, rows, last cursor value) of the next page; rows that share a cursor value stay together."""
    with open_database(decrypt(query.address), query.timeout_s) as opened, opened.cursor() as cursor:
        params = [query.cursor_value] if query.cursor_value else []
        try:
            cursor.execute(_page_sql(query), [*params, query.rows_per_batch + 1])
            names, rows = [column.name for column in cursor.description], cursor.fetchall()
        except psycopg2.Error as fault:
            raise BadInput(words_of_query(fault, query.timeout_s, query.cursor_column)) from None
    if query.cursor_column not in names:
        raise BadInput(f"The query has no column “{query.cursor_column}”. Name one that it has, in “What it reads”.")
    place = names.index(query.cursor_column)
    if len(rows) > query.rows_per_batch:
        last = rows[-1][place]
        whole = [row for row in rows if row[place] != last]
        if not whole:
            raise BadInput(
                f"More than {query.rows_per_batch:,} rows share one value of “{query.cursor_column}”. "
                "Choose a column that grows with every row, or larger batches."
            )
        rows = whole
    return names, rows, cell_text(rows[-1][place]) if rows else ""


def _csv_chunks(names: list[str], rows: list[tuple]) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for n, row in enumerate(rows, 1):
        writer.writerow([cell_text(value) for value in row])
        if n % 5000 == 0:
            yield out.getvalue().encode("utf-8", "replace")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8", "replace")


def read_page(query: SqlQuery, *, actor: Any) -> Batch | None:
    """Fetch the next page into a file and make its waiting batch; None when there is nothing new."""
    names, rows, last = _fetch_page(query)
    if not rows:
        return None
    stored = store_stream(_csv_chunks(names, rows))
    with transaction.atomic():
        name = f"rows up to {query.cursor_column} {last}"[:200]
        batch = start_batch(query.source, Batch.Kind.SQL, actor=actor, file_name=name, file_path=stored.path)
        mapping = {**batch.mapping, "cursor": {"from": query.cursor_value, "to": last}}
        mapping["read"] = {"encoding": "utf-8", "separator": ",", "quote": '"', "has_header": True}
        if not query.source.mapping:
            mapping = {"cursor": mapping["cursor"]}
        Batch.objects.filter(pk=batch.pk).update(mapping=mapping)
    return batch


def finish_page(batch: Batch) -> None:
    """Advance the cursor, in the transaction that stores the page; refuse when somebody else has."""
    cursor = batch.mapping.get("cursor")
    if batch.kind != Batch.Kind.SQL or not cursor:
        return
    moved = SqlQuery.objects.filter(source_id=batch.source_id, cursor_value=cursor["from"])
    if not moved.update(cursor_value=cursor["to"]):
        raise Conflict("This page of rows was read by another load already. Nothing was stored twice.")


def read_query(query: SqlQuery, *, actor: Any) -> list[Batch]:
    """Read all new rows, page by page, until there are none; stops at the first page that fails."""
    open_pages = Batch.objects.filter(source_id=query.source_id, kind=Batch.Kind.SQL)
    if open_pages.filter(state__in=[Batch.State.WAITING, Batch.State.RUNNING]).exists():
        return []
    batches: list[Batch] = []
    with noting_faults(query) as note:
        while len(batches) < _MAX_PAGES:
            query.refresh_from_db()
            batch = read_page(query, actor=actor)
            if batch is None:
                break
            run_load(batch.pk, also=finish_page)
            batch.refresh_from_db()
            batches.append(batch)
            if batch.state != Batch.State.DONE:
                note(f"The {batch.file_name} were not loaded. {batch.error}")
                break
    return batches
