"""The incident in epochs: when somebody looks, and what must have changed since the last time.

Days, counts, articles and deadlines are those of the real incident; the texts are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.demo.model import jst
from storage.records import Change, ChangeKind


@dataclass(frozen=True, slots=True)
class Expected:
    """A change that must be told: ``title`` is a part of its title, ``reasons`` some of its reasons."""

    source: str
    kind: ChangeKind
    title: str
    reasons: frozenset[str] = frozenset()

    def fits(self, change: Change) -> bool:
        """Tell whether a change is the expected one: source, kind, part of the title, reasons at least."""
        return (
            (change.source, change.kind) == (self.source, self.kind)
            and self.title in change.title
            and self.reasons <= set(change.reasons)
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.source} «{self.title}» {' '.join(sorted(self.reasons))}".rstrip()


@dataclass(frozen=True, slots=True)
class Epoch:
    """A visit to all sites. Without expected changes it proves silence."""

    moment: datetime
    about: str
    expected: tuple[Expected, ...] = ()


def _new(source: str, title: str) -> Expected:
    return Expected(source, "new", title)


def _updated(source: str, title: str, *reasons: str) -> Expected:
    return Expected(source, "updated", title, frozenset(reasons))


EPOCHS = (
    Epoch(
        jst("2023-10-17 21:00"),
        "最初の公表: 59社・団体、約900万件",
        (
            _new("procx", "元派遣社員によるお客さま情報の不正流出"),
            _new("ntt-bs", "元派遣社員によるお客さま情報の不正流出"),
            _new("affected-ntt-west", "お客さま情報の不正流出に関するお詫びとお知らせ"),
            _new("affected-fukuoka", "委託業務による個人情報の漏えい事案"),
            _new("affected-chiba", "健診の受診勧奨業務"),
        ),
    ),
    Epoch(
        jst("2023-10-20 09:00"),
        "自治体の公表と、一覧記事",
        (
            _new("affected-mie", "委託業務で使用した情報の流出の可能性"),
            _new("affected-kaizu", "特定健診の受診勧奨業務"),
            _new("affected-example", "水道料金のお知らせ業務"),
            _new("smbiz-15032430", "公表した企業・自治体の一覧"),
        ),
    ),
    Epoch(jst("2023-11-15 09:00"), "時計、閲覧数、広告のほかは何も変わらない"),
    Epoch(
        jst("2023-12-19 21:00"),
        "件数の更新: 69社・団体、約928万件",
        (
            _new("procx", "調査の状況"),
            _new("ntt-bs", "調査の状況"),
            _updated("affected-fukuoka", "委託業務による個人情報の漏えい事案", "count"),
            _updated("smbiz-15032430", "公表した企業・自治体の一覧", "count"),
            # One more notice at an address that stands for many.
            _new("ppc-information", "届出番号2023-100036"),
        ),
    ),
    Epoch(jst("2024-01-09 09:00"), "年が改まり、メニューが一つ増える"),
    Epoch(
        jst("2024-01-17 21:00"),
        "福岡県: 133,655人分と29,173人分、合計162,828人分。名簿業者への指導",
        (
            _updated("affected-fukuoka", "委託業務による個人情報の漏えい事案", "count"),
            _new("ppc-press", "オプトアウト届出事業者に対する"),
        ),
    ),
    Epoch(
        jst("2024-01-24 21:00"),
        "委員会の勧告(148条1項)、指導(147条)、報告等の求め(146条)。期限は2月29日と3月29日",
        (
            _new("ppc-press", "及びNTTビジネスソリューションズ株式会社に対する"),
            _new("ppc-careful", "コールセンター業務における個人データの取扱い"),
            _new("procx-240124", "個人情報保護委員会からの勧告等について"),
            _new("ntt-bs-240124", "個人情報保護委員会による勧告等について"),
        ),
    ),
    Epoch(
        jst("2024-02-29 21:00"),
        "NTT西日本グループの報告",
        (_new("ntt-west-240229", "情報セキュリティ強化に向けた取組み"),),
    ),
    Epoch(
        jst("2024-03-28 21:00"),
        "三重県: 断りのない書き換え。流出は確認されなかった",
        (_updated("affected-mie", "委託業務で使用した情報の流出の可能性", "outcome", "silent"),),
    ),
    Epoch(
        jst("2024-04-01 09:00"),
        "海津市の第2報が第1報の上に積まれ、NTT西日本の進捗状況のページができる",
        (
            _updated("affected-kaizu", "特定健診の受診勧奨業務", "count"),
            _new("ntt-west-progress", "進捗状況"),
        ),
    ),
    Epoch(jst("2024-06-05 09:00"), "年度が改まり、一つのサイトの見た目が新しくなる"),
    Epoch(
        jst("2024-09-11 21:00"),
        "委員会のその後の対応。進捗状況のページの書き換え",
        (
            _new("ppc-press", "不正持ち出し事案に対する"),
            _updated("ntt-west-progress", "進捗状況"),
        ),
    ),
    Epoch(jst("2024-10-02 10:00"), "例示市の公表が見当たらない。一度だけなら、まだ何も言わない"),
    Epoch(
        jst("2024-10-02 12:30"),
        "二時間半後も見当たらない",
        (Expected("affected-example", "withdrawn", "水道料金のお知らせ業務"),),
    ),
    Epoch(jst("2024-10-02 13:00"), "もう一度見ても、何も増えない"),
)


def judged(expected: Iterable[Expected], changes: Iterable[Change]) -> tuple[list[Expected], list[Change]]:
    """Return what was expected and not told, and what was told and not expected."""
    extra = list(changes)
    missing = []
    for one in expected:
        found = next((change for change in extra if one.fits(change)), None)
        if found is None:
            missing.append(one)
        else:
            extra.remove(found)
    return missing, extra
