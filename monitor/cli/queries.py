"""Questions to what is stored: notices, changes, alerts, show, diff, search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from feeds.formats.entries import load_names
from feeds.formats.headlines import fill_hunks, load_headlines, shape_change
from feeds.web.params import ORDERS
from feeds.wording.conditions import (
    PERIOD_ABOUT,
    RULES,
    BadParameter,
    FilterRule,
    find_contradictions,
    read_filters,
)
from feeds.wording.tables.change_words import REASONS
from feeds.wording.tables.fact_words import FIELDS
from feeds.wording.tables.incident_words import STATUSES
from feeds.wording.tables.page_words import LABELS
from feeds.wording.tables.source_words import ALERTS
from feeds.wording.tables.terminal_words import TERMINAL
from feeds.wording.words import say as say_value
from feeds.wording.words import say_detail, word
from monitor.cli.common import (
    When,
    desk,
    fail,
    headline,
    hint,
    local,
    name_term,
    pad,
    plain,
    print_json,
    print_rows,
    reading,
    say,
)
from monitor.crawl.selection import select_sources
from storage.json_shapes import (
    alert_json,
    fact_json,
    hit_json,
    hunk_json,
    notice_json,
    version_json,
)
from storage.query import Query
from storage.records import Change, ChangeKind, Fact, Notice, Version

if TYPE_CHECKING:
    from feeds.formats.entries import Names
    from feeds.formats.named_publishers import PublisherMatch
    from storage.archive import Reader

KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
F = TypeVar("F", bound=Callable[..., Any])

MAX_PUBLISHERS = 5
"""Publishers whose name a search holds that are named beside what it found."""


def filters(*, words: bool = True, limited: bool = True) -> Callable[[F], F]:
    """Make what adds the filters to a command as options.

    Without ``words`` it has these as an argument; without ``limited`` it takes all that pass.
    """

    def add(function: F) -> F:
        if limited:
            at_most = click.option("--limit", type=click.IntRange(min=1), help="At most this many.")
            function = at_most(function)
        function = click.option("--period", metavar="PERIOD", help=f"A period {PERIOD_ABOUT}.")(function)
        for rule in reversed(RULES):
            if words or rule.name != "q":
                function = _filter_option(rule)(function)
        return function

    return add


def _filter_option(rule: FilterRule) -> Callable[[F], F]:
    name = "text" if rule.name == "q" else rule.name
    option = f"--{name.replace('_', '-')}"
    if rule.name == "material":
        return click.option(option, is_flag=True, help="Only changes that matter.")
    if rule.name in ("since", "until"):
        said = "From this day or time on." if rule.name == "since" else "Before this day or time."
        return click.option(option, type=When(), help=said)
    said = f"{rule.about[0].upper()}{rule.about[1:]}{'; repeatable' if rule.several else ''}."
    kind = click.Choice(rule.choices) if rule.choices else None
    return click.option(
        option, name, multiple=rule.several, type=kind, metavar=name.upper().replace("_", "-"), help=said
    )


def read_query(reader: Reader, options: Mapping[str, Any], **more: Any) -> Query:
    """Read the options of ``filters`` as a Query; ends the command where they can match nothing."""
    given: dict[str, list[str]] = {}
    for name, value in options.items():
        if name not in ("limit", "material", "since", "until") and value:
            given[name] = list(value) if isinstance(value, tuple) else [value]
    try:
        found = read_filters(given)
    except BadParameter as error:
        raise click.UsageError(error.ja if desk().lang == "ja" else str(error)) from None
    if (options["since"] or options["until"]) and options["period"]:
        raise click.UsageError(say("period stands in place of since and until: give one or the other"))
    days = {name: options[name] for name in ("since", "until") if options[name] is not None}
    material = True if options["material"] else None
    query = Query(**{**found, **days, **more}, material=material, limit=options.get("limit"))
    _check_known(reader, query.sources)
    if query.incident and not (reader.incident(query.incident) or query.incident in _declared_slugs()):
        fail(say("there is no incident {}; `kohyo incidents` lists them", query.incident))
    if problems := find_contradictions(query):
        fail(say("this can match nothing: {}", "; ".join(problems)))
    return query


def _declared_slugs() -> set[str]:
    from monitor.incidents.declared import load

    return {one.slug for one in load()}


def _check_known(reader: Reader, names: tuple[str, ...]) -> None:
    """Refuse a source that is neither stored nor declared: it would look like one without news."""
    stored = reader.sources()
    if set(names) - {source.id for source in stored}:
        select_sources([*stored, *desk().sources()], names)


@click.command()
@filters()
@reading
def notices(**options: Any) -> None:
    """List stored notices, newest first."""
    with desk().archive.read() as reader:
        rows = (notice_json(notice) for notice in reader.notices(read_query(reader, options)))
        print_rows(
            rows,
            lambda row: (
                f"{row['id']:>6}  {row['published'] or '----------'}  {row['source']}  {row['title']}"
            ),
            named="notices",
        )


@click.command()
@filters()
@reading
def changes(**options: Any) -> None:
    """List what changed, newest first."""
    with desk().archive.read() as reader:
        query = read_query(reader, options)
        names = load_names(reader, desk().headline_lang)
        print_rows(
            fill_hunks(reader, reader.brief_changes(query), names.lang),
            lambda one: f"{one.notice:>6}  {change_line(one, names)}",
            named="changes",
            shape=lambda one: shape_change(one, names),
        )


@click.command()
@click.option("--source", "names", metavar="ID", multiple=True, help="Only this source; repeatable.")
@click.option(
    "--kind", "kinds", metavar="KIND", multiple=True, help="Kind of alert, such as soft-404; repeatable."
)
@click.option("--since", type=When(), help="From this day or time on.")
@click.option("--until", type=When(), help="Before this day or time.")
@click.option("--limit", type=click.IntRange(min=1), help="At most this many.")
@reading
def alerts(names: tuple[str, ...], kinds: tuple[str, ...], **options: Any) -> None:
    """List what the operator must see, newest first. Never a change of a publisher's."""
    with desk().archive.read() as reader:
        _check_known(reader, names)
        rows = (alert_json(alert) for alert in reader.alerts(names, kinds=kinds, **options))
        print_rows(rows, alert_line, named="alerts")


@click.command()
@click.argument("notice", type=int)
@reading
def show(notice: int) -> None:
    """Show a notice with its versions, facts and changes."""
    with desk().archive.read() as reader:
        found = known_notice(reader, notice)
        versions = reader.versions(found.page)
        facts = reader.facts(versions[-1].id) if versions else []
        changed = reader.changes_of_notice(notice)
        names = load_names(reader, desk().headline_lang)
        if desk().as_json:
            row = {
                **notice_json(found),
                "version_list": [version_json(version) for version in versions],
                "facts": [fact_json(fact) for fact in facts],
                "changes": [shape_change(change, names) for change in changed],
                "text": versions[-1].text if versions else "",
            }
            print_json(row)
            return
        status = word(STATUSES, found.status, desk().lang)
        published = f"{_said('published')} {found.published or _said('unknown')}"
        click.echo(plain(f"{found.title}\n{found.url}\n{found.source}  {published}  {status}"))
        for version in versions:
            click.echo(
                f"  {_said('version')}{version.number}  {local(version.captured_at.isoformat())}  "
                f"{_said('update stated')} {version.updated or _said('none')}"
            )
        for change in changed:
            click.echo(plain("  " + change_line(change, names)))
        if versions:
            click.echo("\n" + plain(versions[-1].text))
        for fact in facts:
            click.echo(plain(f"  {fact_line(fact)}"))


@click.command()
@click.argument("notice", type=int)
@click.argument("a", required=False, type=int)
@click.argument("b", required=False, type=int)
@click.option("--html", is_flag=True, help="As HTML.")
@reading
def diff(notice: int, a: int | None, b: int | None, html: bool) -> None:
    """Show what changed between two versions of a notice; the last two where none are named."""
    from feeds.wording import diff_html
    from feeds.wording.diff_text import to_text
    from monitor.comparing.version_pair import compare_versions

    with desk().archive.read() as reader:
        versions = reader.versions(known_notice(reader, notice).page)
    if len(versions) < 2 and a is None:
        click.echo(say("notice {} has one version: nothing to compare", notice), err=True)
        return
    new = _numbered(versions, b if b is not None else versions[-1].number)
    old = _numbered(versions, a if a is not None else new.number - 1)
    hunks = compare_versions(old, new).hunks
    if desk().as_json:
        for hunk in hunks:
            print_json(hunk_json(hunk))
    else:
        click.echo(diff_html.diff(hunks, desk().lang) if html else plain(to_text(hunks, desk().lang)))


@click.command()
@click.argument("query")
@click.option(
    "--order",
    type=click.Choice(ORDERS),
    default="newest",
    show_default=True,
    help="Newest first, or what the words are most about.",
)
@filters(words=False)
@reading
def search(query: str, order: str, **options: Any) -> None:
    """Search notices and versions for any phrase of one character or more, exact.

    Of phrases that are told apart by white space a text must hold all, wherever they stand. One that is in
    double quotes within the argument is taken as it stands; white space and widths never count.
    """
    if not query.strip():
        fail(say("an empty query finds nothing; give at least one character"))
    with desk().archive.read() as reader:
        asked = read_query(reader, options, by_relevance=order == "relevance")
        hits = reader.search(query, asked)
        names = load_names(reader, desk().headline_lang)
        last = reader.last_changes(hit.notice.id for hit in hits).values()
        altered = [one for one in last if one.kind != "new"]
        headlines = load_headlines(reader, altered, names)
        said = {one.notice: headlines[one.id] for one in altered}
        print_rows(
            ({**hit_json(hit), "headline": said.get(hit.notice.id)} for hit in hits),
            _hit_lines,
            named="notices",
        )
        if not desk().as_json:
            from feeds.formats.named_publishers import find_publishers

            _point_to_publishers(find_publishers(names, query))


def _point_to_publishers(found: Sequence[PublisherMatch]) -> None:
    """Say on stderr where notices of publishers are that a search names: few name themselves in a notice."""
    for one in found[:MAX_PUBLISHERS]:
        words = ("search", one.words) if one.words else ("notices",)
        click.echo(
            plain(say("notices of {} itself: {}", one.name, hint(*words, "--source", one.id))), err=True
        )


def _hit_lines(row: Mapping[str, Any]) -> str:
    """Write what a search found: the notice, the headline of its last change, the words around the phrase."""
    lines = (f"{row['notice']:>6}  {row['source']}  {row['title']}", row["headline"], row["snippet"])
    return "\n        ".join(filter(None, lines))


def change_line(change: Change, names: Names) -> str:
    """Write a change as one line: when, its headline, and the id of its source."""
    weight = word(REASONS, "form-only", desk().lang) if "form-only" in change.reasons else _said("minor")
    mark = "" if change.material else f" ({weight})"
    return f"{local(change.detected_at.isoformat())}  {headline(change, names)}{mark}"


def alert_line(row: Mapping[str, Any]) -> str:
    """Write an alert as one line: when, what kind, where, with which evidence."""
    kind, detail = pad(name_term(ALERTS, row["kind"]), 12), say_detail(row["detail"], desk().lang)
    return f"{local(row['raised_at'])}  {kind}  {row['source']}  {row['url']}  {detail}"


def fact_line(fact: Fact) -> str:
    """Write a fact as one line: its field, its value, and the publisher's wording of it."""
    lang = desk().lang
    name, value = str(fact.field), f"{fact.value}{fact.unit}"
    if lang == "ja":
        name, value = word(FIELDS, name, lang), say_value(name, value, lang)
    return f"{pad(name, 12)} {value}  「{fact.raw}」"


def _said(name: str) -> str:
    return word({**LABELS, **TERMINAL}, name, desk().lang)


def known_notice(reader: Reader, number: int) -> Notice:
    """Return the notice of that number; ends the command where there is none."""
    found = reader.notice(number)
    if found is None:
        fail(say("there is no notice {}; `kohyo notices` lists them", number))
    assert found is not None
    return found


def known_change(reader: Reader, number: int) -> Change:
    """Return the change of that number; ends the command where there is none."""
    found = reader.change(number)
    if found is None:
        fail(say("there is no change {}; `kohyo --json changes` lists them by id", number))
    assert found is not None
    return found


def _numbered(versions: list[Version], number: int) -> Version:
    for version in versions:
        if version.number == number:
            return version
    fail(say("there is no version {}; there are 1 to {}", number, len(versions)))
    raise AssertionError
