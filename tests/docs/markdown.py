"""The little of Markdown that the tests of our documents read: headings, tables, fenced commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PACKAGES = ("spiders", "monitor", "storage", "feeds")

_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table under a heading, and what its cells hold."""

    heading: str
    cells: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """The code in the first cell: what the row is about."""
        return _CODE.findall(self.cells[0])


def rows(path: Path) -> Iterator[Row]:
    """Every row of every table but for its head."""
    heading, before = "", ""
    for line in _prose(path):
        if line.startswith("#"):
            heading = line.lstrip("# ").strip()
        elif line.startswith("|") and before.startswith("|") and not set(line) <= set("|-: "):
            yield Row(heading, tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
        before = line


def named(path: Path, *headings: str) -> list[str]:
    """What the first cells name, of the tables under these headings or of all."""
    return [name for row in rows(path) if not headings or row.heading in headings for name in row.names]


def sections(path: Path) -> dict[str, str]:
    """What stands under each heading."""
    found: dict[str, str] = {}
    heading = ""
    for line in _prose(path):
        if line.startswith("#"):
            heading = line.lstrip("# ").strip()
            found[heading] = ""
        else:
            found[heading] = found.get(heading, "") + line + "\n"
    return found


def fenced(path: Path, language: str, heading: str = "") -> list[str]:
    """What stands in the fences of a language, under one heading of the second level or under all."""
    parts = re.split(r"^## (.*)\n", path.read_text("utf-8"), flags=re.MULTILINE)
    under = {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}
    text = under[heading] if heading else path.read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def same(documented: list[str], existing: list[str]) -> None:
    """Fail with what is on one side only, or documented twice."""
    twice = sorted({name for name in documented if documented.count(name) > 1})
    missing, invented = set(existing) - set(documented), set(documented) - set(existing)
    assert not twice, f"documented twice: {twice}"
    assert not missing, f"not documented: {sorted(missing)}"
    assert not invented, f"documented, but not there: {sorted(invented)}"


def _prose(path: Path) -> Iterator[str]:
    inside = False
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("```"):
            inside = not inside
        elif not inside:
            yield line
