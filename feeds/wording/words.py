"""How values are said in Japanese and English, with the words of ``tables``.

An English value stands beside the publisher's own wording, never instead of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from feeds.wording.sanitise import one_line
from feeds.wording.tables.change_words import KINDS, REASONS, WEIGHTS
from feeds.wording.tables.count_words import AMOUNTS, LIMITS, QUALIFIERS, UNITS, UNSAID
from feeds.wording.tables.fact_words import ASIDES, FIELDS, LAWS, OF_FIELDS, PEOPLE
from feeds.wording.tables.incident_words import BODIES, EVIDENCE, INCIDENT_FIELDS, MISTAKES
from feeds.wording.tables.source_words import DETAILS, OUTCOMES, SOURCE_KINDS
from feeds.wording.tables.terminal_words import COUNTED, SENTENCES
from storage.records import Fact
from storage.text.japanese import JST, kanji_number, parse_date
from storage.text.patterns import pattern_of
from storage.text.wording import of_people, wording

LANGUAGES = ("ja", "en")


_ISO_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?")
_PROVISION = pattern_of(r"(.+?) (\d+)((?:の\d+|-\d+)*)(?:\((\d+)\))?")
_WORDS, _UNIT = ("|".join(sorted(table, key=len, reverse=True)) for table in (QUALIFIERS, UNITS))
_GROUPED = pattern_of(r"(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d+)?")
_COUNT = pattern_of(
    rf"(?P<words>(?:(?:{_WORDS})、?)*)(?P<number>[\d,.]+(?:億[\d,.]*)?(?:万[\d,.]*)?(?:千)?)"
    rf"の?(?P<unit>{_UNIT})様?分?(?P<limit>{'|'.join(LIMITS)})?"
)


def word(table: dict[str, tuple[str, str]], term: str, lang: str) -> str:
    """Say a term in the reader's language; an unknown one as it stands."""
    pair = table.get(term)
    return term if pair is None else pair[lang == "en"]


def phrase(table: dict[str, tuple[str, str]], name: str, lang: str, *words: object) -> str:
    """Say a sentence of a table, with ``words`` where it has braces."""
    return word(table, name, lang).format(*words)


def sentence(english: str, lang: str, *words: object) -> str:
    """Say a sentence of the command line, which is written in English where it is said."""
    said = english if lang == "en" else SENTENCES.get(english, english)
    return said.format(*words)


def count_things(number: int, thing: str, lang: str) -> str:
    """Count things of the command line: ``2 changes``, ``変更2件``."""
    return say_count(number, thing) if lang == "en" else COUNTED[thing].format(number)


def count_outcome(outcome: str, count: int, lang: str) -> str:
    """Count what came of visits: in English by the word of the contract, ``2 same-bytes``, or 変更なし 2."""
    return f"{count} {outcome}" if lang == "en" else f"{word(OUTCOMES, outcome, lang)} {count}"


def say_detail(detail: str, lang: str) -> str:
    """Say the detail of an alert, which is on record in English; the words of servers and programs stay."""
    if lang == "en":
        return detail
    found = ((re.fullmatch(pattern, detail), said) for pattern, said in DETAILS.items())
    return next((said.format(*match.groups()) for match, said in found if match), detail)


def say_mistake_of_incident(where: str, message: str, lang: str) -> str:
    """Say what is wrong in which key of an incident, such as ``roster[0].kind``; rows are counted from 1."""
    parts = re.findall(r"[^.\[\]]+", where.replace("].name", "].body"))
    said = [
        phrase(AMOUNTS, "row", lang, int(part) + 1) if part.isdigit() else word(INCIDENT_FIELDS, part, lang)
        for part in parts
    ]
    known = next((name for name in MISTAKES if name in message), message)
    return ": ".join(filter(None, (" ".join(said), word(MISTAKES, known, lang))))


def join_words(values: Iterable[str], lang: str, english: str = ", ") -> str:
    """Join what is listed in a sentence, by ``english`` on English pages."""
    return (english if lang == "en" else "、").join(values)


def say_evidence(said: str, lang: str) -> str:
    """Say evidence such as ``same count: 9,280,000`` by its kind; what it names stands as it is."""
    kind, colon, what = said.partition(": ")
    if kind == "same cause":
        what = say("cause", what, lang)
    return word(EVIDENCE, kind, lang) + colon + what


def field_name(field: str, value: str | None, lang: str) -> str:
    """Name a field: a count of people is called so, a count of records is a count."""
    if field == "count" and value and of_people(value):
        return PEOPLE[lang == "en"]
    return word(FIELDS, field, lang)


@lru_cache(8192)  # headline, summary and list of facts say the same
def say(field: str, value: str, lang: str) -> str:
    """Say a fact's value for people."""
    said = _japanese(field, value)
    english = _english(field, value) if lang == "en" else None
    if field in ("date", "deadline"):  # of which only the day is on record, not how it was worded
        return english or said
    return f"{english} ({said})" if english else said


def say_text_value(field: str, value: str, lang: str) -> str:
    """Say a value as the publisher words it, in English behind what it means where that is sure."""
    if lang == "ja":
        return value
    day = parse_date(value) if field in ("date", "deadline") else None
    english = say_date(day, lang) if day else _english_count(value) if field == "count" else None
    return f"{english} ({value})" if english else value


def quote_facts(facts: Iterable[Fact], lang: str) -> list[str]:
    """Quote facts as the publisher words them, each once, widths and spaces aside.

    In English also what is worded alike and means another year or law.
    """
    once: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        said = "".join(unicodedata.normalize("NFKC", fact.raw).split())
        once.setdefault((said, wording(fact) if lang == "en" else ""), fact)
    return [_quote_fact(fact, lang) for fact in once.values()]


def _quote_fact(fact: Fact, lang: str) -> str:
    raw = one_line(fact.raw)
    english = _english(fact.field, wording(fact)) if lang == "en" else None
    return f"{english} ({raw})" if english else raw


def _english(field: str, value: str) -> str | None:
    """Say a value in English, where there is a way to say it."""
    if field == "count":
        return UNSAID.get(value) or _english_count(value)
    if field in ("date", "deadline"):
        return _day(value, "en")
    if field == "provision":
        found = _PROVISION.fullmatch(value)
        return value if found and found[1] in LAWS else None
    if field == "step":
        return value.replace("-", " ").replace("ppc", "the Commission") if _term(field, value) else None
    return value if _term(field, value) else None


def _japanese(field: str, value: str) -> str:
    if field in ("date", "deadline"):
        return _day(value, "ja") or value
    if field == "provision":
        return _provision(value)
    return _term(field, value) or value


def _day(value: str, lang: str) -> str | None:
    """Say a day, or a month where only that is known."""
    found = _ISO_DATE.fullmatch(value)
    if not found:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if lang == "ja":
        return f"{year}年{month}月" + (f"{day}日" if day else "")
    return f"{day} {_MONTHS[month]} {year}" if day else f"{_MONTHS[month]} {year}"


def _term(field: str, value: str) -> str | None:
    """Say a value as kohyo calls it in Japanese, where it has a word of its own for it."""
    item, _, aside = value.removesuffix(")").partition(" (")
    if field == "report" and (number := item.removeprefix("report ")) != item:
        return f"第{number}報"
    said = OF_FIELDS.get(field, {}).get(item)
    return f"{said}({ASIDES[aside][0]})" if said and aside in ASIDES else said


def _provision(value: str) -> str:
    """Say ``APPI 148(1)`` as 個人情報保護法第148条第1項."""
    found = _PROVISION.fullmatch(value)
    if not found:
        return value
    law, article, branch, paragraph = found.groups()
    return f"{LAWS.get(law, law)}第{article}条{branch}" + (f"第{paragraph}項" if paragraph else "")


def say_condition(name: str, value: str, lang: str) -> str:
    """Say what a condition asks for, as the fields of the form call it."""
    if name in ("action", "outcome", "step"):
        return (_english(name, value) or value) if lang == "en" else OF_FIELDS[name].get(value, value)
    tables = {"publisher": SOURCE_KINDS, "kind": KINDS, "reason": REASONS, "material": WEIGHTS}
    return word(tables.get(name, {}), value, lang)


def say_body(kind: str, lang: str) -> str:
    """Say the kind of a body in an incident's roster."""
    return kind if lang == "en" else BODIES.get(kind.partition(" (")[0], kind)


def _english_count(value: str) -> str | None:
    found = _count(value)
    if not found:
        return None
    said, number = found
    words = [QUALIFIERS[one] for one in re.findall(_WORDS, said["words"])]
    limit = [LIMITS[said["limit"]]] if said["limit"] else []
    return " ".join([*words, say_count(number, UNITS[said["unit"]]), *limit])


def say_count(number: int, noun: str) -> str:
    """Say a number of things: ``1 company``, ``69 companies``."""
    if number == 1:
        return f"1 {noun}"
    if noun == "person":
        noun = "people"
    elif noun.endswith("y") and noun[-2] not in "aeiou":
        noun = noun.removesuffix("y") + "ies"
    else:
        noun += "es" if noun.endswith(("s", "ch")) else "s"
    return f"{number:,} {noun}"


def say_days(days: int | None, lang: str) -> str:
    """Say how many days lie between two; nothing where that is not known."""
    if days is None:
        return ""
    if days == 0:
        return "same day" if lang == "en" else "同日"
    return say_count(days, "day") if lang == "en" else f"{days}日"


@lru_cache(4096)
def magnitude(value: str) -> int:
    """Count the people or records that a count states; 0 where it counts firms or anything else."""
    found = _count(value, whole=False)
    return found[1] if found and UNITS[found[0]["unit"]] in ("person", "record") else 0


def _count(value: str, *, whole: bool = True) -> tuple[re.Match[str], int] | None:
    """Read the words of a count and its number.

    None for 1.2.3万, 1,2,3人 or 2.5人, which nobody should dare to translate.
    """
    text = unicodedata.normalize("NFKC", value).replace(" ", "")
    found = _COUNT.fullmatch(text) if whole else _COUNT.search(text)
    try:
        return (found, _number(found["number"])) if found else None
    except ValueError:
        return None


def _number(text: str) -> int:
    """Read 928万 as 9,280,000 and 7.2万 as 72,000. Raises ValueError for what is no whole number."""
    value = kanji_number(text) if all(map(_GROUPED.fullmatch, re.split("[億万千]", text))) else None
    if not isinstance(value, int):
        raise ValueError(text)
    return value


_MONTHS = (
    "", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def say_date(day: date | None, lang: str) -> str:
    """Say a civil date in Japan."""
    return say("date", day.isoformat(), lang) if day else ""


def say_span(seconds: float, lang: str) -> str:
    """Say a length of time by its two largest units, as far as the second is a whole one."""
    left = round(seconds)
    parts: list[str] = []
    for size, ja, en in _SPANS:
        count, left = divmod(left, size)
        if count and len(parts) < 2:
            parts.append(f"{count} {en if count > 1 else en[:-1]}" if lang == "en" else f"{count}{ja}")
        elif parts:
            break
    return (" " if lang == "en" else "").join(parts) or ("0 minutes" if lang == "en" else "0分")


_SPANS = (
    (86_400, "日", "days"), (3_600, "時間", "hours"), (60, "分", "minutes"), (1, "秒", "seconds"),
)  # fmt: skip


@lru_cache(4096)
def say_time(moment: datetime | None, lang: str) -> str:
    """Say a moment on the wall clock of Japan, where everything watched happens."""
    if moment is None:
        return ""
    local = moment.astimezone(JST)
    return f"{say_date(local.date(), lang)} {local:%H:%M}" + (" JST" if lang == "en" else "")
