"""Answers to those who decide, on a page or by a command."""

from __future__ import annotations

DECIDED = {
    "done": ("記録しました", "Recorded"),
    "already": ("変更していません", "Nothing was changed"),
    "unknown": ("記録にありません", "Not on record"),
    "refused": ("使えません", "Cannot be used"),
}
"""What came of a decision."""
DECISIONS = {
    "offer-unknown": (
        "番号{0}の候補はありません。",
        "there is no offer {0}; `kohyo sources offers` lists them",
    ),
    "offer-confirmed-before": ("すでに採用済みです: {1}", "offer {0} was already confirmed: {1}"),
    "offer-rejected-before": ("すでに却下済みです: {1}", "offer {0} was already rejected: {1}"),
    "offer-rejected": ("却下しました: {0}", "rejected {0}"),
    "offer-confirmed": ("採用しました。次の巡回から確認します: {0} (情報源: {1})", "accepted {0} as {1}"),
    "source-added": (
        "次の巡回から確認します: {0} (情報源: {1})",
        "{0} is watched from the next crawl on, as {1}",
    ),
    "source-broken": ("この定義は使えません: {0}", "this declaration cannot be used: {0}"),
    "source-private": (
        "内部ネットワークのアドレスは、ここからは登録できません。",
        "addresses of a private network cannot be added here; `--sources` takes a declaration",
    ),
    "source-watched": ("すでに確認しています: {0} (情報源: {1})", "{0} is watched already, by {1}"),
    "source-id-taken": ("識別子{0}は別の情報源が使っています。", "the id {0} is taken by another source"),
    "source-not-accepted": (
        "情報源{0}は、ここで採用したものではありません。",
        "{0} is no source that was accepted here",
    ),
    "source-dropped-before": (
        "情報源{0}の確認はすでに取りやめています。",
        "{0} is not watched any more",
    ),
    "source-dropped": (
        "確認を取りやめました: {0}。これまでの記録は残ります。",
        "{0} is no longer watched; what is stored of it stays",
    ),
    "link-unknown": ("事案{0}または公表{1}がありません。", "there is no incident {0} or no notice {1}"),
    "link-confirmed": ("この公表を事案に関連付けました。", "the notice belongs to the incident"),
    "link-rejected": (
        "この公表を事案に関連付けないと記録しました。",
        "the notice does not belong to the incident",
    ),
    "link-not-overruled": (
        "変更しようとした判断は、いまの判断ではありません。何も変更していません。",
        "nothing was overruled: the link is not, or no longer, {0}",
    ),
    "link-decided-before": (
        "関連付けはすでに判断されており、その判断が有効です。",
        "the link was already decided, and that stands",
    ),
    "incident-unknown": ("事案{0}はありません。", "there is no incident {0}; `kohyo incidents` lists them"),
    "incident-near": (
        "事案{0}はありません。{1}のことですか。",
        "there is no incident {0}; did you mean {1}?",
    ),
    "incident-gone": (
        "事案{0}は取り消されています。元に戻すこともできます。",
        "the incident {0} was removed; undo brings it back",
    ),
    "incident-went": (
        "事案{0}は{1}に統合されています。",
        "the incident {0} was merged into {1}",
    ),
    "incident-slug-bad": (
        "識別名「{0}」は使えません。英小文字・数字・ハイフン・下線で、80字以内、先頭は英数字にしてください。",
        "{0!r} cannot be a slug: up to 80 lower-case letters, digits, - and _, a letter or digit first",
    ),
    "incident-slug-taken": (
        "識別名{0}はすでに使われています。別の識別名にしてください。何も失われていません。",
        "the slug {0} is taken by {1!r}; choose another, nothing was changed",
    ),
    "incident-broken": ("この内容は使えません: {0}", "this cannot be used: {0}"),
    "incident-made": ("事案を作成しました: {0} ({1})", "made the incident {1}: {0}"),
    "incident-edited": ("事案{0}を変更しました: {1}", "changed {1} of {0}"),
    "incident-same": (
        "事案{0}はすでにそのとおりです。",
        "nothing differs from what {0} holds already",
    ),
    "incident-meanwhile": (
        "この画面を開いたあとに、別の人が事案{0}を変更しました。いまの内容を確かめて、もう一度行ってください。何も失われていません。",
        "somebody changed {0} since this page was opened; look at it again, nothing was lost",
    ),
    "incident-itself": (
        "事案{0}をそれ自身に統合することはできません。",
        "{0} cannot be merged into itself",
    ),
    "incident-merged": (
        "事案{0}を{1}に統合しました。{0}のページとフィードは{1}の内容を伝えます。",
        "merged {0} into {1}, which answers for it from now on",
    ),
    "incident-merged-before": (
        "事案{0}はすでに{1}に統合されています。",
        "{0} was merged into {1} already, and that stands",
    ),
    "incident-split": (
        "事案{0}から{2}件の公表を新しい事案{1}に分けました。",
        "split {2} off {0} into {1}",
    ),
    "incident-not-of": (
        "事案{0}に属していない公表があります: {1}",
        "these do not belong to {0}: {1}",
    ),
    "incident-none-named": ("公表を一つ以上指定してください。", "name one notice or more"),
    "incident-closed": (
        "事案{0}を終結としました。あとから見つかる公表も関連付けの候補になります。",
        "closed {0}; what comes later is suggested all the same",
    ),
    "incident-closed-before": ("事案{0}はすでに終結しています。", "{0} is closed already"),
    "incident-reopened": ("事案{0}を再開しました。", "reopened {0}"),
    "incident-open-before": ("事案{0}は終結していません。", "{0} is open already"),
    "incident-removed": (
        "事案{0}を取り消しました。公表の記録は残り、元に戻すこともできます。",
        "removed {0}; its notices stay on record, and undo brings it back",
    ),
    "incident-removed-before": ("事案{0}はすでに取り消されています。", "{0} was removed already"),
    "incident-undone": ("事案{0}の「{1}」を元に戻しました。", "undid of {0}: {2}"),
    "incident-nothing-to-undo": (
        "事案{0}には元に戻すことがありません。",
        "nothing was done to {0} that could be undone",
    ),
    "incident-undo-blocked": (
        "事案{1}がそのあとに変更されています。先にそれを元に戻してください。",
        "{1} was changed since then; undo that first: `kohyo incidents undo {1}`",
    ),
    "links-linked": ("{1}件の公表を事案{0}に関連付けました。", "{1} now belong to {0}"),
    "links-unlinked": (
        "{1}件の公表を事案{0}に関連付けないと記録しました。",
        "{1} do not belong to {0}, and are not suggested again",
    ),
    "links-decided-before": (
        "すでに別の判断がされている公表があり、何も変更していません: {0}",
        "nothing was changed, other decisions stand: {0}",
    ),
    "notices-unknown": ("公表{0}はありません。", "there is no notice {0}; `kohyo notices` lists them"),
    "notice-unknown": ("公表{0}はありません。", "there is no notice {0}"),
    "redacted": (
        "この公表の記録を削除しました。公開したフィードとページからは、次の公開で消えます。",
        "notice {0} is redacted; publish again to take it out of feeds and pages",
    ),
    "redaction-remains": (
        "ただし、データベースのファイルにはまだ残っています。次にkohyoを実行したときに取り除きます。",
        ". Its words are still in the database's files: {0}. They are taken out later",
    ),
}
"""Answers to those who decide."""
