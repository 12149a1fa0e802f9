"""Every word that people read, in one place: the Japanese and English of whatever kohyo names itself.

A pair is (Japanese, English). Values of facts are stored in English: their tables give the Japanese.
"""

from __future__ import annotations

from storage.topics.versions import TOMBSTONE

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
KINDS = {
    "new": ("新規", "New"),
    "updated": ("更新", "Updated"),
    "withdrawn": ("掲載終了", "Withdrawn"),
    "restored": ("再掲載", "Restored"),
    "moved": ("移動", "Moved"),
}
REASONS = {
    "count": ("件数・人数", "count"),
    "date": ("日付", "date"),
    "deadline": ("期限", "deadline"),
    "provision": ("根拠条文", "legal provision"),
    "phone": ("連絡先", "telephone"),
    "outcome": ("漏えいの有無", "outcome"),
    "wording-softened?": ("表現の緩和(推定)", "softer wording (presumed)"),
    "negation": ("否定表現", "negation"),
    "postscript": ("追記", "postscript"),
    "added": ("追加", "passage added"),
    "removed": ("削除", "passage removed"),
    "column": ("表の列", "table column"),
    "text": ("文言", "wording"),
    "title": ("表題", "title"),
    "attachment": ("添付資料", "attachment"),
    "link": ("リンク", "link"),
    "order": ("順序", "order of passages"),
    "reverted": ("以前の記述に復帰", "back to an earlier text"),
    "silent": ("更新日の変更なし", "update date left as it was"),
    "found-later": ("過去の記録から判明", "found later, in an old capture"),
    "address": ("アドレス", "address"),
    "form-only": ("表記のみ", "notation only"),
}
FIELDS = {
    "count": ("件数", "count"),
    "outcome": ("漏えいの有無", "outcome"),
    "deadline": ("期限", "deadline"),
    "provision": ("根拠条文", "provision"),
    "action": ("措置", "action"),
    "cause": ("原因", "cause"),
    "data-item": ("データ項目", "data item"),
    "step": ("対応の経過", "step"),
    "report": ("報告の段階", "report"),
    "organisation": ("組織", "organisation"),
    "role": ("立場", "role"),
    "corporate-number": ("法人番号", "corporate number"),
    "phone": ("電話番号", "telephone"),
    "days-to-publication": ("発覚から公表までの日数", "days from discovery to publication"),
    "date": ("日付", "date"),
}
"""Fields of facts, most telling first."""
DATE_ROLES = {
    "occurred": ("発生日", "day it happened"),
    "discovered": ("発覚日", "day of discovery"),
    "reported": ("報告日", "day of a report"),
    "notified": ("本人への通知日", "day persons were told"),
    "published": ("公表日", "day of publication"),
    "period-start": ("期間の始まり", "begin of a period"),
    "period-end": ("期間の終わり", "end of a period"),
}
"""What a date is of, as far as the text says so."""
PARTS_PLAYED = {
    "respondent": ("措置の対象", "respondent"),
    "regulator": ("措置を行った機関", "authority"),
    "controller": ("委託元", "owner of the data"),
    "processor": ("委託先", "contractor"),
    "sub-processor": ("再委託先", "subcontractor"),
    "staffing agency": ("派遣元", "staffing agency"),
    "host": ("派遣先", "host of the staff"),
    "list broker": ("名簿業者", "list broker"),
}
"""Which part a body plays in what a notice tells."""
PARTS_NAMED = {
    **PARTS_PLAYED,
    "counted": ("件数の報告", "counted there"),
}
"""As what a notice of another names a body."""
STAGES = {
    "stated": ("自らの記載", "stated by it"),
    "possible": ("可能性として", "as possible"),
    "under-investigation": ("調査中", "under investigation"),
    "declared": ("登録された記載", "as declared"),
    "reported": ("他者の報告", "reported by others"),
}
"""How the latest count of a body is held."""
PEOPLE = ("対象者数", "persons affected")
SOURCE_KINDS = {
    "regulator": ("監督機関", "regulator"),
    "company": ("企業", "company"),
    "affected": ("対象となった団体", "affected body"),
    "index": ("一覧記事", "index article"),
    "commentary": ("解説", "commentary"),
}
ANSWERS = {
    "yes": ("該当", "relevant"),
    "look": ("本文で判断", "its page decides"),
    "no": ("対象外", "not relevant"),
}
"""Whether a row of a list is about an incident with personal data."""
WHATS = {
    "feed": ("フィード", "feed"),
    "JSON": ("JSON", "JSON"),
    "list": ("一覧ページ", "list"),
    "page": ("単独のページ", "single page"),
}
"""What a search found at an address."""
STATUSES = {
    "listed": ("一覧に掲載", "listed"),
    "standing": ("掲載中", "standing"),
    "withdrawn": ("掲載終了", "withdrawn"),
    "declared": ("登録済み", "declared"),
    "suggested": ("候補", "suggested"),
    "confirmed": ("確認済み", "confirmed"),
    "rejected": ("却下", "rejected"),
}
INCIDENT_STATUSES = {
    "open": ("継続中", "open"),
    "closed": ("終結", "closed"),
    "removed": ("取り消し済み", "removed"),
}
CLOCKS = {
    "first notice": ("最初の公表", "first notice"),
    "first report": ("個人情報保護委員会への報告", "report to the Commission"),
    "full report": ("個人情報保護委員会への確報", "full report to the Commission"),
    "persons told": ("本人への通知", "persons told"),
}
"""Steps whose days are counted from discovery."""
STANDINGS = {
    "within": ("期限内", "within the limit"),
    "depends": ("60日の期限が適用される場合は期限内", "within the limit only if 60 days apply"),
    "over": ("期限を超過", "beyond the limit"),
    "unknown": ("記載なし(不明)", "not stated: unknown"),
}
"""How the days to a report stand to its limit."""
OUTCOMES = {
    "not-modified": ("変更なし(サーバーの応答)", "not modified, says the server"),
    "same-bytes": ("変更なし", "unchanged"),
    "same-text": ("本文の変更なし", "same text"),
    "version": ("新しい版", "new version"),
    "held": ("保留(再確認待ち)", "held for a second look"),
    "soft-404": ("実質的な404", "soft 404"),
    "blocked": ("アクセス拒否", "refused"),
    "empty": ("内容なし", "empty"),
    "unreadable": ("判読不能", "unreadable"),
    "missing": ("ページなし", "page missing"),
    "earlier": ("過去の記録の取り込み", "earlier capture, imported"),
    "error": ("取得失敗", "not fetched"),
    "robots": ("robots.txtにより不可", "kept out by robots.txt"),
    "not-run": ("巡回なし", "no visit"),
}
"""What came of a visit, and why none brought anything."""
CONDITIONS = {
    "q": ("語句", "words"),
    "since": ("この日から", "from this day"),
    "until": ("この日の前まで", "before this day"),
    "min_count": ("件数・人数がこれ以上", "at least so many"),
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
WEIGHTS = {
    "any": ("軽微な変更も含む", "minor ones too"),
    "true": ("重要な変更のみ", "material changes only"),
    "false": ("軽微な変更のみ", "minor changes only"),
}
ALERTS = {
    **OUTCOMES,
    "unreachable": ("取得失敗", "not fetched"),
    "redesign": ("大幅な変更(再確認待ち)", "much changed at once"),
    "few-rows": ("一覧の行数不足", "fewer rows than expected"),
    "many-rows": ("一覧の行数超過", "more rows than expected"),
    "rolled-off": ("行の取りこぼしのおそれ", "rows may have been missed"),
    "fallback": ("代わりの一覧を巡回中", "another list is visited in its place"),
    "addresses": ("行のアドレスが毎回変わる", "addresses of rows change at every visit"),
    "stood-still": ("一覧の更新停止", "the list stands still"),
    "decoding": ("文字化け", "decoding got worse"),
    "recipe": ("旧版の再読不能", "old text cannot be read again"),
    "notification": ("通知の失敗", "notification failed"),
    "failed": ("kohyoの不具合", "kohyo failed on it"),
    "budget": ("上限で打ち切り", "cut at a limit"),
    "too-expensive": ("処理量の上限超過", "too expensive to judge"),
}
STATES = {
    "address-unknown": ("アドレス不明", "address not known"),
    "unvisited": ("未巡回", "not visited yet"),
    "unconfirmed": ("未確認(一度も読めていない)", "unconfirmed: never read well"),
    "clock": ("時計の誤り(未来の巡回記録)", "visits on record in the future: a clock was wrong"),
    "overdue": ("長く巡回なし", "not visited for too long"),
    "failing": ("読み取り失敗 {}ページ", "pages failing: {}"),
    "few-rows": ("行数が想定より少ない", "fewer rows than expected"),
    "quiet": ("想定より長く新規なし", "quiet longer than expected"),
    "alerts": ("警告 {}件", "open alerts: {}"),
    "gone": ("ページなし(掲載終了)", "its page is gone"),
}
"""What is not in order with a source, with the number of what is, or why it is not watched."""
WRONG = {
    "clock": ("時計の誤り", "a clock was wrong"),
    "overdue": ("長く巡回なし", "not visited for too long"),
    "failing": ("読み取り失敗", "pages failing"),
    "few-rows": ("行数が想定より少ない", "fewer rows than expected"),
    "quiet": ("想定より長く新規なし", "quiet longer than expected"),
    "alerts": ("警告あり", "open alerts"),
    "unvisited": ("未巡回", "not visited yet"),
}
"""What sources that need attention are grouped by."""
EVIDENCE = {
    "seed of the declaration": ("事案の定義に記載", "seed of the declaration"),
    "link": ("リンク", "link"),
    "hotline": ("同じ問い合わせ先", "same hotline"),
    "respondent within the window": ("期間内に当事者の名称", "respondent within the window"),
    "quoted title": ("引用された題名", "quoted title"),
    "same attachment": ("同じ添付ファイル", "same attachment"),
    "same body": ("同じ組織の名称", "same body"),
    "same day of the event": ("同じ発生日・発覚日", "same day of the event"),
    "same cause": ("同じ原因", "same cause"),
    "same count": ("同じ数", "same count"),
    "wording": ("文面の類似度", "similarity of the wording"),
    "by hand": ("人の判断", "by hand"),
}
"""Why a notice may belong to an incident."""
UNITS = {
    "人": "person", "名": "person", "件": "record", "世帯": "household", "社": "company", "会社": "company",
    "企業": "company", "事業者": "business", "事業所": "office", "支店": "branch", "店舗": "shop",
    "法人": "corporation", "団体": "body", "公共団体": "public body", "自治体": "local government",
    "都道府県": "prefecture", "市区町村": "municipality", "市町村": "municipality", "県": "prefecture",
    "市": "city", "区": "ward", "町": "town", "村": "village", "機関": "institution",
    "医療機関": "medical institution", "病院": "hospital", "施設": "facility", "大学": "university",
    "学校": "school", "校": "school", "台": "device", "端末": "device", "パソコン": "computer",
    "サーバ": "server", "サーバー": "server", "サイト": "website", "ファイル": "file",
    "アカウント": "account", "口座": "bank account", "メールアドレス": "e-mail address", "契約": "contract",
    "会員": "member", "顧客": "customer", "枚": "item",
}  # fmt: skip
"""What is counted. Words with several meanings, such as 組合 and 園, are left to the reader."""
QUALIFIERS = {
    "約": "about",
    "およそ": "about",
    "おおよそ": "about",
    "おおむね": "about",
    "概ね": "about",
    "最大": "up to",
    "最大で": "up to",
    "延": "not unique,",
    "延べ": "not unique,",
    "のべ": "not unique,",
    "少なくとも": "at least",
    "計": "a total of",
    "合計": "a total of",
    "合計で": "a total of",
    "総計": "a total of",
    "累計": "a cumulative total of",
    "累計で": "a cumulative total of",
    "うち": "of which",
}
LIMITS = {"以上": "or more", "以下": "or fewer", "程度": "or so"}
"""What qualifies a count from behind."""
UNSAID = {
    "確認中": "being checked",
    "調査中": "under investigation",
    "精査中": "under examination",
    "非公表": "not disclosed",
    "不明": "unknown",
}
"""What stands where a count would."""
REFUSALS = {
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
STEPS_OF_INCIDENTS = {
    "new": ("作成", "made"),
    "edit": ("編集", "edited"),
    "link": ("関連付け", "notices linked"),
    "unlink": ("関連付けの否定", "notices unlinked"),
    "merge": ("統合", "merged"),
    "split": ("分割", "split"),
    "close": ("終結", "closed"),
    "reopen": ("再開", "reopened"),
    "remove": ("取り消し", "removed"),
}
"""What was done to an incident, as its trace says it."""
INCIDENT_FIELDS = {
    "name": ("事案の名称", "name"),
    "summary": ("概要", "summary"),
    "respondents": ("当事者の名称", "respondents"),
    "aliases": ("別名・略称", "other names"),
    "hotlines": ("問い合わせ先の電話番号", "hotlines"),
    "window": ("公表を探す期間", "notices looked for"),
    "from": ("初日", "from"),
    "until": ("末日", "until"),
    "seeds": ("属する公表のアドレス", "addresses of notices"),
    "roster": ("関係する団体", "bodies"),
    "body": ("団体の名称", "body"),
    "kind": ("種別", "kind"),
    "source": ("情報源", "source"),
    "disclosed": ("公表日", "disclosed"),
    "count": ("件数", "count"),
    "later": ("その後", "later"),
}
"""What an incident holds, by its keys."""
MISTAKES = {
    "missing": ("入力がありません", "missing"),
    "at least 1 character": ("入力がありません", "missing"),
    "valid date": ("日付として読めません(例: 2024-01-24)", "is no day such as 2024-01-24"),
    "until lies before from": ("末日が初日より前です", "until lies before from"),
    "no body's name": (
        "一つの団体を表す名称ではありません。正式な名称を入力してください",
        "is no body's name but that of many: write it in full",
    ),
}
"""What may be wrong with what a person writes of an incident, by a part of what is said of it to programs."""
WAYS = {
    "command": ("コマンド", "by command"),
    "page": ("画面またはAPI", "on the pages or by the API"),
}
"""Which way somebody came who did something."""
DRAFTS = {
    "name": ("{0}の個人データの漏えい等", "{0}: leak or loss of personal data"),
    "name-with-month": (
        "{0}の個人データの漏えい等({1}年{2}月)",
        "{0}: leak or loss of personal data ({1}-{2:02})",
    ),
    "nobody": ("名称不明の団体", "a body not named"),
}
"""How a drafted incident is called until somebody names it."""
PHRASES = {
    "page-gone": ("ページがなくなりました", "The page is gone"),
    "page-back": ("再び掲載されました", "Published again"),
    "file-gone": ("添付ファイル{}がなくなりました", "Attachment {} is gone"),
    "file-back": ("添付ファイル{}が再び掲載されました", "Attachment {} was published again"),
    "file-replaced": ("添付ファイル{}が差し替えられました", "Attachment {} was replaced"),
    "attachment-insert": ("添付ファイルの追加「{}」", "Attachment added: “{}”"),
    "attachment-change": ("添付ファイルの差し替え「{}」", "Attachment replaced: “{}”"),
    "attachment-delete": ("添付ファイルの削除「{}」", "Attachment removed: “{}”"),
    "link-insert": ("リンクの追加「{}」", "Link added: “{}”"),
    "link-change": ("リンク先の差し替え「{}」", "Link leads elsewhere: “{}”"),
    "link-delete": ("リンクの削除「{}」", "Link removed: “{}”"),
    "slot": ("リンク枠の入れ替わり「{}」", "Another link in turn: “{}”"),
    "outcome": ("漏えい等の有無に関する記載の変更「{}」", "Statement on whether data leaked changed: “{}”"),
    "postscript": ("追記「{}」", "Postscript: “{}”"),
    "insert": ("追加「{}」", "Added: “{}”"),
    "delete": ("削除「{}」", "Removed: “{}”"),
    "column-insert": ("表の列「{}」の追加", "Table column added: “{}”"),
    "column-delete": ("表の列「{}」の削除", "Table column removed: “{}”"),
    "title": ("表題の変更「{}」", "Title changed: “{}”"),
    "date": ("日付の変更 {} → {}", "Date changed: {} → {}"),
    "address": ("掲載先の変更 {}", "Moved to {}"),
    "stamp": ("更新日の変更", "Update date changed"),
    "change": ("{}の変更「{}」", "{} changed: “{}”"),
    "wording": ("文言", "Wording"),
    "order": ("順序の変更", "Order of passages changed"),
    "form": ("表記のみの変更", "Notation only"),
    "more": ("、ほか{}件", "; and {} more"),
    "same": ("変更なし", "No change"),
    "redacted": (TOMBSTONE, "[removed]"),
}
"""What is said of a change; what stands in braces is the publisher's."""
TERMINAL = {
    "published": ("公開", "published"),
    "updated": ("更新", "updated"),
    "attachment": ("資料", "attachment"),
    "version": ("版", "version "),
    "update stated": ("更新日の記載", "update date stated"),
    "later": ("{}日後", "{} days later"),
    "undated": ("日付不明", "day not known"),
    "uncounted": ("件数不明", "count not known"),
    "edits": ("編集{}回(うち断りなし{}回)", "{} edits, {} of them without a word"),
    "not known": ("不明: {}", "not known: {}"),
    "named by": ("言及: {}", "named by {}"),
}
"""What the command line says beside what it shows."""
LABELS = {
    "part-of": ("{1}のうち{0}", "{0} of {1}"),
    "third-party": ("第三者の報道", "third party's report"),
    "original": ("公表元のページ", "Original"),
    "record": ("記録と証拠", "Record and evidence"),
    "two-versions": ("前後の版を比較", "The two versions"),
    "other-notices": ("そのほかの公表", "Other notices"),
    "text": ("本文", "Text"),
    "attachment": ("添付資料", "Attachment"),
    "version": ("第{}版", "Version {}"),
    "versions-over-time": ("版の推移", "Versions over time"),
    "incidents": ("事案", "Incidents"),
    "sources": ("情報源", "Sources"),
    "due": ("期限", "Due"),
    "unknown": ("不明", "unknown"),
    "none": ("なし", "none"),
    "minor": ("軽微", "minor"),
    "in-order": ("正常", "in order"),
    "search": ("検索", "Search"),
    "reject": ("却下", "Reject"),
    "actions": ("措置", "Actions"),
    "provisions": ("根拠条文", "Provisions"),
    "deadlines": ("期限", "Deadlines"),
    "found-at": ("掲載元", "Found at"),
    "no-date": ("公表日の記載なし", "no date stated"),
    "subscribe": ("購読", "Subscribe"),
    "coverage": ("収集状況", "Coverage"),
    "state": ("状態", "State"),
    "status": ("状態", "Status"),
    "last-success": ("最後の成功", "Last success"),
    "rows": ("一覧の行数", "Rows"),
    "rows-of-listing": ("一覧の行数", "Rows of the listing"),
    "gaps": ("欠測", "Gaps"),
    "open-since": ("継続中", "open since"),
    "still-open": ("継続中", "still open"),
    "notice": ("公表", "Notice"),
    "notices": ("公表", "Notices"),
    "publisher": ("公表元", "Publisher"),
    "published": ("公表日", "Published"),
    "disclosed": ("公表日", "Disclosed"),
    "not-stated": ("記載なし", "not stated"),
    "link": ("関連付け", "Link"),
    "waiting": ("判断を待つもの", "What waits for a decision"),
    "and-more": ("(続きあり)", ", and more"),
    "seen": ("検知", "Seen"),
    "kind": ("種別", "Kind"),
    "nothing-yet": ("記録はまだありません。", "Nothing on record yet."),
    "happened": ("経過", "What happened"),
    "own-update-date": ("ページ自身の更新日", "The page's own update date"),
    "versions": ("版", "Versions"),
    "original-bytes": ("原本", "Original bytes"),
    "before": ("変更前の版", "Before"),
    "after": ("変更後の版", "After"),
    "compare": ("比較", "Compare"),
    "attachments": ("添付資料", "Attachments"),
    "waiting-offers": ("採用を待つアドレス", "Addresses waiting to be accepted"),
    "suggested-links": ("事案との関連付けの候補", "Suggested links to incidents"),
    "changes": ("変更", "Changes"),
    "a-version": ("版", "Version"),
    "gaps-lately": ("欠測(直近{}日)", "Gaps in the last {} days"),
    "bodies-disclosed": ("把握している{1}団体のうち{0}団体が公表", "{0} of {1} known bodies have disclosed"),
    "by-month": ("月ごとの公表", "Month by month"),
    "notices-by-month": ("公表の数", "Notices"),
    "largest-by-month": ("最大の記載数(桁の大きさで表示)", "Largest stated count, by order of magnitude"),
    "largest-count": ("最大の記載数", "Largest stated count"),
    "bodies": ("団体", "Bodies"),
    "last-change": ("最新の変更", "Last change"),
    "listed-rows": ("一覧の行", "Rows of lists"),
    "data": ("データ", "Data"),
    "add-source": ("情報源を追加する", "Add a source"),
    "looked-for": ("公表を探す期間", "Notices looked for"),
    "organisations": ("組織", "Bodies"),
    "earlier": ("これより前の記録", "Earlier records"),
    "fresh": ("前回以降", "since last visit"),
    "watch-lists": ("ウォッチリスト", "Watch-lists"),
    "own-notice": ("自らの公表", "its own notice"),
    "party": ("当事者として", "party to it"),
    "named-only": ("名前が挙がる", "named"),
    "roster": ("対象の団体", "one of the bodies"),
    "so-many-notices": ("公表{0}件", "{1}"),
    "suggested-incidents": ("事案の候補", "Suggested incidents"),
    "new-incident": ("新しい事案", "A new incident"),
    "draft-incident": ("事案の下書きを作る", "Draft an incident"),
    "incident-page": ("公開ページ", "Public page"),
    "incident-moved": ("統合先の事案", "The incident it went into"),
    "keep-incident": ("この事案を管理する", "Keep this incident"),
    "link-notices": ("この事案に関連付ける", "Link to this incident"),
    "undo": ("元に戻す", "Undo"),
    "and-so-many": ("ほか{}件", "{} more"),
    "nothing-waits": ("ありません。", "None."),
}
"""Headings and links that pages, feeds and messages share; in running English they are in lower case."""
SIZES = (("ja", 10**8, "億"), ("ja", 10**4, "万"), ("en", 10**6, "M"), ("en", 10**3, "k"))
"""What stands for so many in a picture: 928万, 9.28M."""
AMOUNTS = {
    "more": ("ほか{}件", "and {} more"),
    "or-more": ("{}以上", "{} or more"),
    "times-for": ("{}回・計{}", "{} ({})"),
    "from-to": ("{}〜{}", "{} to {}"),
    "by": ("{}まで", "by {}"),
    "row": ("{}行目", "row {}"),
}
"""Amounts and spans in a sentence of ours."""
FEEDS = {
    "roster": ("{}: 新たに判明した団体", "{}: bodies newly known"),
    "roster-about": (
        "{}について、公表した団体と名を挙げられた団体をお知らせします",
        "Bodies of {} that published or were named",
    ),
    "all": ("公表 kohyo: 個人情報の漏えい等に関する公表", "kohyo: personal-data incidents in Japan"),
    "all-about": (
        "新しい公表、記述の変更、掲載の終了をお知らせします",
        "What is newly published, changed or withdrawn",
    ),
    "source-about": ("{}の公表と、その変更", "Notices of {} and their changes"),
    "incident-about": ("「{}」に関する公表と、その変更", "What is published about: {}"),
    "organisation-about": ("{}に関する公表と、その変更", "Notices that speak of {} and their changes"),
    "watch-list-about": (
        "ウォッチリスト「{}」に当てはまる公表と、その変更",
        "What passes the watch-list: {}",
    ),
    "all-changes": ("すべての変更", "all changes"),
    "query-about": ("条件に合う変更: {}", "Changes found by: {}"),
    "deadlines": ("公表 kohyo: 期限", "kohyo: deadlines"),
    "digest": ("公表 kohyo: {0}の変更 {1}件", "kohyo: {2}, {0}"),
}
"""Titles of feeds, the calendar and digests, and what they are about."""
PLACES = {
    "stamp": ("更新日", "update date"),
    "slot": ("差し替わるリンク枠", "links taking turns"),
    "title": ("表題", "title"),
    "date": ("日付", "date"),
    "address": ("アドレス", "address"),
    "file-gone": ("なくなった添付ファイル", "attachment gone"),
    "file-back": ("再び掲載された添付ファイル", "attachment published again"),
    "file-replaced": ("差し替えられた添付ファイル", "attachment replaced"),
}
"""Where on a page, or about a row of a listing, something changed."""
HUNKS = {
    "insert": ("追加", "added"),
    "delete": ("削除", "removed"),
    "change": ("変更", "changed"),
    "cell": ("表の欄", "table cell"),
    "move": ("移動", "moved"),
    "link": ("リンク", "link"),
    "form": ("表記のみ", "notation only"),
    "column": ("表の列", "table column"),
}
"""Sorts of differences."""

# --- values of facts ---------------------------------------------------------------------------

ACTIONS = {
    "recommendation": "勧告",
    "order": "命令",
    "emergency order": "緊急命令",
    "guidance": "指導",
    "administrative guidance": "行政指導",
    "advice": "助言",
    "report demand": "報告等の求め",
    "on-site inspection": "立入検査",
    "alert": "注意喚起",
    "criminal complaint": "刑事告発",
    "tender exclusion": "指名停止",
}
FACT_OUTCOMES = {
    "taken out": "持ち出し",
    "leaked": "漏えい",
    "possible": "可能性あり",
    "not confirmed": "確認されていない",
    "misused": "悪用",
    "misuse possible": "悪用の可能性あり",
    "misuse not confirmed": "悪用は確認されていない",
}
CAUSES = {
    "ransomware": "ランサムウェア",
    "web-skimming": "ウェブスキミング",
    "malware": "マルウェア",
    "phishing": "フィッシング",
    "unauthorised access": "不正アクセス",
    "insider misuse": "内部不正",
    "misdirected": "誤送信・誤送付",
    "theft": "盗難",
    "loss": "紛失",
    "misconfiguration": "設定の誤り",
    "failure to erase": "消去漏れ",
    "system fault": "システムの不具合",
}
ROLES = {
    "controller": "委託元",
    "processor": "委託先",
    "sub-processor": "再委託先",
    "staffing agency": "派遣元",
    "host": "派遣先",
    "list broker": "名簿業者",
}
DATA_ITEMS = {
    "special-care data": "要配慮個人情報",
    "my number": "個人番号",
    "card": "カード情報",
    "bank account": "口座情報",
    "password": "パスワード",
    "user id": "利用者ID",
    "email": "メールアドレス",
    "phone": "電話番号",
    "postcode": "郵便番号",
    "address": "住所",
    "birth date": "生年月日",
    "age": "年齢",
    "sex": "性別",
    "kana": "フリガナ",
    "name": "氏名",
    "insurance number": "被保険者番号",
    "pension number": "基礎年金番号",
    "tax": "所得・税額",
    "contract number": "契約・顧客番号",
    "purchase history": "利用履歴",
    "employer": "勤務先",
    "photo": "顔写真",
    "family": "家族構成",
}
STEPS = {
    "reported-to-ppc": "個人情報保護委員会へ報告",
    "reported-to-ministry": "所管省庁へ報告",
    "police-informed": "警察へ相談・届出",
    "persons-notified": "本人へ通知",
    "data-recovered": "回収",
    "data-deleted": "削除",
    "ransom-demanded": "身代金の要求",
    "encrypted-at-rest": "暗号化して保管",
    "password-protected": "パスワードで保護",
    "arrested": "逮捕",
    "prosecuted": "起訴",
    "tender-exclusion": "指名停止",
}
REPORTS = {"preliminary": "速報", "final": "確報・最終報"}
OF_FIELDS = {
    "action": ACTIONS,
    "outcome": FACT_OUTCOMES,
    "cause": CAUSES,
    "role": ROLES,
    "data-item": DATA_ITEMS,
    "step": STEPS,
    "report": REPORTS,
}
ASIDES = {
    "not included": ("含まれない", "not included"),
    "not done": ("していない", "not done"),
    "planned": ("予定", "planned"),
}
"""What stands in brackets behind a value."""
LAWS = {
    "APPI": "個人情報保護法",
    "APPI Rules": "個人情報保護法施行規則",
    "APPI Order": "個人情報保護法施行令",
}
BODIES = {
    "company": "企業",
    "prefecture": "都道府県",
    "city": "市",
    "ward": "特別区",
    "federation": "国民健康保険団体連合会",
    "municipality": "市区町村",
    "agency": "行政機関",
    "body": "団体(種別不明)",
    "health insurance society": "国民健康保険組合",
    "independent administrative agency": "独立行政法人",
    "local governments": "地方公共団体",
    "municipalities": "市町村",
}
"""Kinds of bodies in an incident's roster; what stands behind them in brackets is for English readers."""
