"""Source declarations: TOML in, ``Source`` records out, and every mistake at once with its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

from lxml.cssselect import CSSSelector
from lxml.etree import XPathSyntaxError
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from spiders.extending import Origin, Shelf, Unresolved, Written
from spiders.mistakes import DeclarationError, Problem
from spiders.transport.public_addresses import refuse_url
from storage.records import (
    SOURCE_SETS,
    JsonPaths,
    ListingRules,
    PageRules,
    Source,
    SourceKind,
    SourceSet,
    Topic,
)
from storage.text.periods import fill, unit_of
from storage.text.table_keys import suggest_key

BUNDLED = Path(__file__).parent / "sources"

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_MAX_PATTERN_CHARS = 300
# (a+)+ and its kin take exponential time on a hostile address.
_REPEATED_REPEAT = re.compile(r"\((?:[^()\\]|\\.)*(?<!\\)[+*}](?:[^()\\]|\\.)*\)[+*{]")


def load(
    paths: Iterable[Path] = (), *, bundled: bool = True, sets: Container[str] = SOURCE_SETS
) -> list[Source]:
    """Read the sources of these files and folders, bundled ones first; those of ``sets`` only.

    Raises DeclarationError, with every mistake in any of them.
    """
    sources, problems = _read(paths, bundled)
    if problems:
        raise DeclarationError(problems)
    return [source for source in sources if source.set in sets]


def read_declaration(text: str, **changes: str) -> Source:
    """Read one declaration that stands in no file; ``changes`` take the place of its keys.

    Raises DeclarationError, with every mistake in it.
    """
    problems: list[Problem] = []
    table = read_table(Path("declaration"), text, problems) or {}
    file = Path(f"{table.get('id')}.toml")
    source = None if problems else _source(Written(file, "", {}, "file"), {**table, **changes}, problems)
    if source is None:
        raise DeclarationError(problems)
    return source


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


def _read(paths: Iterable[Path], bundled: bool) -> tuple[list[Source], list[Problem]]:
    sources: list[Source] = []
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
        mine: list[Problem] = []
        source = _source(one, table, mine)
        # What is wrong in a declaration is told there, and not of everything that extends it.
        said = {(p.where.removeprefix(one.where).lstrip("."), p.message): p for p in mine}
        above = told.get((below and below.id) or "", frozenset()) if "extends" in one.table else ()
        told[one.id or ""] = said.keys()
        problems += [problem for key, problem in said.items() if key not in above]
        if source:
            sources.append(replace(source, overrides=shelf.changed(one)))
    return sources, problems


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


def _source(one: Written, table: dict[str, Any], problems: list[Problem]) -> Source | None:
    try:
        declaration = Declaration.model_validate(
            table, context={"stem": None if one.where else one.file.stem}
        )
    except ValidationError as error:
        places = ((wrong, f"{one.where}.{say_key(wrong['loc'])}".strip(".")) for wrong in error.errors())
        problems.extend(Problem(one.file, place, say_mistake(wrong, Declaration)) for wrong, place in places)
        return None
    return declaration.source(one.origin)


# --- what a key may hold ---------------------------------------------------------------------


def _selector(css: str) -> str:
    try:
        CSSSelector(css, translator="html")
    # cssselect's errors are SyntaxErrors and RuntimeErrors (a::text); lxml's own are XPathSyntaxErrors.
    except (SyntaxError, RuntimeError, XPathSyntaxError) as error:
        raise ValueError(f"not a CSS selector: {error}") from None
    return css


def _pattern(pattern: str) -> str:
    if len(pattern) > _MAX_PATTERN_CHARS:
        raise ValueError(f"longer than {_MAX_PATTERN_CHARS} characters")
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    if _REPEATED_REPEAT.search(pattern):
        raise ValueError("repeats a group that repeats inside: a hostile address could take forever")
    return pattern


def _seconds(value: Any) -> int:
    match = re.fullmatch(r"([1-9]\d{0,4})([smhdw])", value) if isinstance(value, str) else None
    if not match:
        raise ValueError('not a duration such as "30m", "1h" or "2d"')
    return int(match[1]) * _SECONDS[match[2]]


def _codec(name: str) -> str:
    try:
        b" ".decode(name)  # of no bytes at all Python asks no codec
    except LookupError:
        raise ValueError(f"Python knows no text encoding {name!r}") from None
    return name


def _address(url: str, info: ValidationInfo) -> str:
    unit_of(url)
    if reason := refuse_url(fill(url, date(2026, 1, 1)), private=bool(info.data.get("private"))):
        raise ValueError(reason)
    return url


def _file_name(name: str, info: ValidationInfo) -> str:
    stem = info.context["stem"] if info.context else None
    if stem is not None and name != stem:  # of many in a file, each has an id of its own
        raise ValueError(f"must be the file's name, {stem!r}")
    return name


def _reason_if_empty(note: str, info: ValidationInfo) -> str:
    if info.data.get("start") == [] and not note.strip():
        raise ValueError("a source without an address in start needs a note that says what is known")
    return note


Text = Annotated[str, Field(min_length=1)]
Selector = Annotated[Text, AfterValidator(_selector)]
Pattern = Annotated[Text, AfterValidator(_pattern)]
Duration = Annotated[int, BeforeValidator(_seconds)]


class _Table(BaseModel):
    # Strict: "yes" is no boolean and "5" no number. A misspelt key is a mistake, not a wish.
    model_config = ConfigDict(extra="forbid", strict=True, validate_default=True)


class ExpectKeys(_Table):
    """``listing.expect``: how many rows a healthy listing has; ``max`` None for any number."""

    min: Annotated[int, Field(ge=0)] = 1
    max: int | None = None

    def pair(self) -> tuple[int, int | None]:
        """Return the bounds as a record carries them: (least, most or None)."""
        return self.min, self.max


def _ordered(expect: ExpectKeys) -> ExpectKeys:
    if expect.max is not None and expect.max < expect.min:
        raise ValueError(f"max {expect.max} is less than min {expect.min}")
    return expect


def _path(expression: str) -> str:
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        jmespath.compile(expression)
    except JMESPathError as error:
        raise ValueError(f"not a JMESPath: {str(error).splitlines()[0]}") from None
    return expression


JmesPath = Annotated[Text, AfterValidator(_path)]


class JsonKeys(_Table):
    """``listing.json``: JMESPath expressions for the items, and within an item for the parts of its row."""

    items: JmesPath
    url: JmesPath
    title: JmesPath
    date: JmesPath | None = None
    label: JmesPath | None = None

    def paths(self) -> JsonPaths:
        """Make the record of these expressions."""
        return JsonPaths(self.items, self.url, self.title, self.date, self.label)


class ListingKeys(_Table):
    """``[listing]``: where the rows of a page of links are, and which of them are followed."""

    item: Selector | None = None
    link: Selector = "a"
    title: Selector | None = None
    date: Selector | None = None
    label: Selector | None = None
    follow: list[Pattern] = []
    more: Selector | None = None
    expect: Annotated[ExpectKeys, AfterValidator(_ordered)] = ExpectKeys()
    json_: Annotated[JsonKeys | None, Field(alias="json")] = None
    links: bool = False
    topic: Topic | None = None
    match: list[Text] = []
    ignore: list[Text] = []
    index: Selector | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.json_ is not None) + (self.item is not None) + self.links > 1:
            raise ValueError("item, json and links say different ways to find the rows: keep one")
        html_only = [key for key in ("title", "date", "label") if getattr(self, key)]
        html_only += ["more"] if self.more and not self.links else []
        if self.item is None and html_only:
            raise ValueError(f"{', '.join(html_only)}: read in HTML only, which wants an item")
        return self

    def rules(self, topic: Topic) -> ListingRules:
        """Make the record of these keys; ``topic`` is the source's, for a listing that states none."""
        return ListingRules(
            item=self.item or "",
            link=self.link,
            title=self.title,
            date=self.date,
            follow=tuple(self.follow),
            more=self.more,
            expect=self.expect.pair(),
            label=self.label,
            links=self.links,
            json=self.json_.paths() if self.json_ else None,
            topic=self.topic or topic,
            match=tuple(self.match),
            ignore=tuple(self.ignore),
            index=self.index,
        )


class PageKeys(_Table):
    """``[page]``: which part of a page is read, and what is fetched with it."""

    include: list[Selector] = []
    exclude: list[Selector] = []
    attachments: bool = False
    encoding: Annotated[str, AfterValidator(_codec)] | None = None
    offers: Selector | None = None
    watch_offers: bool = False

    def rules(self) -> PageRules:
        """Make the record of these keys."""
        return PageRules(
            include=tuple(self.include),
            exclude=tuple(self.exclude),
            attachments=self.attachments,
            encoding=self.encoding,
            offers=self.offers,
            watch_offers=self.watch_offers,
        )


_OF_ALL_THEIR_AFFAIRS = ("company", "affected")
"""Kinds whose lists hold everything that a body publishes: one row in hundreds is about an incident."""

_OF_THE_FIRST_LIST = frozenset({"topic", "match", "ignore"})
"""Keys of a listing that say what is followed, wherever it stands."""


class Declaration(_Table):
    """The keys of a file. ``private`` and ``start`` come before the keys that are judged by them."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$"), AfterValidator(_file_name)]
    name: Text
    name_en: str = ""
    kind: SourceKind
    private: bool = False
    browser: bool = False
    start: list[Annotated[str, AfterValidator(_address)]]
    every: Duration = "1h"  # type: ignore[assignment]  # validated, like what a file says
    slowest: Duration | None = None
    quiet_after: Duration | None = None
    delay: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] | None = None
    note: Annotated[str, AfterValidator(_reason_if_empty)] = ""
    set: SourceSet = "core"
    seen: str = ""
    fallback: list[Annotated[str, AfterValidator(_address)]] = []
    extends: Text | None = None
    base: Text | None = None
    listing: ListingKeys | None = None
    fallback_listing: ListingKeys | None = None
    page: PageKeys = PageKeys()

    @model_validator(mode="after")
    def _of_a_list(self) -> Self:
        if self.slowest is not None and self.slowest < self.every:
            raise ValueError("slowest is how long a start page may wait at the most, and every is longer")
        if self.fallback and self.listing is None:
            raise ValueError("fallback stands in for a list, and this source has no listing")
        if self.fallback_listing is not None:
            if not self.fallback:
                raise ValueError(
                    "fallback_listing says how the lists in fallback are read, and there are none"
                )
            of_first = sorted(self.fallback_listing.model_fields_set & _OF_THE_FIRST_LIST)
            if of_first:
                raise ValueError(
                    f"fallback_listing: {', '.join(of_first)} of the listing hold for its fallback too"
                )
            if self.fallback_listing.more or self.fallback_listing.index:
                raise ValueError(
                    "fallback_listing: a list in place of another is one page, without more and index"
                )
        return self

    def source(self, origin: Origin) -> Source:
        """Make the record of a source from the checked keys; ``origin`` says whose declaration it is."""
        narrow = self.set == "radar" or self.kind in _OF_ALL_THEIR_AFFAIRS
        topic: Topic = "personal-data" if narrow else "any"
        return Source(
            id=self.id,
            name=self.name,
            name_en=self.name_en,
            kind=self.kind,
            start=tuple(self.start),
            every=self.every,
            slowest=self.slowest,
            quiet_after=self.quiet_after,
            listing=self.listing.rules(topic) if self.listing else None,
            page=self.page.rules(),
            private=self.private,
            browser=self.browser,
            delay=self.delay,
            note=self.note,
            origin=origin,
            set=self.set,
            seen=self.seen,
            fallback=tuple(self.fallback),
            fallback_listing=self.fallback_listing.rules(topic) if self.fallback_listing else None,
        )


# --- how mistakes are told -------------------------------------------------------------------


def say_key(location: tuple[int | str, ...]) -> str:
    """Write the place of a key as people do: ``listing.follow[2]``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")


def say_mistake(error: Any, model: type[BaseModel]) -> str:
    """Say in plain words what pydantic found wrong; of an unknown key which of ``model`` may be meant."""
    kind, message = error["type"], str(error["msg"])
    if kind == "extra_forbidden":
        meant = suggest_key(model, error["loc"])
        return f"unknown key{f', did you mean {meant}?' if meant else ''}"
    if kind == "missing":
        return "missing"
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        return f"must be one of {', '.join(known)}, not {error['input']!r}"
    if kind == "string_pattern_mismatch":
        return "may hold lower-case letters, digits, - and _ only"
    message = message.removeprefix("Value error, ").replace("Input should be", "must be")
    return message.replace("a valid tuple", "a list").replace("a valid list", "a list")
