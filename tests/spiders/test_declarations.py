"""Declarations: what they may say, and how mistakes are told."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from spiders.declarations import BUNDLED, KEPT_FILES, check, list_remarks, load
from spiders.mistakes import DeclarationError
from storage.records import ListingRules, PageRules, Source

ROOT = Path(__file__).parents[2]

WHOLE = """
id = "example-city"
name = "例示市"
kind = "affected"
start = ["https://www.city.example.lg.jp/news/"]
every = "30m"
quiet_after = "2d"
delay = 2
note = "試験"

[listing]
item = "ul.news-list > li"
link = "a.title"
title = "span"
date = "time"
label = "b"
follow = ['/news/\\d+\\.html$']
more = "a.next"
expect = { min = 10, max = 200 }

[page]
include = ["main"]
exclude = [".share", ".related"]
attachments = true
encoding = "cp932"
offers = "article a"
"""
SMALL = 'id = "{id}"\nname = "名"\nkind = "index"\nstart = ["https://example.jp/"]\n'


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder: Path, text: str, name: str = "one.toml") -> dict[str, str]:
    """Place and message of every mistake in one file."""
    return {one.where: one.message for one in check([write(folder, name, text)], bundled=False)}


def test_every_key(tmp_path: Path) -> None:
    assert load([write(tmp_path, "example-city.toml", WHOLE)], bundled=False) == [
        Source(
            id="example-city",
            name="例示市",
            kind="affected",
            start=("https://www.city.example.lg.jp/news/",),
            every=1800,
            quiet_after=172800,
            delay=2.0,
            note="試験",
            listing=ListingRules(
                item="ul.news-list > li",
                link="a.title",
                title="span",
                date="time",
                label="b",
                follow=(r"/news/\d+\.html$",),
                more="a.next",
                expect=(10, 200),
                topic="personal-data",
            ),
            page=PageRules(
                include=("main",),
                exclude=(".share", ".related"),
                attachments=True,
                encoding="cp932",
                offers="article a",
            ),
        )
    ]


def test_the_least_a_declaration_says(tmp_path: Path) -> None:
    (source,) = load([write(tmp_path, "one.toml", SMALL.format(id="one"))], bundled=False)
    assert source == Source("one", "名", "index", ("https://example.jp/",))


def test_bundled_declarations_hold() -> None:
    assert check() == []
    sources = load()
    assert {one.id for one in sources if one.set == "core"} == {path.stem for path in BUNDLED.glob("*.toml")}
    assert {source.origin for source in sources} <= {"bundled"}
    assert not any(source.private for source in sources)


def test_files_and_folders_are_added_to_the_bundled_ones(tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    write(folder, "b.toml", SMALL.format(id="b"))
    write(folder, "a.toml", SMALL.format(id="a"))
    write(folder, "README.md", "no declaration")
    single = write(tmp_path, "c.toml", SMALL.format(id="c"))
    assert [source.id for source in load([folder, single])][-3:] == ["a", "b", "c"]


MANY = """
kind = "affected"
every = "12h"
set = "radar"
[[source]]
id = "one-city"
name = "一の市"
start = ["https://one.example.jp/news.rdf"]
listing = {{}}
[[source]]
id = "two-city"
name = "二の市"
kind = "{kind}"
start = ["https://two.example.jp/news/"]
listing = {{ links = true, ignore = ["訓練"] }}
"""


def test_a_file_may_declare_many_with_keys_that_all_share(tmp_path: Path) -> None:
    file = write(tmp_path, "towns.toml", MANY.format(kind="company"))
    one, two = load([file], bundled=False)
    assert (one.id, one.kind, two.kind, two.every) == ("one-city", "affected", "company", 43200)
    assert one.listing == ListingRules(topic="personal-data")
    assert two.listing == ListingRules(links=True, topic="personal-data", ignore=("訓練",))
    assert load([file], bundled=False, sets=("core",)) == []


def test_a_start_page_may_rest_for_longer_than_its_pace_and_no_shorter(tmp_path: Path) -> None:
    resting = SMALL.format(id="a") + 'every = "1h"\nslowest = "12h"\n'
    (source,) = load([write(tmp_path, "a.toml", resting)], bundled=False)
    assert (source.every, source.slowest) == (3600, 43200)
    with pytest.raises(DeclarationError, match="slowest is how long a start page may wait"):
        load([write(tmp_path, "a.toml", resting.replace("12h", "30m"))], bundled=False)


def test_a_mistake_among_many_is_told_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, "towns.toml", MANY.format(kind="citty"))
    write(tmp_path, "more.toml", MANY.format(kind="company").replace("two-city", "one-city"))
    told = {(problem.path.name, problem.where) for problem in check([tmp_path], bundled=False)}
    assert ("towns.toml", "source[1].kind") in told
    assert ("more.toml", "source[1].id") in told


@pytest.mark.parametrize(
    ("listing", "words"),
    [
        ('{ item = "li", links = true }', "different ways"),
        ('{ title = "b" }', "wants an item"),
        ('{ json = { items = "[", url = "u", title = "t" } }', "not a JMESPath"),
        ('{ topic = "everything" }', "personal-data"),
    ],
)
def test_a_listing_says_one_way_to_find_its_rows(tmp_path: Path, listing: str, words: str) -> None:
    write(tmp_path, "a.toml", SMALL.format(id="a") + f"\nlisting = {listing}\n")
    (problem,) = check([tmp_path / "a.toml"], bundled=False)
    assert words in problem.message
    assert problem.where.startswith("listing")


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    text = """
id = "Other"
kind = "regulatr"
start = ["http://127.0.0.1/", "ftp://example.jp/", "https://example.jp/"]
every = "1 hour"
evry = "2h"
delay = -1
[listing]
item = "ul > > li"
date = "time::attr(datetime)"
follow = ["(a+)+$", "[", "ok"]
expect = { min = 5, max = 2 }
[page]
attachments = "yes"
encoding = "cp-932x"
exclude = ["a[", ".ok"]
"""
    found = mistakes(tmp_path, text)
    assert set(found) == {
        "id",
        "name",
        "kind",
        "start[0]",
        "start[1]",
        "every",
        "evry",
        "delay",
        "listing.item",
        "listing.date",
        "listing.follow[0]",
        "listing.follow[1]",
        "listing.expect",
        "page.attachments",
        "page.encoding",
        "page.exclude[0]",
    }
    assert found["name"] == "missing"
    assert found["evry"] == "unknown key, did you mean every?"
    assert "regulator, company, affected" in found["kind"]
    assert "127.0.0.1 is a private address" in found["start[0]"]
    assert all("\n" not in message for message in found.values())


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ('topic = "any"', "topic: unknown key, did you mean listing.topic?"),
        ("attachments = true", "attachments: unknown key, did you mean page.attachments?"),
        ("mni = 3", "mni: unknown key, did you mean listing.expect.min?"),
        ('[page]\nitem = "li"', "page.item: unknown key, did you mean listing.item?"),
        ('[page]\nstart = ["x"]', "page.start: unknown key, did you mean start?"),
        ('[listing]\nitme = "li"', "listing.itme: unknown key, did you mean item?"),
        ('[listing]\nmin = 3\nitem = "li"', "listing.min: unknown key, did you mean listing.expect.min?"),
        ('[listing.json]\nitem = "li"', "listing.json.item: unknown key, did you mean listing.item?"),
        ('[lsiting]\nitem = "li"', "lsiting: unknown key, did you mean listing?"),
        ("zzzzzz = 1", "zzzzzz: unknown key"),
    ],
)
def test_a_key_in_the_wrong_table_is_told_with_its_own(tmp_path: Path, line: str, meant: str) -> None:
    file = write(tmp_path, "c.toml", f"{SMALL.format(id='c')}\n{line}\n")
    assert f"{file}: {meant}" in [str(problem) for problem in check([file], bundled=False)]


def test_all_files_at_once_and_each_by_name(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", "id = \n")
    write(tmp_path, "b.toml", SMALL.format(id="b").replace("index", "x"))
    write(tmp_path, "c.toml", SMALL.format(id="c"))
    with pytest.raises(DeclarationError) as raised:
        load([tmp_path, tmp_path / "gone.toml"], bundled=False)
    assert sorted((one.path.name, one.where) for one in raised.value.problems) == [
        ("a.toml", "line 1, column 6"),
        ("b.toml", "kind"),
        ("gone.toml", ""),
    ]
    assert len(str(raised.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("id = 'a'\nname = \n", "line 2, column 8"),
        ("id = 'a'\nname = 'n", "line 2, column 10"),
        ("id = 'a'\nid = 'b'\n", "line 2, column 9"),
        ("[listing\n", "line 1, column 9"),
    ],
)
def test_broken_toml_has_line_and_column(tmp_path: Path, text: str, where: str) -> None:
    (problem,) = check([write(tmp_path, "a.toml", text)], bundled=False)
    assert problem.where == where
    assert str(problem).startswith(f"{tmp_path / 'a.toml'}: {where}: broken TOML: ")
    assert "\n" not in str(problem)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes('# ok\nname = "例"'.encode("cp932"))
    (problem,) = check([path], bundled=False)
    assert (problem.where, problem.message) == ("line 2", "not UTF-8")


def test_what_was_right_is_kept_until_a_file_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, city = tmp_path / "kept", write(tmp_path, "example-city.toml", WHOLE)
    read = load([city], kept=kept)
    with monkeypatch.context() as unchecked:
        unchecked.setitem(sys.modules, "spiders.declaring.declaration_keys", None)  # nothing can be checked
        assert load([city], kept=kept) == read
        assert load([city], kept=kept, sets={"core"}) == [one for one in read if one.set == "core"]
    for file in kept.iterdir():
        file.write_text("{half", "utf-8")
    assert load([city], kept=kept) == read

    for rule in ("declarations", "declaring/declaration_keys", "declaring/extending"):
        with monkeypatch.context() as upgraded:
            real, name = Path.read_bytes, BUNDLED.parent / f"{rule}.py"
            upgraded.setattr(Path, "read_bytes", lambda of, n=name, r=real: r(of) + b"#" * (of == n))
            before = {*kept.iterdir()}
            load([city], kept=kept)
            assert len({*kept.iterdir()} - before) == 1

    assert load([city], bundled=False, kept=kept) == [read[-1]]
    write(tmp_path, "example-city.toml", WHOLE.replace("30m", "45m"))
    assert load([city], kept=kept)[-1].every == 45 * 60
    write(tmp_path, "example-city.toml", WHOLE.replace("30m", "45 min"))
    for _ in range(2):
        with pytest.raises(DeclarationError, match="not a duration"):
            load([city], kept=kept)
    for minutes in range(1, 20):
        write(tmp_path, "example-city.toml", WHOLE.replace("30m", f"{minutes}m"))
        load([city], bundled=False, kept=kept)
    assert len(list(kept.iterdir())) == KEPT_FILES


def test_ids(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    first = write(tmp_path, "same.toml", SMALL.format(id="same"))
    second = write(other, "same.toml", SMALL.format(id="same"))
    (problem,) = check([first, second], bundled=False)
    assert (problem.path, problem.where) == (second, "id")
    assert str(first) in problem.message
    assert check([first, first], bundled=False) == []
    assert "the file's name" in mistakes(tmp_path, SMALL.format(id="two"))["id"]


def test_an_empty_start_needs_a_note(tmp_path: Path) -> None:
    text = 'id = "one"\nname = "名"\nkind = "affected"\nstart = []\n'
    assert list(mistakes(tmp_path, text)) == ["note"]
    assert mistakes(tmp_path, text + 'note = "報道のみ"\n') == {}


def test_private_addresses_must_be_declared(tmp_path: Path) -> None:
    text = SMALL.format(id="one").replace("https://example.jp/", "http://127.0.0.1:8000/")
    assert list(mistakes(tmp_path, text)) == ["start[0]"]
    assert mistakes(tmp_path, text + "private = true\n") == {}


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "(a*)*$", "([a-z]+)*", "(x{1,9})+", "a" * 301, "(?P<a>x)(?P<a>y)", "*"]
)
def test_patterns_that_are_refused(tmp_path: Path, pattern: str) -> None:
    text = SMALL.format(id="one") + f"[listing]\nitem = 'li'\nfollow = ['{pattern}']\n"
    assert list(mistakes(tmp_path, text)) == ["listing.follow[0]"]


@pytest.mark.parametrize("pattern", [r"/news/\d+\.html$", "(a|b)+", r"(?!news/(\d{4}/?)?$)", r"\(a+\)+"])
def test_patterns_that_pass(tmp_path: Path, pattern: str) -> None:
    assert (
        mistakes(tmp_path, SMALL.format(id="one") + f"[listing]\nitem = 'li'\nfollow = ['{pattern}']\n") == {}
    )


@pytest.mark.parametrize("duration", ["", "1", "h", "0h", "-1h", "1.5h", "1H", "1h30m", "999999d"])
def test_durations_that_are_refused(tmp_path: Path, duration: str) -> None:
    assert list(mistakes(tmp_path, SMALL.format(id="one") + f'every = "{duration}"\n')) == ["every"]


# --- over another declaration ----------------------------------------------------------------


def test_a_file_with_a_bundled_id_replaces_that_declaration(tmp_path: Path) -> None:
    write(tmp_path, "ppc-press.toml", SMALL.format(id="ppc-press"))
    sources = {source.id: source for source in load([tmp_path])}
    assert len(sources) == len(load())
    ours = sources["ppc-press"]
    assert (ours.origin, ours.start, ours.listing) == ("file", ("https://example.jp/",), None)
    assert {"kind", "name", "start", "listing.item"} <= set(ours.overrides)


def test_single_keys_are_changed_also_in_tables(tmp_path: Path) -> None:
    write(tmp_path, "ppc-press.toml", 'extends = "ppc-press"\nevery = "3h"\nlisting = { item = "b" }\n')
    theirs, ours = (
        {source.id: source for source in found}["ppc-press"] for found in (load(), load([tmp_path]))
    )
    assert theirs.listing is not None
    assert ours == replace(
        theirs,
        every=10800,
        origin="file",
        overrides=("every", "listing.item"),
        listing=replace(theirs.listing, item="b"),
    )


def test_one_of_many_bundled_in_a_file_is_extended(tmp_path: Path) -> None:
    write(tmp_path, "mine.toml", '[[source]]\nextends = "radar-city-takasaki-gunma"\nevery = "1h"\n')
    (ours,) = (source for source in load([tmp_path]) if source.id == "radar-city-takasaki-gunma")
    assert (ours.name, ours.every, ours.set, ours.overrides) == ("高崎市", 3600, "radar", ("every",))


def test_another_id_is_another_source_beside(tmp_path: Path) -> None:
    write(tmp_path, "mine.toml", 'id = "mine"\nextends = "ppc-press"\nname = "名"\n')
    write(tmp_path, "more.toml", 'id = "more"\nextends = "mine"\nevery = "3h"\n')
    sources = {source.id: source for source in load([tmp_path])}
    assert sources["mine"] == replace(sources["ppc-press"], id="mine", name="名", origin="file")
    assert sources["more"] == replace(sources["mine"], id="more", every=10800)
    assert [source.id for source in load([tmp_path], bundled=False)] == ["mine", "more"]


def test_mistakes_over_other_declarations_are_told_at_once_each_in_a_line(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", 'id = "a"\nextends = "b"\n')
    write(tmp_path, "b.toml", 'id = "b"\nextends = "a"\n')
    write(tmp_path, "c.toml", 'id = "c"\nextends = "ppc-pres"\n')
    write(tmp_path, "d.toml", 'id = "d"\nextends = "d"\n')
    write(tmp_path, "e.toml", SMALL.format(id="e") + "evry = '1h'\n")
    write(tmp_path, "f.toml", 'id = "f"\nextends = "e"\nstart = ["ftp://x.jp/"]\n')
    write(tmp_path, "g.toml", 'extends = 1\n[[source]]\nid = "g"\n')
    told = {f"{one.path.stem}:{one.where}": one.message for one in check([tmp_path])}
    assert told["a:extends"] == "extends in a circle: a, b, a"
    assert told["b:extends"] == "extends in a circle: b, a, b"
    assert told["c:extends"] == "no declaration beneath is called 'ppc-pres'; did you mean ppc-press?"
    assert told["d:extends"].startswith("no declaration beneath is called 'd'")
    assert told["e:evry"] == "unknown key, did you mean every?"
    assert "f:start[0]" in told
    assert "f:evry" not in told  # told where it stands
    assert told["g:extends"] == "belongs into each [[source]]"
    assert not any("\n" in message for message in told.values())


def test_two_files_with_one_bundled_id_are_a_mistake(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for folder in (tmp_path, other):
        write(folder, "ppc-press.toml", 'extends = "ppc-press"\n')
    (problem,) = check([tmp_path, other])
    assert str(tmp_path / "ppc-press.toml") in problem.message


def test_a_changed_base_is_told_and_is_no_mistake(tmp_path: Path) -> None:
    below = write(tmp_path, "below.toml", SMALL.format(id="below"))
    text = 'id = "above"\nextends = "below"\nevery = "3h"\n'
    above = write(tmp_path, "above.toml", text)
    (remark,) = list_remarks([tmp_path])
    assert (remark.path, remark.where) == (above, "base")
    digest = remark.message.split('"')[1]
    write(tmp_path, "above.toml", text + f'base = "{digest}"\n')
    assert list_remarks([tmp_path]) == []
    below.write_text("# a remark\n" + SMALL.format(id="below"), encoding="utf-8")
    assert list_remarks([tmp_path]) == []
    below.write_text(SMALL.format(id="below") + 'every = "2h"\n', encoding="utf-8")
    (remark,) = list_remarks([tmp_path])
    assert "has changed since" in remark.message
    assert check([tmp_path]) == []


@pytest.mark.parametrize(
    ("kind", "topic"),
    [("company", "personal-data"), ("affected", "personal-data"), ("regulator", "any"), ("index", "any")],
)
def test_of_lists_of_all_that_a_body_publishes_only_incidents_are_followed(
    tmp_path: Path, kind: str, topic: str
) -> None:
    text = SMALL.format(id="one").replace("index", kind) + "listing = {}\n"
    (source,) = load([write(tmp_path, "one.toml", text)], bundled=False)
    assert source.listing is not None
    assert source.listing.topic == topic


def test_what_checks_declarations_is_not_loaded_where_they_are_kept(tmp_path: Path):
    city = write(tmp_path, "example-city.toml", WHOLE)
    code = (
        "import sys; from pathlib import Path; from spiders.declarations import load\n"
        f"read = load([Path({str(city)!r})], bundled=False, kept=Path({str(tmp_path / 'kept')!r}))\n"
        "print([one.id for one in read], 'pydantic' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == f"['example-city'] {sys.platform != 'linux'}\n"


def test_mistakes_are_told_where_declarations_would_be_kept(tmp_path: Path):
    broken = write(tmp_path, "broken.toml", "id = 3\n")
    with pytest.raises(DeclarationError) as told:
        load([broken], bundled=False, kept=tmp_path / "kept")
    assert [*told.value.problems] == check([broken], bundled=False)
    assert not (tmp_path / "kept").exists()
