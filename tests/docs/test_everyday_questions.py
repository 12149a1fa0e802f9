"""Every question people come with is answered by one command and on a page, over the archive of the demo."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest
from starlette.datastructures import QueryParams

from feeds.web.app import make_app
from storage.archive import open_archive
from tests.commands import kohyo
from tests.docs.markdown import DOCS, fenced
from tests.feeds.browser.story import find_lived
from tests.feeds.client import Client

PAGE = DOCS / "how-to" / "everyday-questions.md"

ANSWERS = {
    "Which bodies": ("海津市", "約120万件", "福岡県", "合計162,828人分"),
    "What changed at": ("断りなく書き換え: 可能性あり → 確認されていない", "2024-03-28"),
    "What has to be reported": ("2024年2月29日まで", "2024年3月29日まで", "勧告、指導、報告等の求め"),
    "All recommendations": ("勧告", "ppc-press"),
    "Tell me only when": ("合計162,828人分", "約900万件 → 約928万件"),
    "Which source is broken": ("長く巡回なし", "affected-kaizu"),
    "Everything as a table": (),
}
ADDRESSES = {
    "incidents/ntt-procx-2023.html": ("福岡県", "合計162,828人分", "2024年2月29日"),
    "?body=三重県&kind=updated": ("断りなく書き換え", "確認されていない"),
    "feeds/deadlines.ics": ("20240229", "20240329"),
    "search?action=recommendation&period=fy2023": ("行政上の対応", "見つかった公表"),
    "?changed_over=10000": ("合計162,828人分", "約928万件"),
    "coverage.html": ("海津市",),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(find_lived(tmp_path_factory), tmp_path_factory.mktemp("asked")))


def sections() -> dict[str, str]:
    return dict(
        re.findall(r"^## ([^\n]*)\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    )


def test_every_question_has_one_command() -> None:
    assert len(sections()) == len(ANSWERS) == 7
    for title, body in sections().items():
        assert any(title.startswith(begin) for begin in ANSWERS), title
        assert len(re.findall(r"^```sh\nkohyo [^\n]*\n```", body, re.MULTILINE)) == 1, title
    assert len(fenced(PAGE, "sh")) == 7


@pytest.mark.parametrize("begin", ANSWERS)
def test_the_command_answers_the_question(begin: str, database: Path, tmp_path: Path) -> None:
    (body,) = (body for title, body in sections().items() if title.startswith(begin))
    (command,) = re.findall(r"```sh\nkohyo (.*)\n", body)
    words = [str(tmp_path / word) if word.endswith(".xlsx") else word for word in shlex.split(command)]
    done = kohyo(*words, env={**os.environ, "KOHYO_DB": f"sqlite:///{database}", "KOHYO_LANG": "ja"})
    assert done.returncode == (1 if "--broken" in words else 0), done.stderr
    for said in ANSWERS[begin]:
        assert said in done.stdout, said
    if "xlsx" in command:
        assert (tmp_path / "facts.xlsx").read_bytes()[:2] == b"PK"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_answers_it_too(address: str, database: Path) -> None:
    assert f"{address}`" in PAGE.read_text("utf-8") or address == "coverage.html"
    path, _, query = address.partition("?")
    asked = f"?{QueryParams(query)}" if query else ""
    with open_archive(f"sqlite:///{database}") as archive:
        answer = Client(make_app(archive)).get(f"/{path}{asked}")
    assert answer.status_code == 200
    for said in ADDRESSES[address]:
        assert said in answer.text, said
