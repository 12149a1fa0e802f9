"""What happened on a day: occurred, discovered, reported, notified, published, or the ends of a period.

A label (発覚日:) or the verb behind a date says so; what neither tells has the role ``other``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from monitor.facts.sheet import Sheet
from storage.records import Fact

_TIME = (
    r"(?:\s?\([^()]{1,8}\)|午[前後]|[0-9]{1,2}[時:][0-9]{0,2}分?"
    r"|夜|朝|未明|夕方?|早朝|深夜|[上中下初]旬|頃|ごろ|ころ|の|に|\s)"
)
# 4月1日から6月2日に解約した, 4月1日から6月2日分; but not 4月1日から4月8日に延期.
_FROM = re.compile(rf"{_TIME}{{0,5}}(?:から|より)(?:\s|同|翌|の)*")
_SINCE_DID = re.compile(rf"{_TIME}{{0,5}}から[^。、0-9]{{1,12}}")  # 11月11日から閉鎖した11月21日までの期間
_MOVED = re.compile(r"(?:\([^()]{1,8}\))?(?:に|へ)(?:延期|変更|修正|訂正|改め|繰り)")
_UNTIL_NEXT = re.compile(
    rf"{_TIME}{{0,5}}(?:から|より|~|-|―|ー|以降)(?:\s|、|同|翌|の)*(?:\([^()]{{1,8}}\))?"
)
_END = re.compile(
    rf"{_TIME}{{0,5}}(?:まで|迄|の間|の期間|にかけ|期間|\s?\)|\s?(?:\n|$)|、|に(?:来|ご?利用|お申|購入"
    rf"|登録)|の[0-9])"
)
_SINCE = re.compile(
    rf"{_TIME}{{0,4}}(?:から|以降|より)(?=[^。、]{{0,12}}(?:まで|現在|にかけて|の間|回にわた))"
)

_DAY = r"(?:年月日|日時?|時期|期日|日付)"
_LABELS = (
    ("period-start", rf"(?:開始|始期|自){_DAY}?"),
    ("period-end", rf"(?:終了|満了|終期|至){_DAY}?"),
    (
        "discovered",
        rf"(?:発\s?覚|判\s?明|発\s?見|認知|覚知|把握|確認|気付いた|検知)(?:(?:した|された|の){_DAY}|{_DAY})?",
    ),
    (
        "occurred",
        rf"(?:発生|紛失|盗難|誤送信|誤送付|送信|送付|流出|漏えい|事故|誤配|侵入|感染)(?:した|の)?{_DAY}"
        r"|(?:事案|事故)の?発生",
    ),
    (
        "reported",
        rf"(?:(?:委員会|国|省|庁)(?:への)?(?:報告|届出|速報|確報){_DAY}?"
        rf"|(?:報告|届出|速報|確報)(?:{_DAY}|(?=\s?[:|は(])))",
    ),
    (
        "notified",
        rf"(?:本人|対象者)?(?:への)?(?:通知|連絡|お詫び){_DAY}"
        r"|(?:本人|お客様|対象者|保護者)等?へのご?(?:通知|連絡|お詫び|謝罪)(?=\s?[:|])",
    ),
    ("published", rf"(?:公表|発表|掲載|公開|報道(?:発表)?|お知らせ|プレス|更新|作成|発行){_DAY}?"),
)
_LABEL = re.compile(
    "(?:" + "|".join(f"(?P<{role.replace('-', '_')}>{words})" for role, words in _LABELS) + r")"
    r"(?:\s?[:|・]\s?|\s+|は、?|\()\s?(?:令和)?\Z"
)
# A heading with the date on the line below: 判明した日時⏎12月8日.
_HEADING = re.compile(
    "(?:" + "|".join(f"(?P<{role.replace('-', '_')}>{words})" for role, words in _LABELS) + r")[)）】]?\s*\Z"
)
_BULLETS = " <([【〇・-*○●◎◆■□▶1234567890.)"
# A verb that says of the day behind it what it is of: 発覚した8月19日, 流出を確認した日 3月2日.
_OF_DAY = re.compile(
    r"(?P<verb>(?:発覚|判明|確認|発見|把握|検知|認識|発生|紛失|誤送信|送信|送付|公表|発表|漏えい|流出)(?:し|され)た)"
    r"(?:日時?|年月日)?\s?[:|は]?\s?\Z"
)
# What stands directly behind a date: 12月17日掲載, 12月9日提供 資料提供, 10時30分発表.
_STAMP = re.compile(
    r"""
    (?:\s?\([^()]{1,8}\))?\s{0,2}  # (火)
    (?:[0-9]{1,2}[時:][0-9]{0,2}分?)?\s?(?:付け?)?  # 10時30分付け
    (?: 掲載 | 公表 | 公開 | 発表
      | 報道(?:発表|提供)  # 報道発表
      | 資料?提供 | 提供 | 発行 | 更新 | 投稿 | 記者発表
      | (?:一部)?(?:追記|加筆|修正|改訂)(?:[、し致い])?  # 一部修正
    )
    (?=[\s)、。】]|$|(?<=[し致い、]))
    """,
    re.VERBOSE,
)
# 市は8日、…紛失したと発表した: the day of the announcement, whatever happened before.
_TOLD = re.compile(
    r"""
    \A(?:\([^()]{1,8}\))?(?:までに)?、[^。]*?
    (?: (?:と|を|旨|だと|について)(?:発表|公表|明らかに)し(?:た|まし)  # 、…紛失したと発表した
      | 記者?会見を  # 、…会見を開いた
    )
    """,
    re.VERBOSE,
)
_TO_COME = re.compile(
    r"\A(?:\s?\([^()]{1,8}\))?(?:午[前後]|[0-9時分:~ ])*"
    r"(?:に開く|(?:に|から|より)[^。、説]{0,8}(?:開催|開講|開始)|から実施|開催|開講|中?を(?:目途|目処|めど|目標))"
)
_AS_OF = re.compile(
    r"\A(?:\s?\([^()]{1,8}\))?\s?(?:[0-9]{1,2}\s?[時:][0-9]{0,2}分?)?\s?(?:時点|現在|までの(?:調査|集計|結果))"
)
_SENT = re.compile(
    r"\A(?:\([^()]{1,8}\))?\s?(?:朝|夜|夕方|午[前後])?(?:に|、|付けで?)?(?:作成し)?(?:順次)?(?:発送|送付|郵送|送信)"
)
_LETTER = re.compile(r"通知|お?詫び|おわび|謝罪|書面|手紙|書簡")
_CITED = re.compile(
    r"(?:第\s?[0-9一二三四五六七八九十]+\s?報|お知らせ|公表|発表|プレスリリース|前回"
    r"|既報)[^。()\n]{0,6}\(\s?\Z"
)
_CLEFT = re.compile(r"(?P<verb>[^。、\n]{2,40}?)(?:のは|日は|は)、?\s?\Z")
_CLEFT_END = re.compile(
    r"(?:\([^()]{1,8}\)|\s|午[前後]|[0-9]{1,2}[時:][0-9]{0,2}分?|頃|ごろ|の?(?:夜|朝|未明|夕方|深夜|早朝|昼))*"
    r"(?:[、。\n)]|で、|です|でした|である|であり|のこと|と|$)"
)

_RECIPIENT = r"""(?:
    本人(?![、がは]) | 対象 | 該当 | 当該 | 園児 | 当事者 | 事業所
  | お?客[さ様]  # お客様
  | 保護者 | 生徒 | 児童 | 世帯 | 会員 | 加入者 | 利用者 | 受信者 | 患者 | 住民 | 市民 | 登録者 | 申込者
  | 被害者 | 関係者 | 全員
  | 皆[さ様]  # 皆様
  | 方(?:々)? | 遺族 | 顧客 | 事業者 | 家族 | ご家庭 | 応募者 | 参加者 | 受講者 | 契約者
  | 職員(?![がは]) | 取引先
)"""
_CUES = (
    (
        "reported",
        re.compile(
            r"""
            # 委員会へ5月1日に報告
            (?:委員会|個情委|PPC|省|庁|監督官庁|財務局|当局|国)
            [^。、]{0,16}?(?:へ|に|宛|への)[^。、]{0,24}?(?:報告|提出|届|速報|確報|一報)
          | 漏えい等報告
          | 速報を(?:行|提出) | 確報を(?:行|提出) | 速報を?提出 | 確報を?提出  # 速報を行った
          | 報告書を提出
            """,
            re.VERBOSE,
        ),
    ),
    (
        "notified",
        re.compile(
            rf"""
            # 対象の方へ順次お詫びの書面を発送
            {_RECIPIENT}[^。]{{0,16}}?(?:へ|に|あて|宛|全員)[^。]{{0,24}}?
            (?: 通知(?!書) | 連絡(?![票帳網先]) | 謝罪 | 説明(?!を求) | 発送 | 送付 | 郵送 | 詫び | 手紙
              | 書面 | お送り
              | 知らせ(?!る)
              | 案内(?!メール|[^。、]{{0,6}}を?(?:一斉)?(?:送信|送付|発送|郵送)))
          | [0-9](?:社|名|人|世帯)[^。、]{{0,4}}(?:へ|に)[^。、]{{0,8}}(?:連絡|謝罪|説明|通知)  # 486社に連絡
          | 保護者会(?=[^。]{{0,20}}(?:開|説明|謝罪))  # 保護者会を開き
          | お(?:詫|わ)び(?:の)?(?:文書?|状|手紙|書面|メール|電話)  # お詫び状
          | 家庭訪問(?=[^。]{{0,30}}(?:謝罪|詫|説明|報告))
          | 自宅を訪問[^。]{{0,20}}(?:謝罪|説明|詫び) | 謝罪(?=[。\s]|$)
          | 個別に(?:連絡|通知|説明)  # 個別に連絡
          | 本人(?:等)?通知  # 本人通知
          | (?<!公表し)(?<!発表し)(?<!として)謝罪(?:し|を行|の上)  # 謝罪し
            # 対象者を訪問
          | (?:保護者|対象|該当|家庭|生徒|児童|被害者|世帯|本人)(?:者|の方)?[^。]{{0,4}}
            を訪問(?!した際|中|する)
          | 説明会(?=を(?:開|実施|行[いうっ])|を?開催) | 保護者説明会
          | (?:説明と|の)?謝罪(?:をし|連絡)(?!て?(?:ことに|予定))
          | \A(?:\([^()]{{1,8}}\))?に(?:通知|お?詫び)(?:し|を)  # (月)に通知し
            """,
            re.VERBOSE,
        ),
    ),
    (
        "other",
        re.compile(
            r"(?:に|へ)[^。、]{0,16}(?:紛失|漏え?い|流出|誤送付|事案|事故)について(?:を)?報告"
            r"|(?:紛失|漏え?い|流出|誤送[信付]|事案|事故|旨|こと)(?:について)?を?[^。、]{0,14}"
            r"(?:に|へ)(?:報告|相談)(?:し|、|。|を|$)"
            r"|(?:逮捕|書類送検)され(?:た|まし)(?=[。、\s]|$|た)"
        ),
    ),
    (
        "published",
        re.compile(
            r"""
            公表(?!前|資料|用|[がを]停止|した[一-龥「]) | として(?:陳謝|謝罪)し
            # ホームページ上で報告
          | (?:サイト|ホームページ|HP|ページ|ウェブ|Web)(?:上)?(?:に(?:て|おいて)?|で|へ)
            [^。、]{0,40}(?:ご?報告|掲載|お?知らせ|公開|配信)
          | 発表 | 記者会見 | 会見 | プレスリリース
          | 明らかに(?:し|す)  # 明らかにした
          | お知らせ(?!の?メール)
          | (?:ホームページ|ウェブサイト|HP|サイト)(?:上)?(?:に|で)(?:掲載|お知らせ)  # ウェブサイトに掲載
            # 付「…について」; but not 付で「…規程」を施行
          | \A\s?付け?(?:の|で)?[「『](?![^」』]*[」』]を?(?:施行|制定|策定|締結|改正))
          | (?<![へに])第\s?[0-9一二三四五]+\s?報(?!を受|が(?:入|あ))  # 第2報
          | 続報
          | 本(?:ページ|お知らせ|リリース)を(?:公開|掲載)  # 本ページを公開
            # サイトに謝罪文を載せた
          | (?:サイト|ホームページ|HP|ページ)(?:上)?(?:に|で)[^。、]{0,16}(?:謝罪|詫び|わび|知らせ)
            [^。、]{0,8}(?:掲載|載せ|公開)
            """,
            re.VERBOSE,
        ),
    ),
    (
        "discovered",
        re.compile(
            r"""
            (?<!経路が)(?<!原因が)(?<!詳細が)(?<!範囲が)(?<!件数が)判明 | 発覚 | 明らかにな
          | 気が?付 | 気が?づ | 見当たら
            # 発見; but not 発見には至らず, 発見できない, 発見されていない
          | 発見(?! に(?:は)?至(?:ら|って(?:い|お)(?:な|ら|ま)|りませ)
                 | でき(?:な|ず|ませ|て(?:い|お)(?:な|ら|ま))
                 | され(?:て(?:い|お)(?:な|ら|ま)|ず))
          | 覚知 | 把握 | 検知 | 検出
          | (?:第\s?[1一]|[^第]一)報(?:を受|が(?:入|あ))  # 第一報を受け
          | 指摘(?:を受|があ|され|で)  # 指摘を受け
            # 問い合わせがあり
          | (?:連絡|通報|申し?出|報告|問い?合わせ|相談|申告|照会)(?:を受|があ|が寄|が入|をいただ|により|で)
          | (?<!状況)(?<!結果)(?<!有無)(?<!ログ)(?<!内容)(?<!所在)(?<!履歴)
            を(?:確認|把握|検知|発見|認識)(?=[、。\s]|$|し|いた)  # ことを確認; but not 結果を確認
          | 認識
          | (?:分|わ)か[りっ]  # 分かった
            # 確認した
          | (?<!状況を)(?<!結果を)(?<!有無を)(?<!ログを)(?<!内容を)確認(?:し|され)(?:た|まし)
          | 指摘\s?(?:\n|$)
          | アクセスでき(?:ない|なく|ず)[^。]{0,16}(?:なって|状態|事象|確認)
          | 見つ[けか]  # 見つかった
          | 受信者から
            """,
            re.VERBOSE,
        ),
    ),
    (
        "occurred",
        re.compile(
            r"""
            発生 | 起き | 起こ
          | 誤って | 誤送(?![信付]先) | 誤配 | 誤交付 | 誤掲載 | 誤公開
          | 送信(?!先) | 送付(?!先) | 先を間違 | 送っ | 送りまし
          | 発送 | 投函 | 配布 | 交付 | 配付 | 返送 | 郵送
          | 撮影(?!した[一-龥])
          | (?<!手)(?<!引き)渡し
          | 紛失(?!届) | 置き忘れ | 置いた | 盗(?!難届) | 失くし
          | [な無]く(?:し|なっ)  # 無くした
          | [をに]忘れ(?=た|まし) | を落と(?=した|しまし)  # かばんを忘れた
          | (?:入れ|取り)違え | 設定(?:を|が)誤 | なりすまし
          | 別人の[^。、]{0,16}入って  # 別人の書類が入っていた
          | (?:不正な|外部からの)アクセス(?=を受|が(?:あ|行))
          | 書き換えられ(?=た|まし) | 所在不明とな
          | 漏れ | 暗号化さ | 送られ | 一斉(?:に)?配信
          | (?:装う|装った|不審な)メール[^。、]{0,8}受信 | 添付ファイルを開
          | (?:情報|データ|内容)を[^。、]{0,6}(?:伝え|教え)(?=た|まし)  # 情報を伝えた
          | にアクセス(?!制|権)
          | 被害を受け
            # 流出; but not 流出の可能性, 漏えい等の
          | (?:流出|漏え?い)(?!の?(?:有無|可能性|範囲|経路|件数)|等の)
          | 不正(?:アクセス|ログイン)(?!の(?:侵入|経路|原因|影響|調査|有無|痕跡|形跡))
          | 捨て(?=た|まし|てい) | アップロードし
          | 感染(?!の|が疑|防)
          | 侵入 | 持ち?出
          | 閲覧(?:でき|可能|され|し)  # 閲覧できる
          | 公開(?:状態|され|し(?:た|ま|て)|いたし)  # 公開された
          | 攻撃 | 掲載 | [廃破]棄(?!する(?:よう|予定)) | 持ち去 | 改ざん | 窃取 | 貼り出
            """,
            re.VERBOSE,
        ),
    ),
)
_SENT_WHEN = re.compile(r"(?:送付|発送|郵送|送信)(?:(?:いた)?し(?:た|まし)(?:た)?(?:ところ|際)|する際)")
_WRONGLY = re.compile(r"誤|間違|取り違")
_CLAUSE = re.compile(
    r"(?<=[しりきみれめけえせてでびいち])(?<!に対し)(?<!に対して)、|(?:(?<=発覚)|(?<=判明)|(?<=公開)|(?<=公表)|(?<=報告)|(?<=謝罪)|(?<=回収))、"
    r"|、(?=(?:同日|翌日|その後|直ちに))|(?<=[すたいるだ])が、|(?<=ました)が(?=[一-龥ァ-ヴ])|ため、|ところ、|もので、|。|\n"
)
_ALONE = re.compile(
    r"\s*(?:\([^()]{1,8}\)|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)|[月火水木金土日]曜日?)?\s*"
    r"(?:(?:午[前後])?[0-9]{1,2}[時:][0-9]{0,2}分?(?:頃|ごろ)?)?\s*(?:付け?|より|から)?\s*[)\]】>]?\s*(?:\n|$)"
)
_CLOCK = re.compile(r"\s*(?:午[前後]|[0-9]{1,2}[時:]|・|●|○|-)")


def add_roles(sheet: Sheet, days: Sequence[Fact]) -> list[Fact]:
    """Give every date of a text its role; ``days`` come in order, deadlines keep theirs."""
    found: list[Fact] = []
    opened = False
    for at, fact in enumerate(days):
        after = days[at + 1] if at + 1 < len(days) else None
        before = found[-1] if found else None
        role = ""
        if after and _is_range(sheet, fact, after):
            role, opened = "period-start", True
        elif opened and before:
            role, opened = "period-end", False
        elif fact.field == "date":
            role = _role(sheet, fact, before, after)
        if fact.field == "deadline" and role != "period-end":
            found.append(fact)
        else:
            found.append(replace(fact, field="date" if role == "period-end" else fact.field, role=role))
    return found


def _is_range(sheet: Sheet, fact: Fact, after: Fact) -> bool:
    """Tell whether the next date is the end of a period that this one begins."""
    if after.start - fact.end > 30:
        return False
    between = sheet.text[fact.end : after.start]
    if _SINCE_DID.fullmatch(between) and re.match("までの(?:期間|間)", sheet.after(after.end, 8)):
        return True
    if _FROM.fullmatch(between) and not _MOVED.match(sheet.text, after.end):
        return True
    joint = _UNTIL_NEXT.match(between)
    if joint is None or joint.end() != len(between):
        return False
    return bool(_END.match(sheet.text, after.end)) or "~" in between or "まで" in sheet.after(after.end, 12)


def _role(sheet: Sheet, fact: Fact, before: Fact | None, after: Fact | None) -> str:
    # Many branches: rules in the order in which they take precedence, each with its answer.
    text = sheet.text
    first, last = sheet.sentence(fact.start)
    ahead = text[max(first, before.end if before else 0, fact.start - 44) : fact.start]
    if _is_stamp(sheet, fact, ahead):
        return "published"
    if label := _LABEL.search(ahead):
        return str(label.lastgroup).replace("_", "-")
    if _CITED.search(ahead):
        return "published"
    if said := _OF_DAY.search(ahead):
        return _by_verb(said["verb"]) or "other"
    if not ahead.strip(_BULLETS) and (above := _HEADING.search(_line_above(text, first))):
        return str(above.lastgroup).replace("_", "-")
    clause = _clause(sheet, fact, after, last)
    if before and before.start >= first and before.role == "published":
        clause = _AS_TOLD.sub("", clause)
    if _ALONE.fullmatch(clause) and not ahead.strip(_BULLETS):
        return _alone(sheet, fact, last)
    if _ALONE.fullmatch(clause) and ahead.rstrip().endswith("(") and _is_own(sheet, fact):
        return "published"
    if _ALONE.fullmatch(clause) and _is_own(sheet, fact):
        return "published"
    whole = text[fact.end : min(last, fact.end + 300)]
    cleft = None if ahead.endswith("市は、") and _TOLD.match(whole) else _CLEFT.search(ahead)
    if cleft and _CLEFT_END.match(text, fact.end) and (of_verb := _by_verb(cleft["verb"])):
        return of_verb
    heads = ahead.rstrip("、")[-1:] in ("", "は", "も") and (not before or before.start < first)
    if heads and _TOLD.match(whole):
        return "published"
    if _is_news(sheet, fact, ahead, clause) and _DECIDED.search(whole):
        return "published"
    if role := _at_once(clause, ahead):
        return role
    if _TO_OFFICE.search(ahead) and _OFFICE_TOLD.match(clause):
        return "reported"
    if _TO_THEM.search(_ASIDE.sub("", ahead)) and _TOLD_THEM.match(clause):
        return "notified"
    if _SENT.match(clause) and _LETTER.search(sheet.before(fact.start, 30)):
        return "notified"
    if clause.startswith(("までに", "まで ")):
        role = "discovered" if re.search("確認|判明", clause) else _by_clauses(clause)
        return role if role and role != "occurred" else "other"
    if role := _by_clauses(clause):
        return role
    goes_on = after is not None and after.start < last and not clause.startswith("の")
    goes_on = goes_on and (clause.endswith("ところ、") or not _CLAUSE.search(clause.replace("かけて、", "")))
    if goes_on and after and (role := _by_verb(text[after.end : min(last, after.end + 200)])):
        return role
    return _by_neighbours(sheet, fact, before, after, ahead, clause)


def _clause(sheet: Sheet, fact: Fact, after: Fact | None, last: int) -> str:
    """Return the words behind a date up to the next one; a day in brackets (8月11日の出動) ends none."""
    end = min(last, after.start) if after else last
    clause = sheet.text[fact.end : max(end, fact.end)]
    if after is None or after.start >= last or clause.rfind("(") <= clause.rfind(")"):
        return clause
    close = sheet.text.find(")", after.end, min(last, after.end + 40))
    return (
        clause[: clause.rfind("(")] + sheet.text[close + 1 : min(last, close + 120)] if close > 0 else clause
    )


def _by_neighbours(
    sheet: Sheet, fact: Fact, before: Fact | None, after: Fact | None, ahead: str, clause: str
) -> str:
    """Return the role of a day that its own clause does not tell: news, the day before it, what follows."""
    if _SURVEYED.search(sheet.text, fact.end, sheet.sentence(fact.start)[1]):
        return "discovered"
    if _is_news(sheet, fact, ahead, clause) and not _OFFICIAL.search(clause):
        return "published"
    if before and before.role == "occurred" and _AND.fullmatch(sheet.text, before.end, fact.start):
        return before.role  # 誤送信があったのは7日と9日
    return _by_next(sheet, clause, sheet.sentence(fact.start)[1], after) or "other"


_AND = re.compile(r"(?:\([^()]{1,8}\))?(?:と|、|及び|および|・)(?:同|翌)?")


# 個人情報保護委員会には3月5日に報告済み
_TO_OFFICE = re.compile(r"(?:(?<!教育)委員会|個情委|省|庁|当局)(?:に(?:は|対し(?:ては?)?)?|へは?)、?\s?\Z")
_OFFICE_TOLD = re.compile(r"(?:\([^()]{1,8}\))?(?:に|付けで|、)[^。、]{0,20}?(?:報告|速報|確報|一報|届け?出)")
# 封筒を受け取ったA氏は29日に市へ連絡した
_RECEIVER = re.compile(r"(?:受け取った|届いた|受信した|誤[送配]\S?先の)[^。、]{0,12}[がは]、?翌?\Z")
_COMES = re.compile(
    r"(?:\([^()]{1,8}\))?[^。、]{0,24}(?:連絡|届け|持参|持ち込|問い?合わせ|申し出|電話|返却)"
    r"(?=[しがを]|ら?れ|[。、]|て|み)"
)
# 3日、誤送付先の会社が書類を持参した
_RECEIVER_COMES = re.compile(
    r"(?:\([^()]{1,8}\))?(?:に|、)[^。、]{0,10}(?:受け取った|届いた|受信した|誤[送配]\S?先の)[^。、]{0,12}(?:が|は|から)"
    r"[^。、]{0,24}(?:連絡|届け|持参|持ち込|問い?合わせ|申し出|電話|返却|指摘)"
)
# What bodies do in their course, of which the next sentence tells nothing more.
_OFFICIAL = re.compile(
    r"逮捕|送検|告訴|告発|設置|開始|停止|再開|処分|締結|契約|依頼|提出|相談|届|捜索|調査|報告|対応|実施|遮断|変更|予定|現在|時点|返却|回収"
    r"|謝罪|連絡|発表|公表|施行|改訂|改正|更新|採用|就任|開催"
)
_WENT_WRONG = re.compile(
    r"\s*(?!なお|また|今後|現在|これまで)[^。\n]{0,60}?(?:置き忘れ|置いたまま|を?紛失し|盗まれ|落とし(?:た|て)|誤って|取り違え|入れ違え|別人の)"
)


def _by_next(sheet: Sheet, clause: str, last: int, after: Fact | None) -> str:
    """Return what the next sentence says went wrong: 3月5日、車で外出した。車内に鞄を置き忘れた."""
    if last >= len(sheet.text) or not clause.rstrip().endswith("。") or _OFFICIAL.search(clause):
        return ""
    first, end = sheet.sentence(last)
    if first < last or (after and after.start < end):
        return ""
    return "occurred" if _WENT_WRONG.match(sheet.text, last, end) else ""


def _is_stamp(sheet: Sheet, fact: Fact, ahead: str) -> bool:
    """Tell whether a date is the text's own: at its very top, or with a word for it (12月9日提供)."""
    if fact.start == 0 and sheet.text[fact.end : fact.end + 1] in " \n" and _is_own(sheet, fact):
        return True
    return _STAMP.match(sheet.text, fact.end) is not None and not ahead.endswith("処分(")


def _at_once(clause: str, ahead: str) -> str:
    """Return the role that the words directly around a date give it."""
    if (_RECEIVER.search(ahead) and _COMES.match(clause)) or _RECEIVER_COMES.match(clause):
        return "discovered"
    if any(words.match(clause) for words in (_TO_COME, _AS_OF, _OF_DATA, _OF_PRESS, _AT_WORK)):
        return "other"
    if _SINCE_FOUND.match(clause):
        return "discovered"
    if direct := _DIRECT.match(clause):
        return _by_verb(direct["verb"]) or "other"
    if _TILL.match(clause):
        return "period-end"
    if _SINCE_THEN.match(clause):
        return "period-start"
    return "other" if ahead.endswith("処分(") else ""  # 停職処分(9日付)


_DECIDED = re.compile("処分|公表|発表|明らかに|訓告|戒告|行政指導|勧告|命令")


def _is_news(sheet: Sheet, fact: Fact, ahead: str, clause: str) -> bool:
    """Tell whether a day is that of the news: 市は16日、職員を戒告の処分にした."""
    if not sheet.published or not ahead.endswith("は") or not clause.startswith("、"):
        return False
    days = [(sheet.published - timedelta(days=n)).isoformat() for n in range(3)]
    return fact.value in days


def _line_above(text: str, first: int) -> str:
    """Return the line above one that starts at a place, if it is short as a heading is."""
    lines = text[max(0, first - 40) : first].split("\n")
    line = lines[-2] if len(lines) > 2 or (len(lines) == 2 and first <= 40) else ""
    return line if len(line) <= 20 and not re.search(r"[0-9]\s?[月日/]", line) else ""


_TOP_LINES = 4  # among which a letter has its own date


def _alone(sheet: Sheet, fact: Fact, last: int) -> str:
    """Return the role of a date on a line of its own: that of a letter's head, or of the entries below it."""
    # An entry of a course says the hour, the head of a letter none.
    timed = re.search(r"[0-9][時:]|午[前後]", sheet.text[fact.end : min(last, fact.end + 24)])
    if _is_own(sheet, fact) and not (timed and fact.start > _end_of_top(sheet.text)):
        return "published"
    at_top = not timed and fact.start <= _end_of_top(sheet.text) and not _CLOCK.match(sheet.text, last)
    if at_top and not _COURSE.search(sheet.text, 0, min(last, 400)):
        return "published"
    end = min(len(sheet.text), last + 160)
    return _by_clauses(_ONLY_TIME.sub("", sheet.text[last:end]).split("\n", 1)[0]) or "other"


_ONLY_TIME = re.compile(r"\A\s*(?:午[前後])?\s?[0-9]{1,2}[時:][0-9]{0,2}分?(?:頃|ごろ)?\s*\n\s*")


@lru_cache(4)
def _end_of_top(text: str) -> int:
    """Find where the first lines of a text end, among which stands a letter's own date."""
    at = -1
    for _ in range(_TOP_LINES):
        at = text.find("\n", at + 1)
        if at < 0:
            return len(text)
    return at


_COURSE = re.compile("経緯|経過|時系列|概要")


def _is_own(sheet: Sheet, fact: Fact) -> bool:
    value = str(fact.value)
    return sheet.published is not None and len(value) > 6 and sheet.published.isoformat().startswith(value)


_QUOTED = re.compile("「[^」]*」")


def _by_clauses(clause: str) -> str:
    """Return the role that the first clause with a telling verb gives; nothing behind a but."""
    clause = _QUOTED.sub("「」", clause)
    if told := _HEARD_OF.match(clause):
        clause = told[1]
    text = _LEADING.sub("", clause)
    head = clause[: len(clause) - len(text)]
    if _REPORTED_BY.match(text):
        return "discovered"
    for stop in [m.end() for m in _CLAUSE.finditer(text) if m.end() > 2][:_CLAUSES]:
        if role := _by_verb(head + text[:stop]):
            return role
        if text[:stop].endswith(("が", "が、")):
            return ""
    return _by_verb(clause)


# 5月26日に被害を受けた旨の報告を受ける: the day of what is reported.
_HEARD_OF = re.compile(r"((?:(?!から|より)[^。、])*[たる])(?:旨|と)の(?:報告|連絡|説明)を受け")
_REPORTED_BY = re.compile(
    r"[・\s]*[^。、]{0,24}(?:から|より)[^。]{0,160}(?:との|旨の)"
    r"(?:報告|連絡|通報|指摘|申出)(?=[。\s]|$|[がを])"
    r"|[・\s]*[^。、]{0,30}(?:から|より)、[^。]{0,120}(?:連絡|通報|指摘|申し?出|問い?合わせ)が(?:あ|寄せ|入)"
)
_CLAUSES = 4  # of a sentence, behind its date
_LEADING = re.compile(
    r"\A(?:\s?\([^()]{1,8}\)|\s?午[前後]|[0-9]{1,2}[時:][0-9]{0,2}分?|頃|ごろ|夜|に|、|\s)+"
)
_TOLD_US = re.compile(
    r"(?:から|より)[^。]{0,60}?(?:連絡|通報|指摘|申し?出|報告|問い?合わせ|情報提供|電話)"
    r"(?:を|が|で)?(?:受|あ|入|い|寄|判|発)"
    r"|(?:から|より)の?[^。\n、]{0,12}(?:連絡|報告|通報|指摘|申し?出)\s*\Z"
    r"|(?:から|より)[^。]{0,80}(?:と(?:の)?|ことの|旨の)(?:電話)?(?:連絡|通報|指摘)\s*\Z"
)
# 2013年10月の診療データ: what the data are of.
_OF_DATA = re.compile(
    r"\s?(?:時点)?の[^。、]{0,10}(?:データ|情報|名簿|書類|資料|記録|通知書|申告|明細"
    r"|ゲーム|試合|イベント|大会|講座|会議|研修|公演|授業|試験)"
    r"|[一-龥]{2,4}予定|[^。、]{0,20}(?:され|し)たはずの"  # 4月1日廃棄予定
    r"|中に[^。、]{0,16}(?:をされた|があった|をした)"
)
# 4月以前の登録情報, 8月28日にかけて探した, 3月31日まで使われていた, 5月15日までに登録されたお客様
_TILL = re.compile(
    r"\s?(?:\([^()]{1,8}\))?(?:にかけ[て、]|以前(?:の|に)"
    r"|まで、[^。]{0,30}(?:状態|閲覧でき|公開され)"
    r"|までに?、?[^。、]{0,12}(?:使われ|利用(?:し|さ)|登録(?:し|さ)|購入(?:し|さ)|申し?込|在籍|勤務し|受診|来[院店館]))"
)
_SINCE_THEN = re.compile(
    r"\s?(?:\([^()]{1,8}\))?\s?(?:午[前後])?(?:[0-9]{1,2}[時:][0-9]{0,2}分?)?\s?(?:以降|以来)"
)
# Work done on a day: 3月5日に臨時の会を開いた, に調査が完了しました, に届いた封筒, 中に配布が完了した.
_AT_WORK = re.compile(
    r"(?:\([^()]{1,8}\))?(?:に|中に|付けで)(?:[^。、]{0,30}(?:調査|分析|配布|発送|納品)[がをは])?"
    r"(?:完了|終了|開始|再開|設置|締結|施行)(?:いた)?(?:し|さ)(?![^。]{0,80}(?:確認|判明|発覚|分か|わか))"
    r"|から、?毎[月年週日]"
    r"|(?:\([^()]{1,8}\))?に[^。、]{0,10}(?:使用|利用|確認)した(?:当該|この|その|同)"
    r"|付け?で[^。、]{0,6}(?:懲戒|解雇|退職|異動|採用|停職|減給|戒告|免職)"
    r"|(?:\([^()]{1,8}\))?に[^。、]{0,16}(?:通っ|在籍し|在園し|入所し|入所する|入園し|勤務し)(?:て|た)"
    r"|(?:\([^()]{1,8}\))?に[^。、]{0,8}(?<!保護者)(?<!説明)会議?を(?:開[いきか]|開催)"
    r"|(?:\([^()]{1,8}\))?に[^。、]{0,10}届いた[、一-龥](?![^。]{0,60}(?:別|他)の?(?:人|方)"
    r"|[^。、]{0,12}からの?(?:指摘|連絡|通報|問))"
)
_SURVEYED = re.compile(
    r"(?:調査|分析|解析)(?:が|を|結果が)?(?:完了|終了|受領)し[^。]*(?:確認|判明|発覚|分か|わか)"
)
_OF_PRESS = re.compile(r"付け?の[^。、]{0,8}(?:新聞|朝刊|夕刊|報道)")
# 申請書をホームページに掲載: what was published was the data.
_PUT_UP = re.compile(
    r"資料として、[^。]{0,20}掲載|(?:申請書|申込書|ファイル|資料|書類|データ|名簿|一覧|PDF|様式|シート|写真|議事録|結果|一式)"
    r"[^。、]{0,8}を[^。]{0,20}(?:掲載|公開)(?![^。]*として(?:陳謝|謝罪))"
)
_TOLD_THEM = re.compile(
    r"(?:\([^()]{1,8}\))?(?:(?:まで)?に|、|付け?で|(?:頃|ごろ)?から)[^。、]{0,20}?"
    r"(?:ご?連絡|通知文?|案内文|お?詫び|謝罪|ご?案内|(?:封書|書面|文書)で[^。、]{0,8}報告)(?:を|し|さ|する|の上|及び|と|、)"
)
_AS_TOLD = re.compile(r"(?:と|を)(?:発表|公表|明らかに)し(?:た|まし).*", re.DOTALL)
_DIRECT = re.compile(
    r"\s?(?:\([^()]{1,8}\))?(?:に|、)?(?P<verb>(?:判明|発覚|発生|発見|紛失|公表|発表)(?:し|され)た)"
)
# に紛失が判明してから
_SINCE_FOUND = re.compile(r"\s?(?:\([^()]{1,8}\))?に[^。、]{0,12}が(?:判明|発覚)してから")
_ASIDE = re.compile(r"\([^()]*\)")
_TO_THEM = re.compile(
    rf"""
    {_RECIPIENT}[^。]{{0,6}}
    (?: に(?:(?:つきまして|対して)?は|も|対し(?:て)?)? | へ(?:は|も)?)、?\s?  # 対象の方には
    (?:(?:書[状面]|文書|電話|電子メール|メール)(?:にて|で|により)、?\s?)?\Z  # 書状にて、
    """,
    re.VERBOSE,
)


_NO_NEWS = re.compile(
    r"有無(?:等)?を確認|最後に確認|[^、。]*(?:到着|受領|返送)のご?連絡(?:を|が)[^、。]*、"
)  # 書類到着のご連絡をいただき


def _by_verb(clause: str) -> str:
    clause = _NO_NEWS.sub("", clause)
    if _TOLD_US.search(clause):
        return "discovered"
    if _PUT_UP.search(clause):
        return "occurred"
    for role, cue in _CUES:
        if found := cue.search(clause):
            if (
                role == "notified"
                and (_WRONGLY.search(clause) or _SENT_WHEN.search(clause))
                and not re.search("詫び|わび|謝罪|説明", clause)
            ):
                continue
            if role == "notified" and _is_no_notice(clause, found):
                continue
            return "other" if role == "occurred" and _NO_EVENT.search(clause) else role
    return ""


def _is_no_notice(clause: str, found: re.Match[str]) -> bool:
    """Tell whether words look like telling those concerned and are none: 事業者に通知書を送付, 会見で謝罪."""
    if found[0].endswith(("発送", "送付", "郵送", "お送り")) and not _LETTERS.search(clause):
        return True
    return bool(_MEANT.match(clause, found.end()) or _TO_ALL.search(clause, 0, found.end()))


_LETTERS = re.compile("詫|わび|謝罪|説明|書[面状]|文書|手紙|知らせ|通知(?!書)|連絡|経緯|案内")
_TO_ALL = re.compile("会見(?:し|で|を)|(?:公表|発表)し")  # 会見した市長は…と謝罪した
_MEANT = re.compile(
    r"(?:を)?(?:する|行う|作成する)(?:作業|ため|よう|際|とき|予定|こと(?:に|と)し)|すべき|するはず"
)  # 通知する作業
_NO_EVENT = re.compile(
    r"(?:削除|破棄|消去)(?:の|を)?(?:ご?依頼|お願い)|調査(?:が|を)(?:完了|終了)"
)  # 削除依頼のメールを送信
