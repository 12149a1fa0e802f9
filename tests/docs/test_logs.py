"""The page on log lines names every event with its keys, and nothing else."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from storage.log_lines import EVENTS
from tests.docs.markdown import DOCS, PACKAGES, ROOT, named, rows, same

LOGS = DOCS / "reference" / "logs.md"
ALWAYS = {"time", "level", "event"}


def told() -> Iterator[tuple[str, set[str]]]:
    """Each event that the code tells, with the keys it gives there."""
    for file in (file for package in PACKAGES for file in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "log_event":
                event = node.args[1]
                assert isinstance(event, ast.Constant), (
                    f"{file}:{node.lineno}: the name of an event stands there as it is"
                )
                given = {one.arg for one in node.keywords}
                assert None not in given, f"{file}:{node.lineno}: keys of an event stand there as they are"
                yield event.value, {str(one) for one in given}
            elif isinstance(node, ast.Dict) and any(
                isinstance(key, ast.Constant) and key.value == "event" for key in node.keys
            ):
                said = {key.value: value for key, value in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant)}  # fmt: skip
                if isinstance(said["event"], ast.Constant):
                    yield said["event"].value, {str(key) for key in said} - ALWAYS


def test_every_event_is_documented_with_the_keys_it_has_and_is_told_somewhere():
    in_code: dict[str, set[str]] = defaultdict(set)
    for event, keys in told():
        in_code[event] |= keys
    same(list(EVENTS), list(in_code))
    in_document = {}
    for row in rows(LOGS):
        if row.heading == "Events":
            (name,) = row.names
            in_document[name] = {key.strip("` ") for key in row.cells[2].split(",")}
    in_code["log"] |= {"error"}  # as every event where a traceback is at hand
    assert in_document == in_code


def test_every_key_is_explained_and_used():
    used = {
        key
        for row in rows(LOGS)
        if row.heading == "Events"
        for key in row.cells[2].replace("`", "").split(", ")
    }
    same(named(LOGS, "Keys"), [*ALWAYS, *sorted(used)])
