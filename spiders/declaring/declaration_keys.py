"""What a declaration may say: its keys, what each may hold, and how a mistake is told.

Only what was not read before is held against this, see ``spiders.declarations``.
"""

from __future__ import annotations

import re
from datetime import date
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

from spiders.declaring.extending import DURATION, Table, Written, seconds
from spiders.mistakes import Problem
from spiders.transport.public_addresses import refuse_url
from storage.records import SourceKind, SourceSet, Topic
from storage.text.periods import fill, unit_of
from storage.text.table_keys import suggest_key

_MAX_PATTERN_CHARS = 300
# (a+)+ and its kin take exponential time on a hostile address.
_REPEATED_REPEAT = re.compile(r"\((?:[^()\\]|\\.)*(?<!\\)[+*}](?:[^()\\]|\\.)*\)[+*{]")


def find_mistakes(one: Written, table: Table) -> list[Problem]:
    """Find every mistake in a whole declaration, each at its place in its file."""
    try:
        Declaration.model_validate(table, context={"stem": None if one.where else one.file.stem})
    except ValidationError as error:
        places = ((wrong, f"{one.where}.{say_key(wrong['loc'])}".strip(".")) for wrong in error.errors())
        return [Problem(one.file, place, say_mistake(wrong, Declaration)) for wrong, place in places]
    return []


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


def _is_duration(value: Any) -> Any:
    if not isinstance(value, str) or not DURATION.fullmatch(value):
        raise ValueError('not a duration such as "30m", "1h" or "2d"')
    return value


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
Duration = Annotated[str, BeforeValidator(_is_duration)]


class _Table(BaseModel):
    # Strict: "yes" is no boolean and "5" no number. A misspelt key is a mistake, not a wish.
    model_config = ConfigDict(extra="forbid", strict=True, validate_default=True)


class ExpectKeys(_Table):
    """``listing.expect``: how many rows a healthy listing has; ``max`` None for any number."""

    min: Annotated[int, Field(ge=0)] = 1
    max: int | None = None


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


class PageKeys(_Table):
    """``[page]``: which part of a page is read, and what is fetched with it."""

    include: list[Selector] = []
    exclude: list[Selector] = []
    attachments: bool = False
    encoding: Annotated[str, AfterValidator(_codec)] | None = None
    offers: Selector | None = None
    watch_offers: bool = False


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
    every: Duration = "1h"
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
        if self.slowest is not None and seconds(self.slowest) < seconds(self.every):
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
