"""Whether a step was taken, is planned or was not taken, by the words around its name."""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.facts.sheet import Sheet
from monitor.facts.statements.headings import is_denied_list
from monitor.facts.statements.modality import Stance
from monitor.facts.statements.stance import judge_act
from monitor.facts.steps.step import Step, step_words
from storage.text.patterns import pattern_of

_SUPPOSED = step_words(
    r"""
    万一 | 万が一 | 仮に | 訓練 | マニュアル
  | 手順(?:を|に|書)  # 手順書
  | 規程 | 規定で | 定めて
  | 場合(?:は|に|、|には)  # 場合は
  | 際に備え | ときは | とは、 | 必要です | なければ | ものとする | ことができる
  | 規定に(?:より|よる)  # 規定により
  | 義務である | 義務の対象 | 法令上の義務
    """
)
_ASKED = step_words(
    r"""
    \A(?:処分|処理|作業)?(?:等|など)?
    (?: [をのもに]
      | (?:する|し(?:て(?:いただ|頂)(?:く|きます)|てもらう))(?:よう(?:に)?|こと)(?:を|に)?、?
        # 削除するように
      | の(?:ご)?  # 削除のご
    )?
    [^。、しさ]{0,12}?(?:お願い|申請|ご?依頼|要請|求め|促|指示|徹底|義務|ください|呼び?かけ|伝え)  # 依頼
    """
)
# Asked for, and then told as done: 削除を依頼し、削除済み.
_THEN_DONE = step_words(
    r"""
    (?:削除|消去|破棄|廃棄|回収|返却|返送)
    (?: 済 | 完了 | が完了
      | を?(?:確認(?:し|済|でき|いた)|終え|しても?ら|していただ)  # 削除を確認し
      | さ?れたこと  # 削除されたこと
      | した(?:こと|旨|との)  # 削除した旨
      | の確認(?:を|が)  # 削除の確認を
      | の連絡(?:を|が)  # 削除の連絡を
    )
    """
)
_SENDS = pattern_of("送付|発送|郵送|送り|送る|配布")
_RECEIVED = pattern_of(r"[をがは]、?(?:受|いただ|頂|あり|あっ|入っ|寄せ)")
_DEMANDED = pattern_of(
    r"(?:する|を行う|を?提出する|いたす)(?:よう(?:に)?|こと)(?:を|に)?[^。]{0,8}"
    r"(?:求め|命じ|命令|指示|要請|指導|お願い|依頼|勧告)"
)  # 総務省に報告することを求めた
_FIRST_CLAUSE = pattern_of(r"(?<=[しりえけせてめれた])、|。")
_NEEDLESS = pattern_of(
    r"」?(?:を|が)(?:義務[付づ]け|必要と)|(?:を)?(?:する|行う)ことは(?:な|あり)|[はが]、?(?:不要|必要(?:は|が)?な|対象外|該当しな|義務)"
)
_WHETHER = pattern_of(
    r"について[)」』]|(?:等|など)?の(?:有無|要否|必要|方法|可否|対象|検討)|(?:する)?(?:機能|サービス|ソフト|ツール)[をがの]"
)
_SUGGESTION = pattern_of(r"ください|下さい|お願い(?:いた|申|しま)")
# 謝罪することにしている
_DECIDED = pattern_of(
    r"(?:する(?:と(?:とも|共)に|ほか)、)?[^。、]{0,24}る(?:ことに(?:し|なっ)|と(?:し|話し)|という|方向)"
)
_PROCESS = pattern_of(
    r"個別|別途|書状|謝罪(?:文|メール)|本日|明日|順次|予定|次第|今後|方針|準備|速やか|進め|以内|までに|考え"
    r"|検討"
)
_ATTACK = pattern_of(r"ランサム|攻撃者|感染|不正アクセス|侵害|勝手に|ウイルス|被害を受け")
_KEPT = pattern_of(
    r"保管|保存|バックアップ|格納|パスワード|内蔵|ディスク|端末|USB|媒体|紛失|盗|管理|施|読み出|万全|措置"
)
_SIGNS = pattern_of(r"確認|完了|応じ|至っ|でき|回収|見つか|発見|戻")


def judge_step(sheet: Sheet, step: Step, match: re.Match[str], sentence: str, last: int) -> Stance:
    """Tell whether a step was taken, as the words behind its name say."""
    # Many branches: rules in the order in which they take precedence, each with its answer.
    rest = _QUOTED.sub("「」", _ASIDE.sub("", sheet.text[match.end() : last])).rstrip("\n")
    rest = _HEADLINE.split(rest)[0] + "。" if "…" in rest else rest
    ahead = _ASIDE.sub("", sentence[: max(0, match.start() - sheet.sentence(match.start())[0])])
    if step.name == "ransom-demanded":
        if told := _of_demand(sheet, match):
            return told
        ahead = _QUOTED.sub("", ahead)  # 「支払わなければ公開する」という脅迫文
    if _UNDONE.match(rest) or (step.name in ("data-deleted", "data-recovered") and _UNABLE.match(rest)):
        return "denied"
    if (
        _SUPPOSED.search(ahead)
        or _IF.search(ahead)
        or (_SUPPOSED.search(_FIRST_CLAUSE.split(rest)[0]) and step.name != "tender-exclusion")
    ):
        return "open"
    if _NEEDLESS.match(rest) or _WHETHER.match(rest) or _DEMANDED.match(rest):
        return "open"
    if step.name in ("data-deleted", "data-recovered") and (
        told := _of_things(sheet, step, match, rest, ahead)
    ):
        return told
    if step.name == "persons-notified" and _ASKED_THEM.match(rest):
        return "open"
    if match[0] in _FOUND and not _is_of_loss(sheet, match):
        return "open"
    if match[0] in _SORRY and (_IN_PUBLIC.search(sentence) or _BODY_DOES.search(ahead)):
        return "open"
    if _BEFORE_ALL.search(match[0]):
        return "open"
    if step.name == "persons-notified" and (told := _told(rest, sentence)):
        return told
    if _FIRST_THEN.match(rest):
        return "open" if re.search("ください|お願い|今後|検討|予定|方針", rest) else "stated"
    said = "stated" if _FINISHED.match(rest) or _GOING_ON.match(rest) else judge_act(rest)
    if said == "open" and is_denied_list(sheet, match.start()):
        return "denied"
    if said == "open":
        return _without_verb(sheet, step, match, rest)
    if step.noun_is_done and said == "planned" and not re.search("予定|方針|検討|見込", rest):
        return "stated"  # 入札参加資格を停止する: a decision
    if said == "planned" and _SUGGESTION.search(rest):
        return "open"
    if said == "planned" and not _is_likely(sheet, step, match, sentence, rest):
        return "open"
    if step.name == "data-deleted" and said == "denied" and not _SIGNS.search(rest):
        return "open"
    if step.name == "encrypted-at-rest" and said == "stated" and not _at_rest(sheet, match, sentence, rest):
        return "open"
    return said


def _of_things(sheet: Sheet, step: Step, match: re.Match[str], rest: str, ahead: str) -> Stance | None:
    """Judge what became of things and data, where the words behind or around say so in a way of their own."""
    if _BY_INTRUDERS.search(sheet.text, max(0, match.start() - 160), match.start()):
        return "open"
    if _ASKED.match(rest):
        return "stated" if _THEN_DONE.search(rest) else "open"
    if _SHOULD.match(rest) or (step.name == "data-recovered" and _OF_OTHERS.search(match[0])):
        return "open"
    if _SO_THAT.match(rest):
        return "stated"
    if match[0].endswith("届け"):
        return "stated" if _is_of_loss(sheet, match) else "open"
    if sheet.text.startswith(")", match.end()):
        return "open" if _TO_DO.search(match[0] + ahead[-20:]) else "stated"  # (※通知書を回収)
    return None


# 不正な操作は次のとおりです: what follows was done by others
_BY_INTRUDERS = pattern_of(
    r"不正な?(?:アクセス|操作|行為)[^。\n]{0,24}(?:次|以下|下記)の(?:とおり|通り)[^。\n]{0,6}。?\n[^。対]*\Z"
)
_FOR_MONEY = pattern_of(
    r"身代金|ランサム|暗号化|金銭|支払|暗号資産|仮想通貨|攻撃|不正アクセス|公開する|窃取|盗[んま]|ハッカー"
)


def _of_demand(sheet: Sheet, match: re.Match[str]) -> Stance | None:
    """Judge a demand by its own words: what was demanded, or a threat that asks for nothing."""
    if match[0].startswith("要求され"):
        return "stated"
    return "open" if match[0].startswith("脅迫") and not _is_extortion(sheet.text) else None


@lru_cache(4)
def _is_extortion(text: str) -> bool:
    """Tell whether a text speaks of an attack on systems or of money: a threat alone asks for no ransom."""
    return _FOR_MONEY.search(text) is not None


_SO_THAT = pattern_of(r"して[^。、]{0,16}ないようにし(?:た|て|ま)")  # 削除して、閲覧できないようにした
# 該当する利用者にはメールで連絡を行う; but not 対象者に確認の連絡を行う below 再発防止.
_OF_THEM = pattern_of(
    r"(?:該当|対象|影響)(?:する|の|者|とな)|(?:可能性|おそれ|恐れ)の?(?:が)?(?:ある|高い)|流出した|漏えいした|全員|当該"
)


def _is_likely(sheet: Sheet, step: Step, match: re.Match[str], sentence: str, rest: str) -> bool:
    """Tell whether a plan is one for this case, and no rule for later."""
    if _PROCESS.search(sentence) or _SENDS.search(match[0][-6:] + rest[:20]) or _DECIDED.match(rest):
        return True
    return step.name == "persons-notified" and _is_promise(sheet, sentence, match)


_ON_A_DAY = pattern_of(r"[0-9]日(?:に|から)?は?、?\Z")  # 19日には保護者に説明する


def _is_promise(sheet: Sheet, sentence: str, match: re.Match[str]) -> bool:
    """Tell whether a sentence says of those concerned that they will be told, and is no rule for later."""
    if re.search("確認|場合|徹底|都度|必ず", sentence):
        return False
    if not _OF_THEM.search(sentence) and not _ON_A_DAY.search(sheet.before(match.start(), 12)):
        return False
    return "再発防止" not in sheet.text[max(0, match.start() - 200) : match.start()]


# 求職申込書は返却、又は廃棄をするべきところ
_SHOULD = pattern_of(
    r"(?:[、又は・や及び]{1,4}[^。、]{0,16})?(?:を)?(?:する|す)べき(?:ところ|だった|であ|もの)"
)
_AS_NEEDED = pattern_of(r"必要に応じて?[^。]{0,60}ます[。\s]*\Z")  # 通知は、必要に応じてお知らせいたします
# あらためてご説明|のうえ、お詫び申し上げます
_THEN_SORRY = pattern_of(r"の(?:上|うえ)で?、[^。、]{0,20}(?:お詫び|おわび|謝罪)[^。、]{0,10}ます[。\s]*\Z")
# 電話連絡したところ、返却していないことを確認した: what they were asked
_ASKED_THEM = pattern_of(r"(?:を)?(?:し|取っ|入れ)たところ、(?![^。]{0,60}(?:謝罪|詫|了承|了解|理解|説明))")
_OF_OTHERS = pattern_of(
    r"(?:現金|財布|犯人|容疑者|原因|証拠|痕跡|形跡|兆候)[はがも][^。、]{0,8}(?:見つ|発見)\Z"
)  # 現金は見つかっていない
_FOUND = ("回収", "発見", "見つ")
_UNDONE = pattern_of(r"ず(?:に|、|。)|ない(?:まま|で|、|。)|なかった")  # パスワードをかけ|ずに保存した
_UNABLE = pattern_of("[がはも](?:不可能|困難|できな|できませ)")  # 回収が不可能となった
_LOST = pattern_of(
    "紛失|遺失|誤送信|飛散|盗ま|盗難|置き忘れ|所在不明|見当たら|誤(?:送付|交付|配|発送|封入)|誤って"
)
_NO_THING = pattern_of(
    r"(?:現金|財布|犯人|容疑者|脆弱|痕跡|形跡|原因|証拠|不審|異常|問題|ウイルス|マルウ|プログラム|欠陥|製品|商品|ごみ|ゴミ|アンケート)[^。、]{0,12}\Z"
)
_BODY_DOES = pattern_of("[局市県町村省庁社院校学会長][がは]、?\\Z")  # 事業局が|謝罪した: in public
_SORRY = ("謝罪", "お詫び", "おわび", "お侘び")
_BEFORE_ALL = pattern_of("(?:議会|会見|委員会)[^。、]{0,8}で[^。]{0,24}(?:謝罪|お?詫び|おわび)\\Z")
_IN_PUBLIC = pattern_of(
    "会見|大臣|知事が|総会|議会|と述べ|公表|発表|明らかに|ホームページ|サイト|ウェブ|迷惑|陳謝|県民|市民の皆"
)
# 連絡するためファイルを見た, 案内が送付されることとなり: no step of its own.
_FOR_OTHERS = pattern_of(
    r"のため(?:の(?!(?:ご)?(?:連絡|電話|訪問|文書|手紙))|に)|を?(?:する|行う)(?:ため|よう|際|予定だった)|[がを]?[^。、]{0,6}され?ることとな"
)
# 速やかに連絡し、説明と謝罪を行います。 今月末から郵送し、窓口を設置する。
_PROMISED = pattern_of(
    r"[^。、]{0,6}し、(?:[^。、]{1,30}し、){0,2}(?:(?!た[。、])[^。、]){0,40}"
    r"(?:(?<![てお])[いしり]ます|(?<!てい)る|予定(?:です)?)[。\s]*\Z"
)
_ADVICE = pattern_of(r"(?:ましょう|べきです|望ましい[^。]{0,8})[。\s]*\Z")  # 謝罪し、手続きを進めましょう
# 書面で謝罪していて今後は徹底する; 連絡する対応を取った
_GOING = pattern_of(r"(?:を)?し(?:ていて|ており、)|する対応(?:を|が)(?:取|と|行)(?:っ|ら)")
_AND_NOUN = pattern_of(
    r"して[^。、]{0,24}(?:回収|説明|返却|削除|連絡|謝罪|お詫び|おわび)(?:。|\Z)|し謝罪したうえで"
)
_WILL = pattern_of(r"し、(?:謝罪|お詫び|説明|通知|連絡)(?:する|します|いたします)(?=。|」|\s|\Z)")
_IF = pattern_of("(?:あ|す|でき|され)れば")  # 違法性があれば警察に連絡する
_QUOTED_PROMISE = pattern_of(r"(?:を)?(?:させていただきます|いたします|する|します)」と")
_SOON = pattern_of(r"速やか|今後|順次|準備|次第|月末|[上中下]旬|来月|来週|後日")
# 警察へ連絡の上、状況を確認中です。
_FIRST_THEN = pattern_of(
    r"の(?:上|うえ)で?、[^。]{0,40}(?:て(?:い|お)(?:る|り?ま)|中(?:です|であ|、|。|\Z)|(?:まし)?た[。\s]*\Z)"
)
# 報告・相談を進める中で, 説明と謝罪を進めるとともに
_GOING_ON = pattern_of(
    r"(?:[・や]|と|及び)?[^。、]{0,10}を(?:進め|行)(?:る|う)(?:中|うち)で|[^。、]{0,8}を進めるととも[にも]"
)
_FINISHED = pattern_of(r"済み?(?:で(?:、|す|した|あ[りる](?!ま?せ))|、)")  # 回収済みで、流出はなかった
_ASIDE = pattern_of(r"\([^()]*\)")
_QUOTED = pattern_of(r"「[^」]*」")
_HEADLINE = pattern_of("…+")  # 書類を紛失、路上で回収…被害なし
_SENT = pattern_of(
    r"[^。、]{0,20}を(?:一斉|[「A-Za-z」]{2,8}(?:で|にて))?(?:配信|送信|送付|発送|郵送)[。\s]*"
)  # お詫び一式を送付
_DONE_NOUN = pattern_of(
    r"(?:を)?(?:済み?|完了|実施済|提出済|依頼済|開始|終了|受理|実施"
    r"|提出|(?:一斉)?(?:配信|送信)|送付|発送|郵送)?[\s。)、]*(?:[:|]?\s?(?:\Z|\(|[0-9令平]))"
)


# 発覚し、警察に相談。 同日、患者に謝罪。: a noun that ends a sentence as its verb.
_GOES_BEFORE = pattern_of(r"[しりえけせてめれ]、|同日|翌日|当日|直ちに|即日|速やかに|[0-9]日")


def _without_verb(sheet: Sheet, step: Step, match: re.Match[str], rest: str) -> Stance:
    """Judge words that end without a verb: an entry of a course of events, or a heading."""
    rest = rest.removeprefix("等").removeprefix("など")
    if rest.startswith(("の上", "し")) and _is_entry(sheet, match, rest):
        return "stated"
    done = re.match(r"(?:(?:及び|と|や)(?:謝罪|説明))?を?[^。、]{0,6}(?:済み?|完了)", rest)
    if done or (
        step.noun_is_done and not re.search(r"(?:基準|要綱|場合|について|可能性|おそれ|か)", rest[:12])
    ):
        return "stated"
    if step.name == "password-protected":
        return "open"  # 対応状況 ・ファイルへのパスワード設定: from now on
    ahead = sheet.before(match.start(), 24)
    dated = re.search(r"[0-9]\s?[日時]|[0-9]/[0-9]", ahead) or re.match(
        r"\s?[:|]?\s?(?:令和|20[0-9]{2})", rest
    )
    to_do = re.search("今後の|再発防止", sheet.text[max(0, match.start() - 80) : match.start()])
    if not dated and not to_do and not rest.strip("。\n "):
        dated = _GOES_BEFORE.search(sheet.before(match.start(), 60) + match[0])
    if not dated and _is_entry(sheet, match, rest):
        return "stated"
    return "stated" if dated and (_DONE_NOUN.match(rest) or _SENT.fullmatch(rest)) else "open"


def _is_of_loss(sheet: Sheet, match: re.Match[str]) -> bool:
    """Tell whether what was found or taken back is what the text says was lost or sent to others."""
    return not _NO_THING.search(sheet.before(match.start(), 24)) and _LOST.search(sheet.text) is not None


_ENTRY_END = pattern_of(
    r"(?:と(?:謝罪|お詫び|説明)|(?:の上で?|し)、?(?:順次|個別に|電話で|直接)?(?:謝罪|お詫び))?"
    r"(?:[、・](?:状況)?説明(?:[と、・]|及び|ならびに|並びに)(?:謝罪|お詫び))?(?:の実施|を(?:実施|完了|開始))?[。\s]*\Z"
)
_BULLET = pattern_of(r"(?:\A|\n)\s?(?:[・●○◆■〇*-]|[0-9①-⑳⑴-⒇]{1,2}[.)]?|\([0-9ア-ン]\))\s?[^。\n]{0,40}\Z")
_DOT = pattern_of(r"\n\s?[・●○◆■〇*-]\s?[^。\n]{0,40}\Z")
_DEALT_WITH = pattern_of(
    r"対応(?:状況|経過)|[者様方]への対応[^。\n]{0,2}\n|(?:行った|実施した|講じた|事後の?|発覚後の?|これまでの)(?:対応|措置)"
)
_TO_DO = pattern_of(r"今後|予定|再発|徹底|方針|検討|場合|防止|準備|手順|速やか")


def _is_entry(sheet: Sheet, match: re.Match[str], rest: str) -> bool:
    """Tell whether words are an entry of what was done: ・警察に相談, 削除を実施."""
    ahead = sheet.text[max(0, match.start() - 120) : match.start()]
    if not _ENTRY_END.fullmatch(rest) or _TO_DO.search(ahead[-80:] + match[0]):
        return False
    if rest.startswith(("を", "と", "の上", "し")):
        return True
    bullet = _BULLET.search(ahead[-60:]) is not None
    if _DOT.search(ahead[-60:]) and _DEALT_WITH.search(ahead):
        return True
    told = re.search(r"(?:へ|に|を|から)(?!の)[^のへにを]{0,8}\Z", match[0]) is not None
    return told and (bullet or rest.startswith("。"))


def _told(rest: str, sentence: str) -> Stance | None:
    """Tell whether those concerned were told, where the words behind say so in a way of their own."""
    if _RECEIVED.match(rest) or _FOR_OTHERS.match(rest) or _ADVICE.search(rest) or _AS_NEEDED.search(rest):
        return "open"
    if _THEN_SORRY.match(rest) and _SOON.search(sentence):
        return "planned"
    if _PROMISED.match(rest) and _SOON.search(sentence[:-1]):
        return "planned"
    if _AND_NOUN.match(rest) or _GOING.match(rest) or rest.startswith(("申し上げ、", "申しあげ、")):
        return "stated"
    if re.match(r"を(?:送る|(?:郵送|発送|送付)する)(?=。|\s|\Z)", rest):
        return "planned"
    if _QUOTED_PROMISE.match(rest) or _WILL.match(rest):
        return "planned"
    return "denied" if re.match(r"[がは](?:困難|不可能|行え)", rest) else None


def _at_rest(sheet: Sheet, match: re.Match[str], sentence: str, rest: str) -> bool:
    """Tell whether data were kept encrypted, rather than encrypted by an attacker."""
    first = sheet.sentence(match.start())[0]
    if _ATTACK.search(sentence) and not re.search("保管|保存|バックアップ", rest):
        return False
    if _FILES.search(sentence[: match.start() - first]) and _ATTACK.search(
        sheet.text, max(0, first - 200), first
    ):
        return False  # サーバーの各種ファイルが暗号化された
    return bool(_KEPT.search(sentence))


_FILES = pattern_of(r"(?:ファイル|データ|サーバー?)(?:等|など|の一部)?が\Z")
