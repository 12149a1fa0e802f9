"""Facts of versions: each value once, with the versions of a page that state it.

What a version states stands in its own row, in the order of its text: a few bytes for each fact, for its
value (``fact_value``) and its place. A value that comes again, in another version or on another page, is no
new row.

So that values are found by SQL, ``fact_span`` says of each page which value was stated how often, from which
version to which: what a later version leaves as it is takes no row. ``stated_fact`` joins them to a row for
each version and value.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import Connection

from storage.db import codec
from storage.db.columns import storable
from storage.db.prepared import Prepared, Values
from storage.db.session import PreparedAmong, among, written
from storage.db.tables import fact_span, fact_value, tally, version
from storage.records import Fact
from storage.text.fold import fold
from storage.text.wording import wording

MAX_TERM_CHARS = 500
"""Of a fact's term: no name is longer, and an index of PostgreSQL takes no more than 2,704 bytes."""

_FORM = 1  # of the bytes in which a version's facts stand

_TEXTS = ("field", "value", "term", "raw", "unit", "qualifiers", "role")


def _join(name: str, columns: Iterable[sa.ColumnElement[Any]]) -> sa.Subquery:
    states = (
        (version.c.page_id == fact_span.c.page_id)
        & (version.c.number >= fact_span.c.first)
        & (version.c.number <= func.coalesce(fact_span.c.last, version.c.number))
        & version.c.facts.is_not(None)
    )
    joined = fact_span.join(fact_value, fact_value.c.id == fact_span.c.value_id).join(version, states)
    return select(version.c.id.label("version_id"), *columns).select_from(joined).subquery(name)


stated_fact = _join("stated_fact", fact_value.c)
"""What versions state, a row for each value: how often, and where in the text, is not asked here."""

_UNFOUND: dict[str, sa.ColumnElement[Any]] = {
    "field": fact_value.c.field + "",
    "number": fact_value.c.number + 0,
    "term": fact_value.c.term + "",
}
version_fact = _join("version_fact", (_UNFOUND.get(one.key, one).label(one.key) for one in fact_value.c))
"""The same, to be asked of one version or a few: nobody begins with all that state a value."""

FORMER = "former_fact"
"""The table in which facts of an older kohyo wait, a row for each fact of each version."""

_PLACED = "id", "version_id", "field", "value", "raw", "start", "end", "unit", "qualifiers", "role"
_former = sa.table(FORMER, *map(sa.column, _PLACED))
_other = version.alias()
_newest = select(func.max(_other.c.number)).where(_other.c.page_id == version.c.page_id).scalar_subquery()
_OF = Prepared(
    select(version.c.page_id, version.c.number, version.c.facts, _newest.label("newest")).where(
        version.c.id == bindparam("version")
    )
)
_VALUES = PreparedAmong(select(fact_value), fact_value.c.id)
_STORED = Prepared(select(version.c.facts).where(version.c.id == bindparam("version")))
_PUT = Prepared(version.update().where(version.c.id == bindparam("row")), ["facts"])
_OPEN = Prepared(
    select(fact_span.c.value_id, fact_span.c.first, fact_span.c.times).where(
        fact_span.c.page_id == bindparam("page"), fact_span.c.last.is_(None)
    )
)
_END = Prepared(
    fact_span.update().where(
        fact_span.c.page_id == bindparam("page"),
        fact_span.c.value_id == bindparam("value"),
        fact_span.c.first == bindparam("since"),
    ),
    ["last"],
)
_MOST = Prepared(select(func.max(tally.c.number).label("number")))
_ADD_SPAN = Prepared(fact_span.insert(), ["page_id", "value_id", "first", "last", "times"])
_ADD_VALUE = Prepared(fact_value.insert(), [column.key for column in fact_value.c if column.key != "id"])


def add(db: Connection, version_id: int, facts: Sequence[Fact]) -> bool:
    """Store facts of a version beside those it has, and tell whether it had none."""
    of = _OF.one(db, {"version": version_id})
    before = [] if of.facts is None else read(db, {version_id: of.facts})[version_id]
    _put(db, version_id, of, [*before, *facts])
    return not before


def replace(db: Connection, version_id: int, facts: Sequence[Fact]) -> bool:
    """Store facts of a version instead of those it has, and tell whether they are others."""
    return _put(db, version_id, _OF.one(db, {"version": version_id}), facts)


def of_version(db: Connection, version_id: int) -> list[Fact]:
    """Return what a version states, in the order of its text."""
    stored = _STORED.scalar(db, {"version": version_id})
    return [] if stored is None else read(db, {version_id: stored})[version_id]


def read_value(row: Any) -> Fact:
    """Read a row of ``fact_value`` as a fact; where it stands in a text is not known of it."""
    return _fact(row, 0, 0)


def read(
    db: Connection, stored: Mapping[int, bytes | None], fields: Collection[str] | None = None
) -> dict[int, list[Fact]]:
    """Return what versions state, in the order of their texts, of all fields or of some.

    ``stored``: the bytes in which their facts stand, by version.
    """
    placed = {id: list(_decode(data)) for id, data in stored.items() if data is not None}
    wanted = {value for places in placed.values() for value, *_ in places}
    values: dict[int, Any] = {}
    if wanted and fields is None:
        values = {row.id: row for row in _VALUES.rows(db, {"ids": written(db, wanted)})}
    elif wanted and fields is not None:
        rows = select(fact_value).where(among(db, fact_value.c.id, wanted), fact_value.c.field.in_(fields))
        values = {row.id: row for row in db.execute(rows)}
    return {
        id: [_fact(values[value], *place) for value, *place in placed.get(id, ()) if value in values]
        for id in stored
    }


def take_over(db: Connection, page_id: int) -> None:
    """Store the facts of a page's versions that an older kohyo left as rows of their own."""
    rows = select(_former).join(version, version.c.id == _former.c.version_id)
    rows = rows.where(version.c.page_id == page_id).order_by(_former.c.id)
    former = defaultdict(list)
    for row in db.execute(rows):
        former[row.version_id].append(_fact(row, row.start, row.end - row.start - len(row.raw)))
    for version_id, facts in former.items():
        _PUT.all(db, {"row": version_id, "facts": _encoded(_values(db, facts), facts)})
    renumber(db, page_id)


def renumber(db: Connection, page_id: int) -> None:
    """Say anew which versions of a page state what, after they were given other numbers."""
    old = set(db.scalars(select(fact_span.c.value_id).where(fact_span.c.page_id == page_id)))
    db.execute(fact_span.delete().where(fact_span.c.page_id == page_id))
    spans = list(_spans(db, page_id))
    _ADD_SPAN.many(db, spans)
    _let_go(db, old - {span["value_id"] for span in spans})


def forget(db: Connection, pages: Iterable[int]) -> None:
    """Take out what pages ever stated; values that others state as well stay."""
    those = [*pages]
    values = set(db.scalars(select(fact_span.c.value_id).where(among(db, fact_span.c.page_id, those))))
    db.execute(version.update().where(among(db, version.c.page_id, those)).values(facts=None))
    db.execute(fact_span.delete().where(among(db, fact_span.c.page_id, those)))
    _let_go(db, values)


def damages(db: Connection, first: int, last: int) -> Iterator[int]:
    """Yield the versions whose facts are not what the tables say of them, of pages from one id to another."""
    which = version.c.page_id.between(first, last) & version.c.facts.is_not(None)
    rows = select(version.c.id, version.c.page_id, version.c.number, version.c.facts).where(which)
    stated: dict[int, Counter[int] | None] = {}
    places = {}
    for row in db.execute(rows.order_by(version.c.page_id, version.c.number)):
        places[row.id] = row.page_id, row.number
        try:
            stated[row.id] = Counter(value for value, *_ in _decode(row.facts))
        except (IndexError, ValueError, RuntimeError):  # the last where numbers are missing
            stated[row.id] = None
    values = {value for said in stated.values() if said is not None for value in said}
    known = set(db.scalars(select(fact_value.c.id).where(among(db, fact_value.c.id, values))))
    spans = defaultdict(list)
    for span in db.execute(select(fact_span).where(fact_span.c.page_id.between(first, last))):
        spans[span.page_id].append(span)
    for id, said in stated.items():
        page_id, number = places[id]
        told = Counter[int]()
        for span in spans[page_id]:
            if span.first <= number <= (number if span.last is None else span.last):
                told[span.value_id] += span.times
        if said is None or said != told or not said.keys() <= known:
            yield id


def _put(db: Connection, version_id: int, of: Any, facts: Sequence[Fact]) -> bool:
    values = _values(db, facts)
    encoded = _encoded(values, facts)
    if encoded == of.facts:
        return False
    _PUT.all(db, {"row": version_id, "facts": encoded})
    before = set() if of.facts is None else {value for value, *_ in _decode(of.facts)}
    if of.number == of.newest:
        _go_on(db, of.page_id, of.number, Counter(values))
    else:
        renumber(db, of.page_id)
    _let_go(db, before - set(values))
    return True


def _encoded(values: Sequence[int], facts: Sequence[Fact]) -> bytes:
    places = zip(values, facts, strict=True)
    return _encode([(value, one.start, one.end - one.start - len(one.raw)) for value, one in places])


def _go_on(db: Connection, page_id: int, number: int, times: Counter[int]) -> None:
    """Let what the newest version leaves as it was go on, and say what ends and what begins with it."""
    begins = dict(times)
    for span in _OPEN.all(db, {"page": page_id}):
        if begins.get(span.value_id) == span.times:
            del begins[span.value_id]
            continue
        if span.first == number:
            which = (fact_span.c.page_id == page_id) & (fact_span.c.value_id == span.value_id)
            db.execute(fact_span.delete().where(which, fact_span.c.first == number))
        else:
            ended = {"page": page_id, "value": span.value_id, "since": span.first, "last": number - 1}
            _END.all(db, ended)
    _make_tally(db, max(begins.values(), default=0))
    _ADD_SPAN.many(db, (_span(page_id, id, number, None, count) for id, count in begins.items()))


def _spans(db: Connection, page_id: int) -> Iterator[Values]:
    """Yield which versions of a page state what, as their own bytes say."""
    rows = select(version.c.number, version.c.facts).where(version.c.page_id == page_id)
    going: dict[int, tuple[int, int]] = {}
    for row in db.execute(rows.where(version.c.facts.is_not(None)).order_by(version.c.number)).all():
        times = Counter(value for value, *_ in _decode(row.facts))
        _make_tally(db, max(times.values(), default=0))
        for value, (first, count) in list(going.items()):
            if times.get(value) != count:
                yield _span(page_id, value, first, row.number - 1, count)
                del going[value]
        for value, count in times.items():
            going.setdefault(value, (row.number, count))
    for value, (first, count) in going.items():
        yield _span(page_id, value, first, None, count)


def _span(page_id: int, value: int, first: int, last: int | None, times: int) -> Values:
    return {"page_id": page_id, "value_id": value, "first": first, "last": last, "times": times}


def _make_tally(db: Connection, times: int) -> None:
    """Let the numbers go as far as a value was ever stated in one version: see the view of facts."""
    if times:
        last = _MOST.scalar(db, {}) or 0
        if last < times:
            db.execute(tally.insert(), [{"number": number} for number in range(last + 1, times + 1)])


def _let_go(db: Connection, values: Iterable[int]) -> None:
    """Take out values that nobody states any more."""
    if ids := [*values]:
        used = sa.exists().where(fact_span.c.value_id == fact_value.c.id)
        db.execute(fact_value.delete().where(among(db, fact_value.c.id, ids), ~used))


# --- values ---------------------------------------------------------------------------------


def _values(db: Connection, facts: Sequence[Fact]) -> list[int]:
    """Return the values of facts, stored where they are new."""
    rows = [_row(fact) for fact in facts]
    digests = [_digest(row) for row in rows]
    told = dict(zip(digests, rows, strict=True))
    known = _known(db, told)
    if new := [{"digest": digest, **row} for digest, row in told.items() if digest not in known]:
        _ADD_VALUE.many(db, new)
        known |= _known(db, [row["digest"] for row in new])
    return [known[digest] for digest in digests]


_GIVEN = bindparam("digests", type_=sa.Text)
_BY_DIGEST = {
    "sqlite": Prepared(
        select(fact_value.c.id, fact_value.c.digest).where(
            fact_value.c.digest.in_(select(func.json_each(_GIVEN).table_valued("value").c.value))
        )
    ),
    "postgresql": Prepared(
        select(fact_value.c.id, fact_value.c.digest).where(
            fact_value.c.digest == sa.any_(sa.cast(_GIVEN, sa.ARRAY(sa.BigInteger)))
        )
    ),
}


def _known(db: Connection, digests: Iterable[int]) -> dict[int, int]:
    listed = ",".join(map(str, digests))
    given = f"[{listed}]" if db.dialect.name == "sqlite" else f"{{{listed}}}"
    return {row.digest: row.id for row in _BY_DIGEST[db.dialect.name].rows(db, {"digests": given})}


def _digest(row: Values) -> int:
    """Tell one value from any other by 64 bits: among a million, two are taken for one once in 37 million."""
    said = "\0".join([*(row[name] or "" for name in _TEXTS), str(row["number"])])
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), "big", signed=True)


@lru_cache(1024, typed=True)
def _json(value: str | int | float | tuple[str, ...] | None) -> str:
    """Write JSON, kept for the next time: names, days and qualifiers are few, and come again and again."""
    return codec.dumps(value)


@lru_cache(1024)
def _term(value: str) -> str:
    return fold(value)[:MAX_TERM_CHARS]


_TERMED = frozenset(("provision", "organisation", "action", "outcome", "step"))
"""Fields that are asked for by their term; of others it would take room for nothing."""


def _row(new: Fact) -> Values:
    number = new.value if new.field == "count" and isinstance(new.value, int) else None
    composed = isinstance(new.value, dict)
    term = new.value.get("article") if composed else new.value
    if new.field == "step":
        term = wording(new)  # one that was denied or is planned only is found under another term
    return {
        "field": new.field,
        "value": storable(codec.dumps(new.value) if composed else _json(new.value)),
        "number": number,
        "term": None if term is None or new.field not in _TERMED else storable(_term(str(term))),
        "raw": storable(new.raw),
        "unit": storable(new.unit),
        "qualifiers": storable(_json(new.qualifiers)),
        "role": storable(new.role),
    }


def _value(stored: str) -> Any:
    """Read a value: nearly all are a number or a word without escapes, which need no parser."""
    if stored.isdecimal():
        return int(stored)
    if stored.startswith('"') and "\\" not in stored:
        return stored[1:-1]
    return json.loads(stored)


def _fact(row: Any, start: int, more: int) -> Fact:
    return Fact(
        field=row.field,
        value=_value(row.value),
        raw=row.raw,
        start=start,
        end=start + len(row.raw) + more,
        unit=row.unit,
        qualifiers=tuple(json.loads(row.qualifiers)) if row.qualifiers != "[]" else (),
        role=row.role,
    )


# --- places ---------------------------------------------------------------------------------


def _encode(facts: Sequence[tuple[int, int, int]]) -> bytes:
    """Write value, start and what the end lies further than the wording is long, for each fact.

    Form; number of distinct values; these in order, each as its distance from the one before; then of each
    fact, in the order of the text, which of them it is, how far its start lies from the start before, and the
    rest of its length where any has one. Every number takes seven bits of a byte, or of more.
    """
    distinct = sorted({value for value, _, _ in facts})
    places = {value: place for place, value in enumerate(distinct)}
    longer = any(more for _, _, more in facts)
    out = bytearray((_FORM, int(longer)))
    _write(out, len(distinct))
    last = 0
    for value in distinct:
        _write(out, value - last)
        last = value
    last = 0
    for value, start, more in facts:
        _write(out, places[value])
        _write_signed(out, start - last)
        if longer:
            _write_signed(out, more)
        last = start
    return bytes(out)


def _decode(data: bytes) -> Iterator[tuple[int, int, int]]:
    if data[0] != _FORM:
        raise ValueError(f"facts are written in a form {data[0]} that is not known")
    longer, numbers = data[1], _read(data[2:])
    distinct, value = [], 0
    for _ in range(next(numbers)):
        value += next(numbers)
        distinct.append(value)
    start = 0
    for place in numbers:
        start += _unsign(next(numbers))
        yield distinct[place], start, _unsign(next(numbers)) if longer else 0


def _write(out: bytearray, number: int) -> None:
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)


def _write_signed(out: bytearray, number: int) -> None:
    _write(out, number << 1 if number >= 0 else (-number << 1) - 1)


def _unsign(number: int) -> int:
    return number >> 1 if not number & 1 else -(number + 1 >> 1)


def _read(data: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
        else:
            yield number
            number = shift = 0
