"""The map is that of the country: every folder has its line, and every line its folder."""

from __future__ import annotations

import re

from tests.docs.markdown import DOCS, PACKAGES, ROOT, named, same, sections

ARCHITECTURE = DOCS / "architecture.md"
MOST_IN_A_FOLDER = 14
FEW_NAMES_TWICE = 3


def folders() -> list[str]:
    """The folders of the four packages that hold files of ours; those of one sample site each are one."""
    found = {
        file.parent.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    return sorted({re.sub(r"^(monitor/demo/pages)/.*", r"\1", folder) for folder in found})


def test_every_folder_has_its_line_and_nothing_else():
    lines = [name.rstrip("/") for name in named(ARCHITECTURE, "What stands where")]
    same(lines, [*folders(), "tests", "bench"])


def test_a_folder_holds_no_more_than_can_be_seen_at_once():
    crowded = {}
    for folder in folders():
        inside = [
            one
            for one in (ROOT / folder).iterdir()
            if one.suffix == ".py" or (one.is_dir() and any(one.rglob("*.py")))
        ]
        if len(inside) > MOST_IN_A_FOLDER:
            crowded[folder] = len(inside)
    assert not crowded


def test_names_of_files_occur_once_but_for_few():
    names = [
        file.name
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        if file.name not in ("__init__.py", "__main__.py")
    ]
    twice = {name for name in names if names.count(name) > 1}
    assert len(twice) <= FEW_NAMES_TWICE, sorted(twice)


def test_the_way_of_one_page_has_nine_steps_with_the_function_that_does_each():
    steps = re.split(r"^\d\. ", sections(ARCHITECTURE)["The way of one page"], flags=re.MULTILINE)[1:]
    assert len(steps) == 9
    without = [step for step in steps if not re.search(r"`(spiders|monitor|storage|feeds)(\.\w+)+`", step)]
    assert not without
