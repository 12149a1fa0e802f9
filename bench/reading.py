"""What reading keeps and drops, measured on the real pages beside the checkout.

    python bench/reading.py [DATA]

The yardstick shares no code with the reader: it takes a page apart with Beautiful Soup, calls
regions that name themselves navigation, header, footer or menu furniture, and everything else text.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup, Tag

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from monitor.reading import read  # noqa: E402

_REGION = re.compile(r"nav|menu|header|footer|gnavi|pankuzu|breadcrumb|topicpath|topic_path", re.I)
_PHONE = re.compile(r"0[0-9]{1,4}[-－‐(（][0-9]{1,4}[-－‐)）][0-9]{3,4}")
_UPDATED = re.compile(r"(?:更新日|掲載日|公開日|登録日)[^0-9令]{0,6}(?:令和)?[0-9]{1,4}[年./-]")
_GONE = re.compile("(?:ページ|ファイル)[^。]{0,20}見つか(?:り|ら)")


@dataclass
class Kept:
    """How much of something that should stay has stayed."""

    kept: int = 0
    of: int = 0
    lost: list[str] = field(default_factory=list)

    def count(self, wanted: Iterable[str], text: str) -> None:
        """Look each of ``wanted`` up in the output."""
        for item in wanted:
            self.of += 1
            if squeeze(item) in text:
                self.kept += 1
            else:
                self.lost.append(item[:60])

    @property
    def share(self) -> float:
        return self.kept / self.of if self.of else 1.0


@dataclass
class Report:
    """One table of figures."""

    pages: int = 0
    wrong: list[str] = field(default_factory=list)  # verdicts
    cells: Kept = field(default_factory=Kept)
    phones: Kept = field(default_factory=Kept)
    dates: Kept = field(default_factory=Kept)
    documents: Kept = field(default_factory=Kept)
    menu: int = 0
    output: int = 0
    times: list[float] = field(default_factory=list)  # milliseconds per 20 kB

    @property
    def menu_share(self) -> float:
        return self.menu / self.output if self.output else 0.0


def squeeze(text: str) -> str:
    """Without white space and the separators of rows."""
    return re.sub(r"[\s\u3000\u200b\u00a0\ufeff|]+", "", text)


def municipal(data: Path) -> Report:
    """Pages of municipalities without a declaration."""
    report = Report()
    for path in sorted(data.glob("municipal_pages/**/*.html")):
        body = path.read_bytes()
        started = time.process_time()
        reading = read(body)
        report.times.append((time.process_time() - started) * 1000 * 20_000 / len(body))
        report.pages += 1
        soup = BeautifulSoup(body.decode("utf-8", "replace"), "lxml")
        for element in soup(["script", "style", "noscript", "template", "option"]):
            element.decompose()
        gone = bool(_GONE.search(" ".join(h.get_text() for h in soup(["title", "h1"]))))
        if reading.verdict != ("soft-404" if gone else "content") or not reading.text:
            report.wrong.append(f"{path.name}: {reading.verdict} {reading.detail}")
        if gone:
            continue
        menu = [link.get_text() for region in regions(soup) for link in region("a")]
        for region in regions(soup):
            region.decompose()
        text = squeeze(reading.text)
        report.cells.count((cell.get_text() for cell in soup(["td", "th"]) if not cell(["td", "th"])), text)
        rest = soup.get_text("\n")
        report.phones.count(set(_PHONE.findall(rest)), text)
        report.dates.count(set(_UPDATED.findall(rest)), text)
        report.documents.count(
            (a.get_text() for a in soup("a", href=re.compile(r"\.pdf$", re.I)) if a.get_text(strip=True)),
            text,
        )
        rest = squeeze(rest)
        foreign = {squeeze(entry) for entry in menu}
        report.menu += sum(
            len(squeeze(block.text))
            for block in reading.blocks
            if squeeze(block.text) in foreign and squeeze(block.text) not in rest
        )
        report.output += len(text)
    return report


def regions(soup: BeautifulSoup) -> list[Tag]:
    """The outermost elements that call themselves furniture and hold no main text."""
    found: list[Tag] = []
    for element in soup.find_all(True):
        if element.name in ("html", "body", "head", "main", "article"):
            continue
        names = " ".join([str(element.get("id") or ""), *map(str, element.get("class") or [])])
        if element.name in ("nav", "header", "footer") or _REGION.search(names):
            if element.find(["main", "article"]) or len(element.get_text()) > 0.5 * len(soup.get_text()):
                continue
            if not any(parent in found for parent in element.parents):
                found.append(element)
    return found


def regulator(data: Path) -> Iterator[tuple[str, str]]:
    """Pages with ``main``: page and what is wrong with it."""
    for path in sorted(data.glob("ppc_pages/*/content.html")):
        body = path.read_bytes()
        reading = read(body)
        soup = BeautifulSoup(body, "lxml")
        for element in soup(["script", "style", "noscript"]):
            element.decompose()
        name = path.parent.name
        if not soup.get_text(strip=True) or not soup.body or not soup.body.get_text(strip=True):
            yield name, "" if reading.verdict == "empty" else f"a shell read as {reading.verdict}"
            continue
        text, main = squeeze(reading.text), soup.find("main")
        problems: list[str] = []
        if reading.verdict != "content":
            problems.append(reading.verdict)
        if main:
            missing = [s for s in main.stripped_strings if squeeze(s) not in text]
            if missing:
                problems.append(f"missing {missing[:3]}")
            inside = squeeze(main.get_text())
        else:
            inside = ""
        for region in soup(["nav", "header", "footer"]):
            strange = [
                s
                for s in region.stripped_strings
                if len(s) > 3 and squeeze(s) in text and squeeze(s) not in inside
            ]
            if strange:
                problems.append(f"furniture {strange[:3]}")
        yield name, "; ".join(problems)


def encodings(data: Path) -> Iterator[tuple[str, str]]:
    """Files in the encoding their folder names: file and what is wrong with it."""
    from spiders.transport.charset import decode

    for path in sorted(data.glob("encodings/*/*")):
        body = path.read_bytes()
        wanted = body.decode(path.parent.name, "replace")
        decoded = decode(body)
        yield (
            f"{path.parent.name}/{path.name}",
            "" if decoded.text == wanted else f"read as {decoded.encoding}",
        )


def pdfs(data: Path) -> Iterator[tuple[str, str]]:
    """PDF files: file, verdict and size."""
    for path in sorted(data.glob("pdf/**/*.pdf")):
        reading = read(path.read_bytes())
        yield path.name, f"{reading.verdict} {reading.detail} {len(reading.text)} characters"


def main(data: Path) -> None:
    """Print the tables."""
    report = municipal(data)
    print(f"municipal pages            {report.pages}")
    print(f"  wrong verdicts           {len(report.wrong)} {report.wrong[:3] or ''}")
    for name, kept in (
        ("table cells", report.cells),
        ("telephone numbers", report.phones),
        ("update dates", report.dates),
        ("PDF link texts", report.documents),
    ):
        print(f"  {name:24} {kept.kept}/{kept.of} {kept.share:.1%} {kept.lost[:4] or ''}")
    print(f"  menu text in the output  {report.menu_share:.1%}")
    print(
        f"  ms per 20 kB             {statistics.median(report.times):.2f} median,"
        f" {max(report.times):.2f} worst"
    )
    listings: tuple[tuple[str, Callable[[Path], Iterator[tuple[str, str]]]], ...] = (
        ("pages with <main>", regulator),
        ("encodings", encodings),
    )
    for name, measure in listings:
        results = list(measure(data))
        problems = [f"{item}: {problem}" for item, problem in results if problem]
        print(f"{name:27}{len(results) - len(problems)}/{len(results)} right", *problems, sep="\n  ")
    print("PDF files")
    for name, result in pdfs(data):
        print(f"  {name:44} {result}")


if __name__ == "__main__":
    shared = Path(os.environ.get("KOHYO_SHARED", ROOT.parent / "shared"))
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else shared / "data")
