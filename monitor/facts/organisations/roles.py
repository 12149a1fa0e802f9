"""Which part a body plays in the processing: 委託元, 委託先, 再委託先, 派遣元, 派遣先, 名簿業者."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from monitor.facts.sheet import Sheet, select_within
from storage.records import Fact
from storage.text.patterns import pattern_of

_ROLE = pattern_of(
    r"""
    (?=[再業委受ク派人名オ])
    (?: (?P<sub_processor>再々?委託先(?:業者|事業者|企業|会社)?|再受託(?:者|事業者)?)  # 再委託先
      | (?P<processor>(?<!再)(?<!々)(?:業務)?委託先(?:業者|事業者|企業|会社)?  # 業務委託先
          | 委託業者 | 委託事業者 | 委託会社
          | 受託(?:者|業者|事業者|会社|企業))  # 受託会社
      | (?P<controller>委託元(?:企業|事業者|会社)?|委託者|クライアント企業)  # 委託元
      | (?P<agency>派遣元(?:企業|会社)?|人材派遣会社)  # 派遣元
      | (?P<host>派遣先(?:企業|会社)?)  # 派遣先
      | (?P<list_broker>名簿業者|名簿屋|名簿販売業者|名簿会社|オプトアウト届出事業者)  # 名簿業者
    )
    """,
    re.VERBOSE,
    begins="オプ クラ 人材 再々 再受 再委 受託 名簿 委託 業務 派遣",
)
_NAMES = {"sub processor": "sub-processor", "agency": "staffing agency"}
_JOINT = pattern_of(r"(?:である|の|は、?|:|\||「|\(|=|\s|さんの|となる|\)|」|で、?)*\Z")


def find_roles(sheet: Sheet, organisations: Sequence[Fact] = ()) -> list[Fact]:
    """Find every mention of a role.

    ``organisation:`` names the body beside it (委託先のX, X(委託先)), one of ``organisations``, which come in
    order.
    """
    found = []
    for match in _ROLE.finditer(sheet.text):
        value = str(match.lastgroup).replace("_", " ")
        body = _beside(sheet, match, organisations)
        found.append(
            sheet.fact(
                "role",
                _NAMES.get(value, value),
                match.start(),
                match.end(),
                qualifiers=(f"organisation:{body}",) if body else (),
            )
        )
    told = {q.partition(":")[2] for fact in found for q in fact.qualifiers}
    return [*found, *_by_verb(sheet, organisations, told)]


# What the words before or behind a body say of its part.
_BEFORE = (
    (
        "sub-processor",
        pattern_of(r"再委託(?:して(?:い|お)(?:る|た|ります)|した|された)[^。、]{0,10}\Z"),
    ),
    (
        "processor",
        pattern_of(
            r"""
              (?<!再)委託(?:して|を行って)(?:い|お)(?:る|た|ります)[^。、]{0,8}\Z     # 業務を委託しているX
            | (?<!再)委託(?:した|する)[^。、]{0,6}\Z
            # 業務を受託するX
            | (?:を|の)(?:受託(?:して(?:い|お)る|する|した)|請け負(?:う|った|っている))[^。、]{0,6}\Z
            | (?:システム|サービス|クラウド|サイト|サーバー?|ソフト)[^。、]{0,10}を
              # システムを提供するX
              (?:提供|運営|開発|保守|運用|管理)(?:して(?:い|お)る|する|した)[^。、]{0,4}\Z
            | の(?:保守|運用|開発|管理)(?:業務)?を(?:担う|担当する|担って(?:い|お)る|行う)[^。、]{0,4}\Z
            """,
            re.VERBOSE,
        ),
    ),
    ("controller", pattern_of(r"(?:を|業務の)委託(?:元の|した側の|者である)[^。、]{0,4}\Z")),
)
_BEHIND = (
    ("sub-processor", pattern_of(r"(?:に|へ)[^。、]{0,24}再委託(?:し|して|され)")),
    (
        "processor",
        pattern_of(
            r"(?:に|へ)(?:対し)?[^。、]{0,24}(?<!再)(?:委託(?:し|して|を)|任せ|外注|発注(?:し|して)"
            r"|依頼していた|請け負わせ)"
        ),
    ),
    ("controller", pattern_of(r"から[^。、]{0,24}(?:を受託|の?委託を受け|受託し)")),
)
_NO_PART = pattern_of(r"省\Z|庁\Z|委員会\Z|警察|署\Z|県警\Z|当社\Z")


def _by_verb(sheet: Sheet, organisations: Sequence[Fact], told: set[str]) -> Iterator[Fact]:
    """Find roles that a verb tells: 委託しているX, Xに任せていた, Xから受託した."""
    for body in organisations:
        name = str(body.value)
        if name in told or _NO_PART.search(name):
            continue
        before, after = sheet.before(body.start, 40), _ASIDE.sub("", sheet.after(body.end, 60))
        value = next((role for role, words in _BEFORE if words.search(before)), None)
        value = value or next((role for role, words in _BEHIND if words.match(after)), None)
        if value:
            told.add(name)
            yield sheet.fact("role", value, body.start, body.end, qualifiers=(f"organisation:{name}",))


_ASIDE = pattern_of(r"\A[」』]?\s?\([^()]*\)|\A[」』]")


def _beside(sheet: Sheet, match: re.Match[str], organisations: Sequence[Fact]) -> str | None:
    for body in select_within(organisations, match.start() - 40, match.end() + 9):
        if 0 <= body.start - match.end() <= 8 and _JOINT.match(sheet.text[match.end() : body.start]):
            return str(body.value)
        if body.end <= match.start() <= body.end + 1 and sheet.text[body.end : match.start()] in ("(", " "):
            return str(body.value)
    return None
