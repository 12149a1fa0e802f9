"""What an address may ask for, and why it is not answered with that."""

from __future__ import annotations

ERRORS = {
    "Bad Request": ("この指定では表示できません", "Bad Request"),
    "Gone": ("取り消されました", "Gone"),
    "Forbidden": ("許可されていません", "Forbidden"),
    "Not Found": ("見つかりません", "Not Found"),
    "Method Not Allowed": ("この方法では受け付けられません", "Method Not Allowed"),
    "Content Too Large": ("大きすぎます", "Content Too Large"),
    "Request Entity Too Large": ("大きすぎます", "Content Too Large"),
    "Unsupported Media Type": ("受け付けない形式です", "Unsupported Media Type"),
    "Service Unavailable": ("現在利用できません", "Service Unavailable"),
}
CONDITIONS = {
    "q": ("語句", "words"),
    "since": ("この日から", "from this day"),
    "until": ("この日の前まで", "before this day"),
    "stated_over": ("件数・人数がこれ以上", "at least so many"),
    "changed_over": ("変わった件数・人数がこれ以上", "a changed count at least"),
    "changed_by": ("件数・人数の変化がこれ以上(例: 1000、10%)", "a count changed by (1000, 10%)"),
    "period": ("期間(例: R6年度、2024-03)", "period (fy2024, 2024-03)"),
    "outcome": ("漏えいの有無", "outcome"),
    "provision": ("条文の番号", "article"),
    "organisation": ("組織の名称", "organisation"),
    "body": ("組織", "body"),
    "source": ("情報源", "source"),
    "publisher": ("公表元の種別", "kind of publisher"),
    "incident": ("事案", "incident"),
    "kind": ("変更の種類", "change"),
    "reason": ("変わった点", "what changed"),
    "action": ("措置", "measure"),
    "step": ("対応の経過", "step taken"),
    "material": ("重要度", "weight"),
    "order": ("並び順", "order"),
}
"""What an address may ask for, be there a field for it or not."""
REFUSALS = {
    "token-wanted": (
        "サーバーのKOHYO_TOKENを、Bearerトークンとして、またはパスワードとして送ってください。",
        "send the server's KOHYO_TOKEN, as a bearer token or as the password",
    ),
    "this-machine-only": (
        "このサーバー自身からのみ閲覧できます。",
        "this is for requests from the server's own machine",
    ),
    "evidence-too-large": (
        "この証拠はここで渡すには大きすぎます。運用者は kohyo evidence で作成できます。",
        "this evidence is too large to be given here; whoever runs this can make it with kohyo evidence",
    ),
    "not-on-record": ("{}は記録にありません。", "{} is not on record"),
    "no-mark": (
        "seenはstart、stop、またはこのサイトが付けた印です。",
        "seen is start, stop, or a mark that this site made",
    ),
    "incident-gone": (
        "この事案は取り消されました。公表そのものの記録は残っています。",
        "this incident was taken back; the notices themselves stay on record",
    ),
    "incident-moved": (
        "この事案は次の事案に統合されました。",
        "this incident was merged into another",
    ),
    "no-answer": (
        "記録を読み取れません。しばらくしてからお試しください。",
        "the archive does not answer",
    ),
    "no-comparison": ("ここでは版を比較できません。", "versions are not compared here"),
    "guessing": (
        "誤ったトークンが続けて送られました。しばらくしてからお試しください。",
        "too many wrong tokens came from here; try again later",
    ),
    "no-notices": ("公表を一つ以上選んでください。", "choose one notice or more"),
    "bad-notices": (
        "公表は番号で指定してください({}件まで)。",
        "notices are named by their numbers, at most {} of them",
    ),
    "needs-token": (
        "トークンの入力が必要です。/operateで入力してください。ページが古くなっている場合もあります。",
        "this needs the token, entered at /operate; the page may be too old",
    ),
    "other-site": (
        "別のサイトから送信されたフォームは受け付けません。",
        "this form was sent by another site",
    ),
    "media": ("受け付ける形式は{}です。", "this takes {}"),
    "too-large": ("受け付けるのは{}バイトまでです。", "this takes at most {} bytes"),
    "too-many-fields": ("フォームの項目が多すぎます。", "this form has too many fields"),
    "overrules": (
        "overrulesに指定できる値: acceptではrejected、rejectではconfirmed",
        "accept overrules: rejected, reject overrules: confirmed",
    ),
    "redaction-reason": (
        "削除の理由を{}文字以内で記入してください。",
        "a redaction has a reason of at most {} characters",
    ),
    "redaction-unsure": (
        "削除は取り消せません。確認の欄を選んでから送信してください。",
        "a redaction cannot be taken back: say sure=yes",
    ),
    "unsearchable": (
        "{}に検索できる文字が含まれていません。",
        "{} holds no character that can be searched for",
    ),
    "choices": ("{}に指定できる値: {}", "{} is one of: {}"),
    "no-number": (
        "{}には0から{}までの整数を指定してください。",
        "{} is not a number between 0 and {}",
    ),
    "no-margin": (
        "{}には1000または10%のような数を指定してください。",
        "{} is not an amount such as 1000 or 10%",
    ),
    "no-period": (
        "{}にはfy2024、R6年度、2024、2024-03のような期間を指定してください。",
        "{} is not a period such as fy2024, 2024 or 2024-03",
    ),
    "period-and-day": (
        "periodはsinceとuntilの代わりです。どちらか一方を指定してください。",
        "period stands in place of since and until: give one or the other",
    ),
    "unknown-parameter": (
        "{}という指定はありません。使えるもの: {}",
        "there is no parameter {}; there is {}",
    ),
    "unknown-parameter-meant": (
        "{}という指定はありません。{}のことですか。",
        "there is no parameter {}, did you mean {}?",
    ),
    "too-long": ("{}は{}文字以内で指定してください。", "{} is longer than {} characters"),
    "no-day": (
        "{}には2024-01-24のような実在の日付を指定してください。",
        "{} is not a day such as 2024-01-24",
    ),
    "no-words": ("検索する語句を ?q=… で指定してください。", "a search needs words: ?q=…"),
    "no-limit": ("limitは1以上で指定してください。", "limit is at least 1"),
    "no-row": ("afterは行の番号ではありません。", "after is not the id of a row"),
    "no-pair": (
        "比較する二つの版を ?a=…&b=… で指定してください。",
        "a comparison needs two versions: ?a=…&b=…",
    ),
    "no-address": (
        "アドレスを{}文字以内で入力してください。",
        "this takes an address of at most {} characters",
    ),
    "source-unnamed": (
        "情報源の名前（{}文字以内）と種別を指定してください。",
        "a source has a name of at most {} characters, and a kind",
    ),
}
"""Why a request is not answered with what it asked for."""
THINGS = {
    "this": ("お探しのもの", "this"),
    "this page": ("お探しのページ", "this page"),
    "this notice": ("この公表", "this notice"),
    "this change": ("この変更", "this change"),
    "this source": ("この情報源", "this source"),
    "this incident": ("この事案", "this incident"),
    "this organisation": ("この組織", "this organisation"),
    "this watch-list": ("このウォッチリスト", "this watch-list"),
    "this version": ("この版", "this version"),
    "this pair of versions": ("この二つの版の組", "this pair of versions"),
    "this format": ("この形式", "this format"),
    "this archive": ("この保存分", "this archive"),
    "this snapshot": ("この原本", "this snapshot"),
}
"""What an address may name that is not there."""
