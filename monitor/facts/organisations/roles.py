"""Which part a body plays in the processing: 委託元, 委託先, 再委託先, 派遣元, 派遣先, 名簿業者."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.facts.sheet import Sheet, within
from storage.records import Fact

_ROLE = re.compile(
    r"(?=[再業委受ク派人名オ])(?:"
    r"(?P<sub_processor>再々?委託先|再受託(?:者|事業者)?)"
    r"|(?P<processor>(?<!再)(?<!々)(?:業務)?委託先(?:業者|事業者|企業|会社)?|委託業者|委託事業者|委託会社|受託(?:者|業者|事業者|会社|企業))"
    r"|(?P<controller>委託元(?:企業|事業者|会社)?|委託者|クライアント企業)"
    r"|(?P<agency>派遣元(?:企業|会社)?|人材派遣会社)"
    r"|(?P<host>派遣先(?:企業|会社)?)"
    r"|(?P<list_broker>名簿業者|名簿屋|名簿販売業者|名簿会社|オプトアウト届出事業者))"
)
_NAMES = {"sub processor": "sub-processor", "agency": "staffing agency"}
_JOINT = re.compile(r"(?:である|の|は、?|:|\||「|\(|=|\s|さんの|となる|\)|」|で、?)*\Z")


def roles(sheet: Sheet, organisations: Sequence[Fact] = ()) -> list[Fact]:
    """Every mention of a role. ``organisation:`` names the body beside it (委託先のX, X(委託先)), one of
    ``organisations``, which come in order."""
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
    return found


def _beside(sheet: Sheet, match: re.Match[str], organisations: Sequence[Fact]) -> str | None:
    for body in within(organisations, match.start() - 40, match.end() + 9):
        if 0 <= body.start - match.end() <= 8 and _JOINT.match(sheet.text[match.end() : body.start]):
            return str(body.value)
        if body.end <= match.start() <= body.end + 1 and sheet.text[body.end : match.start()] in ("(", " "):
            return str(body.value)
    return None
