"""Dense numbers for names, ids and accounts: known ones looked up, new ones given, in bulk.

Texts travel to PostgreSQL by COPY with a running index and come back as (index, number): a million ids take seconds.
Numbers are given in a transaction of their own before the batch commits; a batch that fails leaves unused numbers,
which no part and no page names.
"""

import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from insights.events.engine import quoted, store_dir
from insights.events.models import Account, DistinctId, EventName, IdSpace


def number_texts(duck: Any, texts_sql: str, params: dict, target: str, model: Any, space: IdSpace | None = None) -> int:
    """Fill the engine's table `target` (text VARCHAR, no UINTEGER) for the distinct texts of a query.

    Texts that the table holds already are not asked for again. Returns how many numbers were new.
    """
    return _fill(duck, texts_sql, params, target, model, space, gives_new=True)[1]


def look_up_texts(duck: Any, texts_sql: str, params: dict, target: str, model: Any, space: IdSpace) -> int:
    """Fill the new table `target` with those of the texts that have a number; returns how many have none."""
    n_wanted, _ = _fill(duck, texts_sql, params, target, model, space, gives_new=False)
    return n_wanted - duck.execute(f"SELECT count(*) FROM {target}").fetchone()[0]


def number_ids(model: Any, space: IdSpace, texts: Iterable[str]) -> dict[str, int]:
    """Return {text: number} of ids of persons (DistinctId) or accounts (Account), numbering those that are new.

    For rooms that know somebody of whom no event came yet: an id and its number are all that the store keeps then.
    """
    field = _TEXT[model]
    wanted = sorted(set(texts))
    known = _numbers_of(model, space, wanted)
    new = [model(**{"id_space": space, field: text}) for text in wanted if text not in known]
    if new:
        model.objects.bulk_create(new, ignore_conflicts=True, batch_size=1_000)
        known |= _numbers_of(model, space, [getattr(row, field) for row in new])
    return known


def _numbers_of(model: Any, space: IdSpace, texts: list[str]) -> dict[str, int]:
    found = model.objects.filter(**{"id_space": space, f"{_TEXT[model]}__in": texts})
    return dict(found.values_list(_TEXT[model], "no"))


def _fill(
    duck: Any, texts_sql: str, params: dict, target: str, model: Any, space: IdSpace | None, *, gives_new: bool
) -> tuple[int, int]:
    """Return how many texts were asked for, and how many of them got a number now."""
    number, text = ("code", "name") if model is EventName else ("no", _TEXT[model])
    stem = uuid.uuid4().hex
    outgoing, incoming = (store_dir() / "tmp" / f"{stem}-{way}.csv" for way in ("out", "in"))
    duck.execute(f"CREATE TABLE IF NOT EXISTS {target} (text VARCHAR, no UINTEGER)")
    try:
        duck.execute(
            f"CREATE OR REPLACE TABLE {target}_texts AS SELECT row_number() OVER () AS i, text "
            f"FROM (SELECT DISTINCT text FROM ({texts_sql}) ANTI JOIN {target} USING (text) WHERE text IS NOT NULL)",
            params,
        )
        n_wanted = duck.execute(f"SELECT count(*) FROM {target}_texts").fetchone()[0]
        duck.execute(
            f"COPY {target}_texts TO {quoted(outgoing)} (FORMAT csv, HEADER false, QUOTE '\"', FORCE_QUOTE (text))"
        )
        n_new = _number_in_postgres(outgoing, incoming, model, number, text, space, gives_new=gives_new)
        duck.execute(
            f"INSERT INTO {target} SELECT t.text, n.no FROM {target}_texts t "
            "JOIN read_csv($file, header = false, auto_detect = false, delim = ',', "
            "columns = {'i': 'BIGINT', 'no': 'UINTEGER'}) n USING (i)",
            {"file": str(incoming)},
        )
        duck.execute(f"DROP TABLE {target}_texts")
    finally:
        outgoing.unlink(missing_ok=True)
        incoming.unlink(missing_ok=True)
    return n_wanted, n_new


_TEXT = {DistinctId: "distinct_id", Account: "account_id"}


def _number_in_postgres(
    outgoing: Path, incoming: Path, model: Any, number: str, text: str, space: IdSpace | None, *, gives_new: bool
) -> int:
    table = model._meta.db_table
    in_space = "" if space is None else "AND d.id_space_id = %(space)s"
    columns, values = (text, "w.text") if space is None else (f"id_space_id, {text}", "%(space)s, w.text")
    params = {"space": space.pk if space else None}
    with transaction.atomic(), connection.cursor() as cursor, outgoing.open() as out, incoming.open("w") as back:
        cursor.execute("DROP TABLE IF EXISTS wanted_texts")
        cursor.execute("CREATE TEMP TABLE wanted_texts (i bigint, text text) ON COMMIT DROP")
        cursor.copy_expert("COPY wanted_texts FROM STDIN (FORMAT csv)", out)
        cursor.execute("ANALYZE wanted_texts")
        n_new = 0
        if gives_new:
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {values} FROM wanted_texts w WHERE NOT EXISTS "
                f"(SELECT FROM {table} d WHERE d.{text} = w.text {in_space}) ORDER BY w.i "
                "ON CONFLICT DO NOTHING",  # `number_ids` may have been faster
                params,
            )
            n_new = cursor.rowcount
        joined = f"SELECT w.i, d.{number} FROM wanted_texts w JOIN {table} d ON d.{text} = w.text {in_space}"
        query = cursor.mogrify(joined, params).decode()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv)", back)
    return n_new
