"""Sources: their kinds, what came of visits, and what is not in order with them."""

from __future__ import annotations

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
    "set-aside": ("巡回を一時停止", "set aside for a while"),
    "budget": ("上限で打ち切り", "cut at a limit"),
    "too-expensive": ("処理量の上限超過", "too expensive to judge"),
}
ALERT_NEWS = {
    "raised": ("公表 kohyo: {0}情報源に異常", "kohyo: trouble with {1}"),
    "recovered": ("公表 kohyo: {0}情報源で解消", "kohyo: resolved at {1}"),
    "one-raised": ("[警告] {}", "[Alert] {}"),
    "one-recovered": ("[解消] {}", "[Resolved] {}"),
    "pages": ("{0} {1}ページ", "{0}: {2}"),
    "since": ("{}から", "since {}"),
}
"""What is told of alerts to who keeps kohyo running."""
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
DETAILS = {
    r"(\d+) rows, at least (\d+) expected": "一覧の行数{0}、想定は{1}以上",
    r"(\d+) rows, at most (\d+) expected": "一覧の行数{0}、想定は{1}以下",
    r"(\d+) rows, of which the first (\d+) are read": "一覧の{0}行のうち先頭の{1}行を読み取り",
    r"none of the (\d+) rows of the last visit is left: some may have come and gone": (
        "前回の{0}行がすべて入れ替わり、取りこぼしのおそれ"
    ),
    r"the addresses of its rows are others at every visit": "行のアドレスが巡回のたびに変わる",
    r"the newest row is of (\S+?)(?:; a new one every [\d.]+ days is usual)?": "最新の行は{0}",
    r"no row has come since (\S+?)(?:; a new one every [\d.]+ days is usual)?": "{0}から新しい行がない",
    r"put off to the next run, with (\d+) other pages: .*": "ほか{0}ページとともに次回に見送り",
    r"the page ends without </html>, which it had before": "ページが途中で切れている",
    r"list of (\d+) rows": "{0}行の一覧",
    r"feed of (\d+) rows": "{0}行のフィード",
    r"JSON of (\d+) rows": "{0}行のJSON",
    r"a feed without rows": "行のないフィード",
    r"a document": "文書",
    r"HTML without a list": "一覧のないHTML",
    r"a page of its own: (.*)": "単独のページ: {0}",
    r"no list; it leads to (\d+) feeds and (\d+) lists": "一覧なし。フィード{0}件、一覧{1}件に続く",
    r"(\S+) is a private address, and the source does not declare private = true": (
        "{0}は組織内のアドレスで、情報源にprivate = trueの宣言がない"
    ),
    r"(\S+) is not a public address": "{0}は公開されたアドレスではない",
    r"(\S+) is a name of a local network": "{0}は組織内のネットワークの名前",
    r"no such host(?:: .*)?": "ホストが見つからない",
    r"no answer in time(?:: .*)?": "時間内に応答なし",
    r"connection refused(?:: .*)?": "接続が拒否された",
    r"the connection failed(?:: .*)?": "接続に失敗",
    r"the answer broke off(?:: .*)?": "応答が途中で切れた",
    r"robots\.txt forbids this address": "robots.txtが取得を禁じている",
    r"staying out: (\S+) (.*)": "取得を控える: {0} {1}",
    r"redirected in a circle, or too often": "転送が循環しているか、多すぎる",
    r"redirected to (.*), which is not followed": "{0}に転送され、たどらない",
    r"larger than (\d+) bytes(?: when unpacked)?": "{0}バイトを超える大きさ",
    r"the server asks to stay away until (.*) UTC": "サーバーが{0} UTCまで控えるよう求めている",
    r"the server answered (.*)": "サーバーの応答: {0}",
    r"(\d+) % of the text changed at once; it waits for a second look": (
        "本文の{0} %が一度に変わり、再確認を待つ"
    ),
    r"nothing of the notice is left; in its place stands “(.*)”": "公表が残っておらず、代わりに「{0}」がある",
    r"(.*) is no SQLite database; .*": (
        "{0}はSQLiteのデータベースではありません。別のファイルを指定してください"
    ),
    r"(.*) is damaged \((.*)\); .*": "{0}が壊れています({1})。控えから戻してください",
    r"(.*) is locked by another writer; .*": (
        "{0}には別の処理が書き込んでいます。終わってから実行してください"
    ),
    r"(.*) cannot be written \((.*)\); check the permissions of file and folder": (
        "{0}に書き込めません({1})。ファイルとフォルダーの権限を確認してください"
    ),
    r"(.*) cannot be written \((.*)\); check for free space on its disk": (
        "{0}に書き込めません({1})。ディスクの空き容量を確認してください"
    ),
    r"(.*) cannot be opened \((.*)\); .*": "{0}を開けません({1})。フォルダーの権限を確認してください",
    r"(\S+): (.*); check that the server is there and takes connections": (
        "{0}: {1}。サーバーが動いていて接続を受け付けるか確認してください"
    ),
    r"another run is at work on (.*) \((.*)\); try again later": (
        "{0}では別の処理が動いています({1})。終わってから実行してください"
    ),
    r"another run visits every host that is due on (.*); try again later": (
        "{0}で時期の来たホストはすべて別の処理が巡回しています。終わってから実行してください"
    ),
    r"no bytes": "内容が空",
    r"binary data": "文書でないデータ",
}
"""What an alert, or a failure, says in detail, and its Japanese; other words stay as they are."""

PLANS = {
    "promised": ("訪問の間隔が宣言で決まっているため", "its declaration says how often it is visited"),
    "rested": (
        "新着が見込まれない時間は休むと宣言されているため",
        "its declaration lets it rest when no news is to be expected",
    ),
    "learned": ("更新の頻度から見込んだため", "by how often it changes"),
    "unread": (
        "まだ一度も読めておらず、情報源の間隔で試しているため",
        "it was never read, and is tried at the pace of its source",
    ),
    "attached": ("資料は、置かれているページとともに見るため", "a file is looked at with its page"),
    "listed": ("一覧に更新が示されたため", "a list says that it has changed"),
    "stirred": (
        "属する事案に新しい動きがあったため",
        "something was told in an incident that it belongs to",
    ),
    "second-look": (
        "本文を保留しており、再確認で決めるため",
        "its text was held back, and is looked at again",
    ),
    "missing": (
        "見つからず、なくなったかどうかを再確認で決めるため",
        "it was missing, and a second look decides whether it is gone",
    ),
    "failing": (
        "読めなかったため、間隔を延ばしながら少なくとも1日1回試します",
        "it could not be read, and is tried ever more seldom, at least daily",
    ),
    "unconfirmed": (
        "一度も読めていない未確認のアドレスのため、間隔を延ばしながら少なくとも週1回試します",
        "its address was never read well, and is tried ever more seldom, at least weekly",
    ),
    "retry-after": (
        "サーバーがその時刻まで控えるよう求めたため",
        "its server asked to be left alone until then",
    ),
}
"""By what the next visit of a page was planned."""
