"""A real nginx with the files of docs/deploy in front, with TLS, under the prefix /kohyo/; and no server at all."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import feedparser
import pytest

from feeds.site.publish import publish
from storage.archive import open_archive
from tests.docs.markdown import DOCS
from tests.feeds.browser.conftest import TOKEN, Open, free_port, serving
from tests.feeds.browser.walks import INCIDENT, walk

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
OPENSSL = shutil.which("openssl")
needs_nginx = pytest.mark.skipif(not (NGINX and OPENSSL), reason="there is no nginx or openssl here")
UNCHECKED = ssl._create_unverified_context()  # the certificate is of the test itself


@contextmanager
def behind_nginx(example: str, folder: Path, port: int, **places: str) -> Iterator[str]:
    """Serve by an example of docs/deploy as it stands, but for places of this machine; yields the base URL."""
    folder.mkdir(exist_ok=True)
    subprocess.run(
        [
            str(OPENSSL), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", folder / "kohyo.key", "-out", folder / "kohyo.pem",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    site = (DOCS / "deploy" / example).read_text("utf-8")
    replaced = {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/certs": str(folder),
        "/etc/ssl/private": str(folder),
        "server_name kohyo.example.org": "server_name 127.0.0.1",
        **places,
    }
    for stated, here in replaced.items():
        assert stated in site, stated
        site = site.replace(stated, here)
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\nuser root;\npid {folder / 'pid'};\nerror_log {folder / 'error.log'};\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{site}}}\n",
        "utf-8",
    )
    checked = subprocess.run(
        [str(NGINX), "-t", "-q", "-c", folder / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen([str(NGINX), "-c", folder / "nginx.conf"])
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"https://127.0.0.1:{port}/kohyo"
    finally:
        process.terminate()
        process.wait(timeout=20)


def asked(address: str, **headers: str) -> urllib.request.addinfourl:
    request = urllib.request.Request(address, headers=headers)
    try:
        return urllib.request.urlopen(request, context=UNCHECKED, timeout=30)
    except urllib.error.HTTPError as error:
        return error


@pytest.fixture(scope="module")
def prefixed(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of ``kohyo serve`` behind nginx."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    ours = {"KOHYO_TOKEN": TOKEN, "KOHYO_BASE_URL": f"https://127.0.0.1:{port}/kohyo"}
    with (
        serving(Path(shutil.copy(lived, folder)), **ours) as program,
        behind_nginx(
            "nginx-serve.conf", folder / "front", port, **{"http://127.0.0.1:8000": program}
        ) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def tree(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published tree, in Japanese, as it stands in a folder."""
    folder = tmp_path_factory.mktemp("tree")
    with open_archive(f"sqlite:///{shutil.copy(lived, folder)}") as archive:
        publish(archive, folder / "www", base_url="https://kohyo.example.org/kohyo")
    return folder / "www"


@needs_nginx
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_walk_under_a_prefix(prefixed: str, opened: Open, scripts: bool) -> None:
    walk(prefixed, opened, scripts=scripts, width=1200)


@needs_nginx
def test_who_decides_logs_in_under_a_prefix_and_stays_there(prefixed: str, opened: Open) -> None:
    page = opened(ignore_https_errors=True)
    page.goto(f"{prefixed}/operate")
    page.locator("input[type=password]").fill(TOKEN)
    page.locator("form:has(input[type=password]) button").click()
    page.wait_for_load_state()
    assert page.url.startswith(f"{prefixed}/operate")
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "kohyo"]
    assert cookie["secure"], "what came by TLS stays within it"
    page.locator("nav a").first.click()
    page.wait_for_load_state()
    assert page.url.startswith(f"{prefixed}/")


@needs_nginx
def test_feeds_under_a_prefix_name_addresses_under_it(prefixed: str) -> None:
    feed = feedparser.parse(asked(f"{prefixed}/feeds/all.atom").read())
    links = [entry.link for entry in feed.entries]
    assert links
    assert all(link.startswith(f"{prefixed}/notices/") for link in links)
    (found,) = [link.href for link in feed.feed.links if link.rel == "self"]
    assert found == f"{prefixed}/feeds/all.atom"


@needs_nginx
def test_the_tree_is_served_as_files_with_their_types_and_nothing_hidden(tree: Path, tmp_path: Path) -> None:
    with behind_nginx(
        "nginx-tree.conf", tmp_path / "front", free_port(), **{"/var/www/kohyo/": f"{tree}/"}
    ) as address:
        with asked(address) as home:
            assert (home.status, home.url) == (200, f"{address}/")
            assert home.headers["Content-Type"] == "text/html; charset=utf-8"
            assert "frame-ancestors 'none'" in home.headers["Content-Security-Policy"]
        for path, kind in {
            "feeds/all.atom": "application/atom+xml; charset=utf-8",
            "feeds/all.rss": "application/rss+xml; charset=utf-8",
            "feeds/all.json": "application/json",
            "feeds/deadlines.ics": "text/calendar; charset=utf-8",
            "feeds.opml": "text/x-opml; charset=utf-8",
            "static/kohyo.svg": "image/svg+xml",
        }.items():
            with asked(f"{address}/{path}") as answer:
                assert (answer.status, answer.headers["Content-Type"]) == (200, kind), path
        assert asked(f"{address}/.kohyo.json").status == 403
        assert asked(f"{address}/nothing.html").status == 404


@pytest.mark.parametrize("where", ["sub-folder", "file"])
def test_the_tree_is_walked_from_a_folder(tree: Path, opened: Open, tmp_path: Path, where: str) -> None:
    """From ``file://`` no server says what a folder's page is: every link names a file."""
    start = (tree / "index.html").as_uri()
    if where == "sub-folder":
        shutil.copytree(tree, tmp_path / "公表" / "a b" / "kohyo")
        start = (tmp_path / "公表" / "a b" / "kohyo" / "index.html").as_uri()
    page = opened()
    expect = pytest.importorskip("playwright.sync_api").expect
    page.goto(start)
    top = start.removesuffix("index.html")
    page.locator("nav").get_by_role("link", name="事案").click()
    page.locator("#incidents").get_by_role("link", name=INCIDENT).first.click()
    expect(page.locator("h1")).to_contain_text(INCIDENT)
    page.locator("nav").get_by_role("link", name="収集状況").click()
    page.locator("details summary").first.click()
    page.get_by_role("link", name=re.compile("三重県")).click()
    page.get_by_role("link", name=re.compile("委託業務で使用した情報の流出")).first.click()
    page.wait_for_url(lambda url: url.startswith(f"{top}notices/"))
    colour = page.evaluate("getComputedStyle(document.querySelector('.skip')).position")
    assert colour != "static", "the style sheet is found"


def test_every_link_within_the_tree_leads_to_a_file_of_it(tree: Path) -> None:
    lost = []
    for page in sorted(tree.rglob("*.html")):
        for target in re.findall(r'(?:href|src)="([^"#?:]+)(?:[#?][^"]*)?"', page.read_text("utf-8")):
            if not (page.parent / unquote(target)).exists():
                lost.append(f"{page.relative_to(tree)} → {target}")
    assert lost == []
