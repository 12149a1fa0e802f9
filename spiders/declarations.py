"""Source declarations: TOML in, ``Source`` records out, and every mistake at once with its place."""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from spiders.declaring.aside import call_aside
from spiders.declaring.extending import Origin, Shelf, Table, Unresolved, Written, seconds
from spiders.mistakes import DeclarationError, Problem
from storage.records import SOURCE_SETS, JsonPaths, ListingRules, PageRules, Source, Topic

BUNDLED = Path(__file__).parent / "sources"

_RULES = (
    "declarations",
    "declaring/declaration_keys",
    "declaring/extending",
    "transport/public_addresses",
)
KEPT_FILES = 8
"""How many choices of declarations are kept: one at least for each archive that is worked with in turn."""

Whole = tuple[Table, Origin, Sequence[str]]
"""A declaration without mistakes: all its keys, whose it is, and the keys in which it changes another."""


def load(
    paths: Iterable[Path] = (),
    *,
    bundled: bool = True,
    sets: Container[str] = SOURCE_SETS,
    kept: Path | None = None,
) -> list[Source]:
    """Read the sources of these files and folders, bundled ones first; those of ``sets`` only.

    In the folder ``kept`` stands what was read before and was right: what checks it takes longer to load
    than most commands, and a tenth of the memory of a run. Raises DeclarationError, with every mistake in
    any of them.
    """
    paths = list(paths)
    file = kept and kept / f"{_digest(paths, bundled)}.json"
    found = _find_kept(file) if file else None
    if found is None:
        found, problems = call_aside(_read, paths, bundled) if file else _read(paths, bundled)
        if problems:
            raise DeclarationError(problems)
        if file:
            _keep(file, found)
    return [make_source(*one) for one in found if one[0].get("set", "core") in sets]


def _digest(paths: Iterable[Path], bundled: bool) -> str:
    """Return what tells apart the files of declarations, and the rules by which they are read."""
    digest = hashlib.sha256()
    for name in _RULES:
        digest.update((Path(__file__).parent / f"{name}.py").read_bytes())
    ours = [file for path in paths for file in (sorted(path.glob("*.toml")) if path.is_dir() else [path])]
    for file in (*ours, *sorted(BUNDLED.rglob("*.toml"))):
        digest.update(f"\n{file}\n".encode(errors="surrogateescape"))
        with suppress(OSError):  # what cannot be read is told by what reads it
            digest.update(file.read_bytes())
    digest.update(b"bundled" if bundled else b"")
    return digest.hexdigest()[:32]


def _find_kept(file: Path) -> list[Whole] | None:
    try:
        if file.parent.stat().st_uid == os.geteuid():
            return [(table, origin, changed) for table, origin, changed in json.loads(file.read_bytes())]
    except (OSError, ValueError):
        pass
    return None


def _keep(file: Path, found: list[Whole]) -> None:
    """Keep what was right; a folder that cannot be written to costs time and nothing else."""
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = file.with_suffix(f".{os.getpid()}")
        half.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
        half.replace(file)
        for old in sorted(file.parent.glob("*.json"), key=lambda one: one.stat().st_mtime)[:-KEPT_FILES]:
            old.unlink()


def read_declaration(text: str, **changes: str) -> Source:
    """Read one declaration that stands in no file; ``changes`` take the place of its keys.

    Raises DeclarationError, with every mistake in it.
    """
    from spiders.declaring.declaration_keys import find_mistakes

    problems: list[Problem] = []
    table = read_table(Path("declaration"), text, problems) or {}
    file = Path(f"{table.get('id')}.toml")
    whole = {**table, **changes}
    problems = problems or find_mistakes(Written(file, "", {}, "file"), whole)
    if problems:
        raise DeclarationError(problems)
    return make_source(whole, "file")


def check(paths: Iterable[Path] = (), *, bundled: bool = True) -> list[Problem]:
    """Find every mistake in these files and folders; none if they can be used."""
    return _read(paths, bundled)[1]


def list_remarks(paths: Iterable[Path], *, bundled: bool = True) -> list[Problem]:
    """Say of every declaration that changes another whether that is still what it was made for.

    No mistake: a run goes by what is declared. Nothing is said of declarations that have mistakes.
    """
    shelf, found = _shelf(paths, bundled, problems=[]), []
    for one in shelf.ours.values():
        if not bundled and "extends" not in one.table:
            continue
        try:
            below = shelf.beneath(one)
            now = shelf.digest(below) if below else None
            keys = ", ".join(shelf.changed(one))
        except Unresolved:
            continue
        known = one.table.get("base")
        if below is None or known == now:
            continue
        said = f'write base = "{now}" to hear when that changes'
        if known is not None:
            said = f'which has changed since; compare the two, then write base = "{now}"'
        what = f"lies over {below.id!r} of {below.file}{f' in {keys}' if keys else ''}, {said}"
        found.append(Problem(one.file, f"{one.where}.base".lstrip("."), what))
    return found


def _read(paths: Iterable[Path], bundled: bool) -> tuple[list[Whole], list[Problem]]:
    from spiders.declaring.declaration_keys import find_mistakes

    found: list[Whole] = []
    problems: list[Problem] = []
    shelf = _shelf(paths, bundled, problems)
    declared: dict[str, str] = {}
    told: dict[str, Collection[tuple[str, str]]] = {}
    for one in shelf.all:
        if one.origin == "bundled" and (not bundled or one.id in shelf.ours):
            continue
        # A declaration that is broken in other ways still takes its id.
        place = f"{one.file}{f' ({one.where})' if one.where else ''}"
        if one.id is not None and (other := declared.setdefault(one.id, place)) != place:
            message = f"{one.id!r} is declared in {other} already"
            problems.append(Problem(one.file, f"{one.where}.id".lstrip("."), message))
            continue
        try:
            table, below = shelf.whole(one), shelf.beneath(one)
        except Unresolved as error:
            problems.append(Problem(one.file, f"{one.where}.extends".lstrip("."), str(error)))
            continue
        mine = find_mistakes(one, table)
        # What is wrong in a declaration is told there, and not of everything that extends it.
        said = {(p.where.removeprefix(one.where).lstrip("."), p.message): p for p in mine}
        above = told.get((below and below.id) or "", frozenset()) if "extends" in one.table else ()
        told[one.id or ""] = said.keys()
        problems += [problem for key, problem in said.items() if key not in above]
        if not mine:
            found.append((table, one.origin, shelf.changed(one)))
    return found, problems


def _shelf(paths: Iterable[Path], bundled: bool, problems: list[Problem]) -> Shelf:
    """Read all declarations; the bundled ones also where they are not watched, but something extends them."""
    ours = [one for file in _files(paths, problems) for one in _read_written(file, "file", problems)]
    beneath: list[Written] = []
    if bundled or any("extends" in one.table for one in ours):
        files = sorted(BUNDLED.rglob("*.toml"))
        beneath = [one for file in files for one in _read_written(file, "bundled", problems)]
    return Shelf(ours, beneath)


def _read_written(file: Path, origin: Origin, problems: list[Problem]) -> Iterator[Written]:
    """Yield each declaration of a file with its place in it: ``""`` for the whole file, or ``source[0]``.

    Keys beside ``[[source]]`` are defaults for each of them. What is wrong goes to ``problems``.
    """
    text = read_text(file, problems)
    table = None if text is None else read_table(file, text, problems)
    if table is None:
        return
    many = table.get("source")
    if many is None:
        yield Written(file, "", table, origin)
        return
    if not isinstance(many, list) or not all(isinstance(one, dict) for one in many):
        problems.append(Problem(file, "source", "must be written as [[source]], once for each"))
        return
    shared = {key: value for key, value in table.items() if key != "source"}
    for key in sorted({"id", "extends", "base"} & shared.keys()):
        problems.append(Problem(file, key, "belongs into each [[source]]"))
    for number, one in enumerate(many):
        yield Written(file, f"source[{number}]", {**shared, **one}, origin)


def _files(paths: Iterable[Path], problems: list[Problem]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            files = sorted(path.glob("*.toml"))
            if not files:
                problems.append(Problem(path, "", "this folder holds no declaration (*.toml)"))
            yield from files
        elif path.exists():
            yield path
        else:
            problems.append(Problem(path, "", "no such file or folder"))


def read_text(file: Path, problems: list[Problem]) -> str | None:
    """Read a file of TOML; None where it cannot be read, which goes to ``problems``."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problems.append(Problem(file, "", f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(Problem(file, f"line {line}", "not UTF-8"))
    return None


def read_table(file: Path, text: str, problems: list[Problem]) -> dict[str, Any] | None:
    """Parse the text of a file of TOML; None where it is broken, which goes to ``problems``."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).partition(" (at ")
        lines = text.splitlines() or [""]
        if place.startswith("end of document"):
            place = f"line {len(lines)}, column {len(lines[-1]) + 1}"
        problems.append(Problem(file, place.rstrip(")"), f"broken TOML: {message}"))
    return None


_OF_ALL_THEIR_AFFAIRS = ("company", "affected")
"""Kinds whose lists hold everything that a body publishes: one row in hundreds is about an incident."""


def make_source(table: Table, origin: Origin, changed: Sequence[str] = ()) -> Source:
    """Make the record of a source from a declaration without mistakes.

    ``origin`` says whose it is, ``changed`` are the keys in which it changes another.
    """
    kind, of_set = table["kind"], table.get("set", "core")
    topic: Topic = "personal-data" if of_set == "radar" or kind in _OF_ALL_THEIR_AFFAIRS else "any"
    listing, fallback = table.get("listing"), table.get("fallback_listing")
    slowest, quiet, delay = table.get("slowest"), table.get("quiet_after"), table.get("delay")
    return Source(
        id=table["id"],
        name=table["name"],
        name_en=table.get("name_en", ""),
        kind=kind,
        start=tuple(table["start"]),
        every=seconds(table.get("every", "1h")),
        slowest=seconds(slowest) if slowest else None,
        quiet_after=seconds(quiet) if quiet else None,
        listing=None if listing is None else _listing_rules(listing, topic),
        page=_page_rules(table.get("page", {})),
        private=table.get("private", False),
        browser=table.get("browser", False),
        delay=None if delay is None else float(delay),
        note=table.get("note", ""),
        origin=origin,
        set=of_set,
        seen=table.get("seen", ""),
        fallback=tuple(table.get("fallback", ())),
        fallback_listing=None if fallback is None else _listing_rules(fallback, topic),
        overrides=tuple(changed),
    )


def _listing_rules(keys: Table, topic: Topic) -> ListingRules:
    expect, json_paths = keys.get("expect", {}), keys.get("json")
    return ListingRules(
        item=keys.get("item", ""),
        link=keys.get("link", "a"),
        title=keys.get("title"),
        date=keys.get("date"),
        follow=tuple(keys.get("follow", ())),
        more=keys.get("more"),
        expect=(expect.get("min", 1), expect.get("max")),
        label=keys.get("label"),
        links=keys.get("links", False),
        json=None if json_paths is None else JsonPaths(**json_paths),
        topic=keys.get("topic", topic),
        match=tuple(keys.get("match", ())),
        ignore=tuple(keys.get("ignore", ())),
        index=keys.get("index"),
    )


def _page_rules(keys: Table) -> PageRules:
    return PageRules(
        include=tuple(keys.get("include", ())),
        exclude=tuple(keys.get("exclude", ())),
        attachments=keys.get("attachments", False),
        encoding=keys.get("encoding"),
        offers=keys.get("offers"),
        watch_offers=keys.get("watch_offers", False),
    )
