"""What the command line says beside what it shows."""

from __future__ import annotations

TERMINAL = {
    "content": ("読み取り可", "content"),
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

SENTENCES = {
    "--private allows it": "--privateで許可できます",
    "{} cannot be written": "{}に書き込めません",
    "check the permissions of file and folder": "ファイルとフォルダーの権限を確認してください",
    "did you mean {}?": "{}ではありませんか",
    "unknown source {}": "情報源{}はありません",
    "`kohyo sources list` shows those that are declared": "`kohyo sources list` で一覧を表示します",
    "{!r} is no set": "{!r}という組はありません",
    "the sets are {}": "組は{}です",
    "{!r} is neither a day such as 2024-01-24 nor a time in ISO 8601": (
        "{!r}は2024-01-24のような日付でもISO 8601の日時でもありません"
    ),
    "{!r} is none of {}": "{!r}は次のどれでもありません: {}",
    "{!r} is no command": "{!r}というコマンドはありません",
    "no page {}: it is watched under no such address or number": (
        "ページ{}はありません。そのアドレスや番号で見ているページがありません"
    ),
    "next visit: with the next run": "次回の訪問: 次の実行時",
    "next visit: {}": "次回の訪問: {}",
    "last visit: {}": "前回の訪問: {}",
    "why: {}": "理由: {}",
    "changes seen: {}": "これまでの更新: {}回",
    "since it came, changed or its incident stirred: {}": "掲載・更新・事案の動きからの経過: {}",
    "changes to be expected in a day, by its history and age: {}": (
        "履歴と経過日数から見込む1日あたりの更新: {}回"
    ),
    "right for that, if all hours were alike: a visit every {}": (
        "時間帯に差がないとした場合の適切な間隔: {}"
    ),
    "bounds: {} to {}": "間隔の範囲: {}から{}",
    "its source is visited every {}": "情報源の訪問間隔: {}",
    "something goes on in its incident: visited twice as often": (
        "事案に動きがあるため、2倍の頻度で訪問します"
    ),
    "budget of {}: {} requests a day, {} made today; its pages ask for {}": (
        "{}への要求: 1日{}回まで、今日は{}回。各ページの希望は合わせて1日{}回"
    ),
    "so that its pages wait {} times longer": "このため、各ページの間隔を{}倍に延ばしています",
    "notices of {} itself: {}": "{}自身の公表: {}",
    "no jobs found": "該当するジョブはありません",
    "no workers found": "ワーカーはありません",
    "{} is no PostgreSQL, and workers need one; `kohyo db move postgresql://HOST/NAME` moves an archive, "
    "`kohyo crawl` needs none": (
        "{}はPostgreSQLではありません。ワーカーにはPostgreSQLが必要です。"
        "データベースは`kohyo db move postgresql://HOST/NAME`で移せます。`kohyo crawl`はそのままで動きます"
    ),
    "workers need the extra distributed; `{}`": "ワーカーには追加機能distributedが必要です。`{}`",
    "{} enqueued": "{}を登録しました",
    "{}: version {}, seen {}, running {}, done {}, failed {}, killed {}, pages {}": (
        "{}: 版 {}、最終確認 {}、実行中 {}、完了 {}、失敗 {}、強制終了 {}、ページ数 {}"
    ),
    "job {} did not fail, or another waits for its host; `kohyo jobs` lists them": (
        "ジョブ{}は失敗していないか、同じホストのジョブが待機しています。`kohyo jobs`で一覧できます"
    ),
    "job {} waits again": "ジョブ{}を再び登録しました",
    "job {} neither waits nor runs; `kohyo jobs` lists them": (
        "ジョブ{}は待機も実行もしていません。`kohyo jobs`で一覧できます"
    ),
    "job {} is cancelled": "ジョブ{}を取り消しました",
    "no notices found": "該当する公表はありません",
    "no changes found": "該当する変更はありません",
    "no alerts found": "該当する警告はありません",
    "no sources found": "該当する情報源はありません",
    "no findings found": "該当するものはありません",
    "no offers found": "候補のアドレスはありません",
    "no titles found": "表題がありません",
    "no rows found": "該当する行はありません",
    "no incidents found": "該当する事案はありません",
    "no clusters found": "事案の候補はありません",
    "{} does not exist; `kohyo crawl` makes it, --db names another": (
        "{}がありません。`kohyo crawl` で作成されます。別のものは --db で指定します"
    ),
    "upgrading the search index: {}/{} ": "検索の索引を更新しています: {}/{} ",
    "{!r} is no address of a page; write it whole: https://www.example.jp/news/": (
        "{!r}はページのアドレスではありません。https://www.example.jp/news/ のように全体を書いてください"
    ),
    "no such file: {}": "ファイルがありません: {}",
    "cannot write to {}: {}": "{}に書き込めません: {}",
    "cannot listen at {}:{}: {}": "{}:{}で待ち受けられません: {}",
    "the processes that serve end as soon as they start": "待ち受けるプロセスが起動の直後に終了します",
    "pages:": "ページ:",
    "{}; {} alone: {}, {}": "{}。うち{}: {}、{}",
    "left, about {}": "残り約{}",
    "{}, {}; pages: {}": "{}、{}。ページ: {}",
    "none were due": "巡回の時期を迎えたページはありません",
    "put off to the next run: {} of {}": "次回に見送り: {} ({})",
    "{} brought nothing yet; see coverage": "{}からはまだ何も読めていません。収集状況を参照してください",
    "{}: {} of {}": "{} {} ({})",
    "still wrong, as told before: {} of {}; `kohyo status --broken` lists them": (
        "以前からの異常が続いています: {} ({})。`kohyo status --broken` で一覧を表示します"
    ),
    "resolved: {}": "解消: {}",
    "period stands in place of since and until: give one or the other": (
        "periodはsinceとuntilの代わりです。どちらか一方を指定してください"
    ),
    "target {} can match nothing: {}": "通知先{}には当てはまるものがありえません: {}",
    "there is no source {}; `kohyo sources list` lists them": (
        "情報源{}はありません。`kohyo sources list` で一覧を表示します"
    ),
    "source = {} with publisher = {}: it is none": "source = {} は publisher = {} に当てはまりません",
    "this can match nothing: {}": "当てはまるものがありえない指定です: {}",
    "a WARC is of sources: of the filters it takes --source only": (
        "WARCは情報源ごとの原本です。絞り込みは--sourceだけを使えます"
    ),
    "there is no incident {}; `kohyo incidents` lists them": (
        "事案{}はありません。`kohyo incidents` で一覧を表示します"
    ),
    "there is no notice {}; `kohyo notices` lists them": (
        "公表{}はありません。`kohyo notices` で一覧を表示します"
    ),
    "there is no change {}; `kohyo --json changes` lists them by id": (
        "変更{}はありません。`kohyo --json changes` で番号(id)の一覧を表示します"
    ),
    "{} is not restricted by {}; it takes {}": "{}は{}では絞り込めません。使える条件: {}",
    "an Excel file holds one table; name it with --what": (
        "Excelのファイルは一つの表です。--what で表を指定してください"
    ),
    "a WARC holds captures and no table; leave --what out": (
        "WARCは受信した内容そのもので、表ではありません。--what を外してください"
    ),
    "nothing was told yet, so there is nothing to stamp": (
        "まだ変更の記録がないため、タイムスタンプの対象がありません"
    ),
    "link {} of the chain has a timestamp of this authority already": (
        "連鎖の{}番には、この発行元のタイムスタンプがすでにあります"
    ),
    "link {} of the chain was there at {}, by {}": (
        "連鎖の{}番が{}に存在したことの証明を受け取りました(発行元: {})"
    ),
    "there is no version {}; there are 1 to {}": "第{}版はありません。1から{}までです",
    "notice {} has one version: nothing to compare": "公表{}の版は一つだけで、比較できません",
    "an empty query finds nothing; give at least one character": "検索する語句を1文字以上入力してください",
    "{} written, {} unchanged in {}": "{}を書き込み、{}ファイルは変更なし ({})",
    "kohyo at {}/ (feed: {}/feeds/all.atom)": "kohyo: {}/ (フィード: {}/feeds/all.atom)",
    "kohyo: warning: everybody who reaches {}:{} can read this, and on the way a token sent "
    "there; put a web server with TLS in front, and leave --host at 127.0.0.1": (
        "kohyo: 注意: {}:{}に届く人は誰でも閲覧でき、送信されたトークンも途中で読まれます。"
        "TLSを備えたWebサーバーを前に置き、--hostは127.0.0.1のままにしてください"
    ),
    "set KOHYO_CONTACT to an address where you are reached: mailto:…, or a page": (
        "KOHYO_CONTACTに連絡のつくアドレス(mailto:… またはページ)を設定してください"
    ),
    "KOHYO_CONTACT is not set: sites that you watch cannot reach you": (
        "KOHYO_CONTACTが未設定です。巡回先のサイトから連絡できません"
    ),
    "nobody is reached at {}": "{}には連絡できません",
    "set KOHYO_BASE_URL to the address under which the pages are served: https://…": (
        "KOHYO_BASE_URLにページを公開するアドレス(https://…)を設定してください"
    ),
    "KOHYO_BASE_URL is not set: links lead to this machine only": (
        "KOHYO_BASE_URLが未設定です。リンクはこの端末だけを指します"
    ),
    "links to {} lead nowhere": "{}へのリンクはどこにもつながりません",
    "KOHYO_NOW sets the clock to {}": "KOHYO_NOWで時計が{}に設定されています",
    "leave KOHYO_NOW to tests": "KOHYO_NOWは試験のときだけ使ってください",
    "it is behind: {} is on record already": "遅れています。{}の記録がすでにあります",
    "set the clock of this machine, with NTP": "この端末の時計をNTPで合わせてください",
    "no crawl has come to its end yet": "終わりまで進んだ巡回がまだありません",
    "run `kohyo crawl`": "`kohyo crawl` を実行してください",
    "run `kohyo status --broken`": "`kohyo status --broken` を実行してください",
    "run `kohyo sources check`": "`kohyo sources check` を実行してください",
    "run `kohyo incidents check`": "`kohyo incidents check` を実行してください",
    "no crawl has come to its end since {}": "{}から巡回が終わっていません",
    "see whether cron or the timer still starts it, and whether this clock is ahead": (
        "cronやタイマーが起動しているか、時計が進んでいないか確認してください"
    ),
    "a crawl came to its end at {}": "最後の巡回の終了: {}",
    "{} left in {}": "空き容量{} ({})",
    "make room, or move the database with its folder": (
        "空きを作るか、データベースをフォルダごと移してください"
    ),
    "{} wait to be folded into the database": "データベースへの反映待ち: {}",
    "end what has read from it for long, then run `kohyo verify`": (
        "長く読み出している処理を終えてから `kohyo verify` を実行してください"
    ),
    "{} held": "{}が有効",
    "{} expired, free for who comes next": "{}が期限切れで、次に来たものが引き継ぐ",
    "{}: {} ({}) until {}": "{}: {}件({})、{}まで",
    "{} of {} need attention, {} were never read well": "対応が必要: {} ({}のうち)、一度も読めていない: {}",
    "KOHYO_TOKEN has {} characters, and needs {}": "KOHYO_TOKENは{}文字です。{}文字以上が必要です",
    "make one: `{}`": "作成の例: `{}`",
    "set": "設定済み",
    "none: nobody can write": "未設定: 誰も書き込めません",
    "at {}": "{}で公開",
    "at {}, to everybody on the network, without a token": "{}で、トークンなしでネットワークの全員に公開",
    "leave --host at 127.0.0.1 behind a web server with TLS, or set KOHYO_TOKEN": (
        "--hostは127.0.0.1のままTLSを備えたWebサーバーの後ろに置くか、KOHYO_TOKENを設定してください"
    ),
    "it differs from the clocks of the servers visited by {} minutes": "巡回先のサーバーの時計と{}分違います",
    "wrong": "異常",
    "as of {}, the last moment that this archive tells of": "基準時刻 {} (この記録が語る最後の時点)",
    "{} is not there yet": "{}はまだありません",
    "see what it says; a backup may be needed": "内容を確認してください。バックアップが必要かもしれません",
    "restore a backup; `kohyo verify` says what is lost": (
        "バックアップから戻してください。`kohyo verify` で失われたものを確認できます"
    ),
    "KOHYO_TARGETS names no file: nobody is sent anything": "KOHYO_TARGETSが未設定です。通知は送られません",
    "mend the file; `kohyo notify --dry-run` shows": (
        "ファイルを直してください。`kohyo notify --dry-run` で確認できます"
    ),
    "everything is as it was stored": "すべて保存したときのままです",
    "{} redacted: in the chain, and not checkable any more": (
        "{}は削除済み: 連鎖には残り、内容は確かめられません"
    ),
    "{} pruned: their digests and headers are kept": (
        "{}は保存期間の経過により削除済み: ハッシュ値とヘッダーは残っています"
    ),
    "{} of {:,} bytes, stored as {:,}; {}": "{}、受信時{:,}バイト、保存{:,}バイト。{}",
    "Let these bytes, checks and runs go for good?": (
        "これらの原本と、確認・実行の記録を削除します。元に戻せません。よろしいですか"
    ),
    "{} is in {} now, and reads back the same": "{}を{}へ写しました。読み戻して一致を確かめました",
    "from now on give --db {}, or set KOHYO_DB": "以後は--db {}を指定するか、KOHYO_DBに設定してください",
    "moving: {:,} of {:,} rows ": "移行中: {:,}/{:,}行 ",
    "Let go for good of what schema {} cannot hold?": (
        "スキーマ{}に収まらない記録を削除します。元に戻せません。よろしいですか"
    ),
    "{} has schema {} now; do not open it with this kohyo again": (
        "{}をスキーマ{}に戻しました。この版のkohyoで開くと、また最新になります"
    ),
    "done, but the files did not shrink: {}": "削除しましたが、ファイルは小さくなっていません: {}",
    "done": "完了しました",
    "{} is there already; edit it, or remove it first": (
        "{}がすでにあります。編集するか、先に削除してください"
    ),
    "How do sites that you watch reach you (mailto:…)?": "巡回先のサイトからの連絡先(mailto:…)",
    "Under which address will the pages be served? Empty: on this machine only": (
        "ページを公開するアドレス(空欄: この端末のみ)"
    ),
    "Where are news and alerts sent (as apprise spells it)? Empty: nowhere": (
        "新着と警告の送り先(appriseの書き方。空欄: 送らない)"
    ),
    "wrote {}": "作成: {}",
    "Make the first crawl now?": "最初の巡回を今行いますか",
    "--targets-url: not on one line": "--targets-url: 1行で書いてください",
    "who knows it may decide at /operate and read the alerts; make one: openssl rand -hex 16": (
        "/operateでの判断と警告の閲覧に使います。作成の例: openssl rand -hex 16"
    ),
    "who is told of what: docs/reference/target-keys.md has all keys": (
        "誰に何を知らせるか。キーの一覧は docs/reference/target-keys.md"
    ),
    "to have it run: `{}`": "定期実行の開始: `{}`",
    "for a shell: `{}`": "シェルで使うとき: `{}`",
    "the first crawl: {} on {}, and the notices behind them; from {} to {}, and what is left comes next": (
        "最初の巡回: {} ({})と、その先の公表。所要は{}から{}まで。残りは次回に続きます"
    ),
    "redacted words are still in the database's files: {}": (
        "削除した語句がデータベースのファイルに残っています: {}"
    ),
    "{:.1f} MB are kept: {}": "保存量{:.1f} MB: {}",
    ", {:.0f} s": "、{:.0f}秒",
    "run {} {} {} {}: {}": "実行{} {} {} {}: {}",
    "at work: {}: {}": "作業中: {}: {}",
    "{} read anew": "{}を読み直しました",
    "a redaction has a reason of at most {} characters": "削除の理由を{}文字以内で指定してください",
    "Remove bytes, text and facts of this notice for good?": (
        "この公表の原本・本文・読み取った内容を削除します。元に戻せません。よろしいですか"
    ),
    "of its words, {}": "削除した語句について: {}",
    "the next command that opens the archive does; `kohyo verify` says whether it is done": (
        "次にkohyoを実行したときに取り除きます。`kohyo verify` で確かめられます"
    ),
    "{} is no text for a terminal; name a FILE, or send it to another program": (
        "{}は端末に表示できません。FILEを指定するか、ほかのプログラムに渡してください"
    ),
    "an Excel file": "Excelファイル",
    "a WARC": "WARC",
    "a ZIP": "ZIP",
    "name the notices behind --from, or give it a --title": (
        "--fromのあとに公表の番号を並べるか、--titleで名称を指定してください"
    ),
    "nothing was saved, nothing is changed": "保存されなかったため、何も変更していません",
    "notice {} belongs to {}": "公表{}を事案{}に関連付けました",
    "notice {} does not belong to {}": "公表{}を事案{}に関連付けないと記録しました",
    "it is {}; --overrules {} takes its place": "現在は{}です。--overrules {} で置き換えます",
    "{}, {} suggested": "{}、候補{}件",
    "{}: declared, and merged into {} by hand; {}": (
        "{}: 定義がありますが、手作業で{}に統合されています。{}"
    ),
    "{}: declared, and removed by hand; {}": "{}: 定義がありますが、手作業で取り消されています。{}",
    "`kohyo incidents undo {}` takes that back": "`kohyo incidents undo {}` で元に戻します",
    "{}: edited by hand, which goes before its declaration: {}": (
        "{}: 手作業の編集が定義に優先しています: {}"
    ),
    "{}: no file declares it any more; it stays as it is, `kohyo incidents remove {}` takes it out": (
        "{}: 定義したファイルがなくなりました。そのまま残ります。`kohyo incidents remove {}` で取り消せます"
    ),
    " of {}": "({})",
    " into {}": " → {}",
    ", by {}": "、{}",
    ", undone {:%Y-%m-%d %H:%M} UTC": "、取り消し {:%Y-%m-%d %H:%M} UTC",
    "named by the regulator, no own notice found in what is watched: {}": (
        "監督機関が名を挙げ、巡回先に自らの公表が見当たらない団体: {}"
    ),
    "suggested {:.2f}: notice {} {} — {}": "候補 {:.2f}: 公表{} {} — {}",
    "notice {}": "公表{}",
    ", version {}": "、第{}版",
    "{} of {} read well": "{}件が正常に読めました({}のうち)",
    "nothing was asked": "どこにも問い合わせていません",
    "kohyo: nothing to watch was found: {}": "kohyo: 確認できるものが見つかりません: {}",
    "kohyo: {} is watched already, by {}": "kohyo: {}はすでに{}が確認しています",
    "(no date)": "(日付なし)",
    "… {} more rows": "…ほか{}行",
    "also found: {} {}": "ほかに見つかったもの: {} {}",
    "tried  {}  {}": "試行  {}  {}",
    "address not known": "アドレス不明",
    "(overridden: {})": "(上書き: {})",
    "empty words find nothing; give at least one character": "語句を1文字以上入力してください",
    "to {}: {}": "宛先 {}: {}",
    "messages that would be sent: {}": "送信されるメッセージ: {}件",
    "target {} is new: it hears of what is wrong now, and from now on": (
        "{}は新しい通知先です。いまの異常と、これからの異常やその解消を知らせます"
    ),
    "target {} is new: it hears of what comes from now on, or since the day it names": (
        "{}は新しい通知先です。これから見つけるもの、または指定した日以降のものを知らせます"
    ),
    "changes queued: {}, messages sent: {}, changes waiting: {}": (
        "送信待ちに追加: {}件、送信: {}通、残り: {}件"
    ),
    "{}: {} fetched, {} known by name only; {} needs attention": "{}: 取得{}件、名称のみ{}件、要確認{}件",
    "{}: {} fetched, {} known by name only; {} need attention": "{}: 取得{}件、名称のみ{}件、要確認{}件",
    "in order": "正常",
    "not visited yet": "未巡回",
    " and {} more": "ほか{}件",
    "never": "なし",
    "none": "なし",
    "read {}, last new item {}, {}": "最後の読み取り {}、最後の新規 {}、{}",
    "unknown rows": "行数不明",
    ", {} of {} to {} expected": "、{}(想定{}〜{})",
    "any number": "上限なし",
    ", unread since {}": "、{}から読めていない",
    ", tried {}: {}": "、試行 {}: {}",
    "reads well": "正しく読めました",
    "{} is valid": "{}は正しく書かれています",
    "{} are valid": "{}は正しく書かれています",
    "kohyo: {} is no variable of kohyo's; did you mean {}?": (
        "kohyo: {}という変数はありません。{}のことですか"
    ),
    "{} sample sites on 127.0.0.1, {} visits between 2023-10-17 and 2024-10-02": (
        "127.0.0.1上のサンプルサイト{}件、2023-10-17から2024-10-02までの巡回{}回"
    ),
    "the crawl ended with status {}, see {}": "巡回が終了コード{}で終わりました。{}を参照",
    "WRONG": "誤り",
    "ok": "正常",
    "{} changes were to be told in {} visits: all were, and none besides.": (
        "知らせるべき変更は{}件、巡回は{}回。すべて知らせ、余分なものはありませんでした。"
    ),
    "not told: {}": "知らせていない: {}",
    "told without cause: {}": "理由なく知らせた: {}",
    "    offered by {} as a new source: {} {}": "    {}が新しい情報源の候補を示した: {} {}",
    "    linked notice {} to {}, as suggested: {}": "    候補のとおり公表{}を{}に関連付けた: {}",
    "pages     {}": "ページ        {}",
    "feeds     {}, .rss, .json; one per source and per incident beside it": (
        "フィード      {}、.rss、.json。情報源・事案ごとのものもある"
    ),
    "calendar  {}": "カレンダー    {}",
    "database  {}": "データベース  {}",
    "go on with": "続けて試すには",
}
"""Sentences of the command line, written in English where they are said: their Japanese."""
COUNTED = {
    "change": "変更{:,}件",
    "alert": "警告{:,}件",
    "open alert": "継続中の警告{:,}件",
    "page": "{:,}ページ",
    "host": "{:,}ホスト",
    "source": "情報源{:,}件",
    "row": "{:,}行",
    "file": "{:,}ファイル",
    "notice": "公表{:,}件",
    "version": "{:,}版",
    "day": "{:,}日",
    "address": "アドレス{:,}件",
    "unconfirmed address": "未確認のアドレス{:,}件",
    "declaration": "定義{:,}件",
    "problem": "問題{:,}件",
    "target": "通知先{:,}件",
    "watch-list": "ウォッチリスト{:,}件",
    "capture": "原本{:,}件",
    "check": "確認の記録{:,}件",
    "run": "実行の記録{:,}件",
    "lease": "占有{:,}件",
}
"""How things are counted in Japanese; in English by their plural."""
KEPT = {
    "captures": ("取得した内容", "captures"),
    "versions": ("版", "versions"),
    "texts": ("検索する本文", "texts to be searched"),
    "index": ("索引", "index"),
    "facts": ("事実", "facts"),
    "links": ("事案との結び付き", "links to incidents"),
    "changes": ("公表と変更", "notices and changes"),
    "visits": ("ページと巡回", "pages and visits"),
    "other": ("その他", "other"),
}
"""What an archive keeps, by what it takes on disk."""
RUN_STATES = {
    "running": ("実行中", "running"),
    "done": ("完了", "done"),
    "failed": ("一部失敗", "failed"),
    "ended without a word": ("途中で終了", "ended without a word"),
}
"""How a run stands."""
DUTIES = {
    "duty:archive": ("データベース全体", "the whole archive"),
    "duty:notify": ("通知", "notifications"),
}
"""What one process does at a time: names of leases."""
RUN_COMMANDS = {
    "crawl": ("巡回", "crawl"),
    "import": ("取り込み", "import"),
    "rederive": ("再読", "rederive"),
    "prune": ("整理", "prune"),
}
"""What a run did."""
TIMELINE_KINDS = {"published": ("公表", "published"), "step": ("対応", "step")}
"""Entries of a timeline that are no changes."""
NOT_KNOWN = {
    "own page": ("自らのページ", "own page"),
    "disclosure": ("公表日", "disclosure"),
    "count": ("件数", "count"),
}
"""What is not known of a body."""
STATES_IN_LINES = {
    "clock": ("時計の誤り", "clock"),
    "overdue": ("長く巡回なし", "overdue"),
    "failing": ("読み取り失敗", "failing"),
    "few-rows": ("行数が想定より少ない", "few-rows"),
    "quiet": ("想定より長く新規なし", "quiet"),
    "alerts": ("警告あり", "alerts"),
    "gone": ("ページなし(掲載終了)", "gone"),
    "unconfirmed": ("未確認(一度も読めていない)", "unconfirmed"),
    "address-unknown": ("アドレス不明", "address-unknown"),
}
"""What is not in order with sources, in English by the words of the contract."""
STORY_IN_ENGLISH = {
    "最初の公表: 59社・団体、約900万件": "The first notice: 59 bodies, some 9,000,000 records",
    "自治体の公表と、一覧記事": "Notices of municipalities, and the index article",
    "時計、閲覧数、広告のほかは何も変わらない": "Nothing changes but clocks, counters and banners",
    "件数の更新: 69社・団体、約928万件": "The count is updated: 69 bodies, some 9,280,000 records",
    "年が改まり、メニューが一つ増える": "A new year, and one more entry in a menu",
    "福岡県: 133,655人分と29,173人分、合計162,828人分。名簿業者への指導": (
        "Fukuoka: 133,655 and 29,173 people, 162,828 in all. Guidance to list brokers"
    ),
    "委員会の勧告(148条1項)、指導(147条)、報告等の求め(146条)。期限は2月29日と3月29日": (
        "The Commission recommends (art. 148), guides (147) and demands reports (146) by 29 Feb. and 29 March"
    ),
    "NTT西日本グループの報告": "The report of the group",
    "三重県: 断りのない書き換え。流出は確認されなかった": "Mie: a silent edit. No leak was found",
    "海津市の第2報が第1報の上に積まれ、NTT西日本の進捗状況のページができる": (
        "Kaizu's second report stands on top of the first; a page of progress appears"
    ),
    "年度が改まり、一つのサイトの見た目が新しくなる": "A new fiscal year, and a site in new looks",
    "委員会のその後の対応。進捗状況のページの書き換え": ("What the Commission did then; a page is rewritten"),
    "例示市の公表が見当たらない。一度だけなら、まだ何も言わない": (
        "A notice is not found. Once is not enough to say anything"
    ),
    "二時間半後も見当たらない": "Two and a half hours later it is not found either",
    "もう一度見ても、何も増えない": "Looked at once more, nothing is added",
}
"""What happens in the demo, visit by visit, for English readers."""

OF_CLICK = {
    "Usage:": "使い方:",
    "Options": "オプション",
    "Commands": "コマンド",
    "Positional arguments": "引数",
    "Show this message and exit.": "この説明を表示して終了します。",
    "Try '{command} {option}' for help.": "説明は '{command} {option}' で表示します。",
    "default: {default}": "既定値: {default}",
    "required": "必須",
    "Error: {message}": "エラー: {message}",
    "Error: invalid input": "エラー: yかnで答えてください",
    "Aborted!": "中止しました",
    "Missing command.": "コマンドを指定してください。",
    "Missing argument": "引数の指定が必要です:",
    "Missing option": "オプションの指定が必要です:",
    "No such option {name!r}.": "オプション{name!r}はありません。",
    "Did you mean {possibility}?": "{possibility}ではありませんか。",
    "(Did you mean one of: {possibilities}?)": "次のどれかではありませんか: {possibilities}",
    "Invalid value: {message}": "値が正しくありません: {message}",
    "Invalid value for {param_hint}: {message}": "{param_hint}の値が正しくありません: {message}",
    "Got unexpected extra argument ({args})": "余分な引数があります ({args})",
    "Got unexpected extra arguments ({args})": "余分な引数があります ({args})",
    "Option {name!r} requires an argument.": "オプション{name!r}には値が必要です。",
    "Option {name!r} requires {nargs} arguments.": "オプション{name!r}には値が{nargs}個必要です。",
    "Option {name!r} does not take a value.": "オプション{name!r}は値を取りません。",
    "Argument {name!r} takes {nargs} values.": "引数{name!r}には値が{nargs}個必要です。",
    "{value!r} is not a valid {number_type}.": "{value!r}はここで使える数ではありません。",
    "{value} is not in the range {range}.": "{value}は範囲{range}の外です。",
    "{value!r} is not {choice}.": "{value!r}は{choice}ではありません。",
    "{value!r} is not one of {choices}.": "{value!r}は次のどれでもありません: {choices}",
    "Choose from:\n\t{choices}": "次から選んでください:\n\t{choices}",
    "{value!r} does not match the format {format}.": "{value!r}は{format}の形式ではありません。",
    "{value!r} does not match the formats {formats}.": "{value!r}は{formats}のどの形式でもありません。",
    "{name} {filename!r} does not exist.": "{filename!r}はありません。",
    "{name} {filename!r} is a file.": "{filename!r}はファイルです。",
    "{name} {filename!r} is a directory.": "{filename!r}はフォルダーです。",
    "{name} {filename!r} is not readable.": "{filename!r}を読めません。",
    "{name} {filename!r} is not writable.": "{filename!r}に書き込めません。",
    "Could not open file {filename!r}: {message}": "ファイル{filename!r}を開けません: {message}",
}
"""What click says around the words of commands."""
