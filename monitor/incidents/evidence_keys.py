"""What of a notice others may share, as keys that are equal for what is the same.

    profile of a notice -> keys (phone, party, day, link, …) -> an index finds who else holds them

Names are folded, without corporate form, in every spelling that the text itself calls the same
(以下「X」, 旧X). Which keys say much and which nothing is weighed in monitor.incidents.suggest.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from storage.records import THIRD_PARTIES, EvidenceKey, Fact, SourceKind
from storage.text import body_names
from storage.text.fold import fold
from storage.text.urls import place

LARGE_COUNT = 1000  # below, two incidents often share a count by chance
MAX_KEYS_OF_A_KIND = 60
"""A page that names hundreds of bodies or leads to hundreds of pages is evidence for none of them."""

MAX_COUNTS = 2_000
"""Of large counts: a table with a row for each of the 1,741 municipalities of Japan is kept whole."""


@dataclass(frozen=True, slots=True)
class NoticeProfile:
    """A notice as far as linking looks at it."""

    notice: int
    source: str  # id of its source
    url: str
    title: str
    text: str
    published: date | None = None
    facts: Sequence[Fact] = ()
    links: Sequence[str] = ()
    publisher: str = ""  # the name of its source
    kind: SourceKind = "affected"  # of its source
    files: Sequence[str] = ()  # SHA-256 of its attachments


PARTS = frozenset({"processor", "sub-processor", "staffing agency"})
"""Parts in which a body is what the notices of an incident have in common; its clients are many."""
CAUSES = {
    **dict.fromkeys(
        ("ransomware", "web-skimming", "malware", "phishing", "unauthorised access"), "unauthorised access"
    ),
    **dict.fromkeys(("misdirected", "misconfiguration"), "misdirected"),
    **dict.fromkeys(("theft", "loss"), "loss"),
    **{same: same for same in ("insider misuse", "failure to erase")},
}
"""Causes by kind: what one notice calls an attack by ransomware is unauthorised access in another."""
_LOCAL = frozenset(("municipality", "prefecture"))
_NO_BODY = _LOCAL | {"agency"}
"""Whose names say nothing, since they stand in notices of every incident."""
NAMES = ("publisher", "party", "contractor", "named")
"""Kinds of keys that are names: by whom, of whose part in it, what stands where a contractor's name stands
and nobody else may know as one, and of any body besides."""


def list_keys(profile: NoticeProfile) -> frozenset[EvidenceKey]:
    """Make the keys of a notice."""
    return frozenset(_keys(profile))


def _keys(profile: NoticeProfile) -> Iterator[EvidenceKey]:
    yield "address", address_key(profile.url)
    yield from (("file", digest) for digest in profile.files)
    title = title_key(profile.title)
    if title:
        yield "title", title
    links = dict.fromkeys(address_key(url) for url in profile.links)
    yield from (("link", link) for link in list(links)[:MAX_KEYS_OF_A_KIND])
    quoted = dict.fromkeys(map(title_key, _QUOTED.findall(profile.text)))
    yield from (("quoted", said) for said in list(quoted)[:MAX_KEYS_OF_A_KIND])
    yield from _keys_of_facts(profile)
    if profile.kind not in (*THIRD_PARTIES, "regulator"):
        yield from (("publisher", name) for name in list_names(body_names.publisher_name(profile.publisher)))
    contractors = map(name_key, _CONTRACTOR.findall(profile.text))
    yield from (
        ("contractor", name) for name in list(dict.fromkeys(contractors))[:MAX_KEYS_OF_A_KIND] if name
    )
    yield from (("names", f"{one}\t{other}") for one, other in _same_bodies(profile))
    yield from (("band", band) for band in list_bands(profile.title + profile.text[:OPENING_CHARS]))


def _keys_of_facts(profile: NoticeProfile) -> Iterator[EvidenceKey]:
    stated = [fact for fact in profile.facts if not {"denied", "not included"} & {*fact.qualifiers}]
    counts: dict[str, None] = {}
    for fact in stated:
        said = str(fact.value)
        match fact.field:
            case "phone":  # what an authority gives is its own number, which those who report may repeat
                yield "office" if profile.kind == "regulator" else "phone", phone_key(said)
            case "count" if isinstance(fact.value, int) and fact.value >= LARGE_COUNT:
                counts[said] = None
            case "date" if fact.role in ("occurred", "discovered") and len(said) == len("2024-01-24"):
                yield "day", said
                if fact.role == "occurred":
                    yield "occurred", said
            case "cause" if said in CAUSES:
                yield "cause", CAUSES[said]
    yield from (("count", said) for said in list(counts)[:MAX_COUNTS])
    yield from _keys_of_names(profile, stated)


def _keys_of_names(profile: NoticeProfile, stated: Sequence[Fact]) -> Iterator[EvidenceKey]:
    others = {frozenset(pair) for pair in _same_bodies(profile)}
    parties = _with_other_names(_parties(stated), others)
    yield from (("party", name) for name in parties)
    named = dict.fromkeys(
        name
        for fact in stated
        if fact.field == "organisation" and fact.role not in _NO_BODY
        for name in _names_of(fact)
    )
    named_besides = _with_other_names(list(named)[:MAX_KEYS_OF_A_KIND], others)
    yield from (("named", name) for name in named_besides if name not in parties)
    local = _names_in(stated, _LOCAL)
    yield from (("local", name) for name in list(local)[:MAX_KEYS_OF_A_KIND] if name not in parties)


def _names_in(facts: Iterable[Fact], roles: Container[str]) -> dict[str, None]:
    """List the names of bodies of some roles, each once."""
    bodies = (fact for fact in facts if fact.field == "organisation" and fact.role in roles)
    return dict.fromkeys(name for fact in bodies for name in _names_of(fact))


# 業務を委託しているXが, 委託先であるXにおいて: only another notice says whether it is a body.
_CONTRACTOR = re.compile(
    r"委託(?:先|元|業者|事業者|会社)?(?:し(?:て(?:い|お)(?:る|た|ります|りました)|た)|である|の|、)"
    r"(?:株式会社)?((?:[ぁ-ん]{2,6}[一-龥ァ-ヴーA-Za-z0-9]{2}|[一-龥ァ-ヴーA-Za-z0-9]{4})"
    r"[一-龥ァ-ヴーA-Za-z0-9・々]{0,26})(?:株式会社)?(?=[がはにのよかへをでと、（(])"
)


def _parties(facts: Iterable[Fact]) -> list[str]:
    """List the bodies whose part in it a notice tells, and on whom an authority acts."""
    found: dict[str, None] = {}
    aliases = {str(fact.value): _names_of(fact) for fact in facts if fact.field == "organisation"}
    for fact in facts:
        of = "respondent:" if fact.field == "action" else "organisation:"
        if fact.field == "action" or (fact.field == "role" and fact.value in PARTS):
            for said in fact.qualifiers:
                if said.startswith(of):
                    name = said.removeprefix(of)
                    found.update(dict.fromkeys(aliases.get(name) or [name_key(name)]))
    found.pop("", None)
    return list(found)[:MAX_KEYS_OF_A_KIND]


def _names_of(fact: Fact) -> list[str]:
    """List the name of a body as it is called here, and as what it stands for."""
    said = [str(fact.value)]
    said += [q.partition(":")[2] for q in fact.qualifiers if q.startswith("alias-of:")]
    return [key for key in dict.fromkeys(map(name_key, said)) if key]


def _with_other_names(names: Iterable[str], pairs: set[frozenset[str]]) -> list[str]:
    found = dict.fromkeys(names)
    for name in list(found):
        found.update(dict.fromkeys(other for pair in pairs if name in pair for other in sorted(pair)))
    return list(found)


_FORMER = re.compile(
    r"[(（]\s*(?:(?P<old>旧(?:社名|商号|名称|会社名)?)|現(?:社名|商号|在)?|新(?:社名|商号))\s*[:：・、]?\s*"
    r"(?P<name>[^()（）、。\n]{2,30})[)）]"
)


def _same_bodies(profile: NoticeProfile) -> Iterator[tuple[str, str]]:
    """Find pairs of names that the notice says are of one body: X（旧Y）, and X, 以下「Y」."""
    bodies = [fact for fact in profile.facts if fact.field == "organisation"]
    for fact in bodies:
        if len(names := _names_of(fact)) == 2:
            yield min(names), max(names)
    for match in _FORMER.finditer(profile.text):
        before = profile.text[max(0, match.start() - 40) : match.start()].rstrip("」』 ")
        owners = [str(fact.value) for fact in bodies if before.endswith((fact.raw, str(fact.value)))]
        one, other_name = name_key(max(owners, key=len, default="")), name_key(match["name"])
        if one and other_name and one != other_name:
            yield min(one, other_name), max(one, other_name)


# --- spellings ------------------------------------------------------------------------------

_GENERIC = re.compile(
    r"""
    (?: [当弊同本貴両各該] )? (?:
        [都道府県市区町村省庁社] | 市町村 | 市区町村 | 自治体 | 地方公共団体 | 団体
      | 会社 | 企業 | 法人 | 組合 | 協会 | 機構 | 財団 | 連合会 | 学校 | 大学 | 病院 | 銀行
      | 委員会 | センター | グループ | 事業者 | 業者 | 代表者 | 担当者
      | [a-z甲乙丙丁]社 | .*(?:委託先|委託元|受託者|請負).* | [都道府県市区町村]?役[所場] | 株式 | 有限 | 合同
    )
    """,
    re.VERBOSE,
)
_ALSO = re.compile(
    r"(?:以下、?|旧(?:社名|商号|名称|会社名)?|現(?:社名|商号|在)?|新(?:社名|商号)|通称|略称)\s*[:：・、]?\s*[「『]?"
    r"(?P<name>[^「」『』()（）、。\s]{2,30})"
)


@lru_cache(8192)
def name_key(name: str) -> str:
    """Fold a body's name without corporate form and brackets; nothing where it says not which body it is."""
    from monitor.facts.organisations.by_form import is_plain  # its lists take long to load

    key = body_names.name_key(name)
    return "" if not key or _GENERIC.fullmatch(key) or is_plain(body_names.plain_name(name)) else key


def list_names(said: str) -> list[str]:
    """List the keys of a body that is written as people write it: X株式会社（以下「Y」）, X（旧Z）."""
    spelled = [said, *(match["name"] for match in _ALSO.finditer(said))]
    return [key for key in dict.fromkeys(map(name_key, spelled)) if key]


def phone_key(said: str) -> str:
    """Write a telephone number in digits only, a foreign spelling as it is dialled at home."""
    digits = re.sub(r"\D", "", fold(said).replace("+81", "0").replace("(0)", ""))
    return re.sub(r"\A00", "0", digits)


@lru_cache(8192)
def address_key(url: str) -> str:
    """Return what is equal for all spellings of an address: scheme, www and final slash aside."""
    return re.sub(r"\Awww\.", "", place(url))[:500]


_QUOTED = re.compile(
    r"[「『](?=[^「」『』\n]{12,160}[」』])([^「」『』\n]*?"
    r"(?:について|お知らせ|お詫び|おわび|ご報告|の件|公表|漏えい|漏洩|流出)[^「」『』\n]{0,20})[」』]"
)


def title_key(title: str) -> str:
    """Fold a title."""
    return fold(title)[:300]


# --- wording ----------------------------------------------------------------------------------

OPENING_CHARS = 600
BANDS, ROWS = 8, 3
"""Two texts of which a half of all fours are the same share about one of the bands, of nine tenths six."""


def list_bands(text: str) -> list[str]:
    """Sketch a text by hashes: the more of them two texts share, the more alike is their wording.

    Each four of characters falls into one of 24 bins; of each bin the smallest hash is kept, and three bins
    make a band (MinHash with one permutation).
    """
    folded = fold(text)
    least = [0xFFFFFFFF] * (BANDS * ROWS)
    crc32 = zlib.crc32
    said = [one.encode("utf-8", "surrogatepass") for one in folded]
    for four in zip(said, said[1:], said[2:], said[3:], strict=False):
        hashed = crc32(b"".join(four))
        at = hashed % (BANDS * ROWS)
        if hashed < least[at]:
            least[at] = hashed
    return [
        f"{band}:{zlib.crc32(repr(some).encode()):08x}"
        for band in range(BANDS)
        if 0xFFFFFFFF not in (some := least[band * ROWS : (band + 1) * ROWS])
    ]
