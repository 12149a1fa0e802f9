"""Whether a text states, denies, plans or thinks possible what one of its words names.

Japanese says so at the end: the first finite verb behind a word decides for it, unless that verb
belongs to a noun of report (流出した事実は確認されていない), whose own verb decides then. A heading takes
the stance of its value (二次被害: なし), the lines of a list that of the sentence above (次の事実は認められて
おりません). What is not understood is ``open`` and states nothing: saying less is right where saying
"leaked" may be wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from monitor.facts.sheet import Sheet
from monitor.facts.statements.headings import is_denied_list, judge_label
from monitor.facts.statements.modality import GUESS, MAYBE, NEGATION, TOKEN, Stance
from storage.text.patterns import pattern_of

_SPAN_CHARS = 140
"""Characters behind a word within which its verb is looked for."""
# Behind a verb: nouns that ask for their own verb.
_REPORT_NOUN = pattern_of(
    r"""
    (?: (?:といった|などの|など|等の|等|ような|とする|とされる|という|との|旨の
      |ことを(?:示す|裏付ける|うかがわせる))*
        (?: 事実|形跡|痕跡|証跡|跡|記録|様子|証拠|証左|履歴|兆候|事例|被害|ケース|報告|箇所|ログ
        | もの(?!で[、あす]|の) | こと(?!で、|から|によ|を受け|に伴|を踏まえ) )
      | (?:との|という|といった|旨の|などの|等の)
        (?: 情報|連絡|相談|申告|通報|苦情|申し?出|問い?合わ?せ|指摘|内容|声|訴え|届け?出|話
          |通知|認識|結論|判断|確証|証言|事案|事象|二次的?な?被害)
      | (?:よう|わけ|の|事案|案件|事件)(?=では)
    )
    """,
    re.VERBOSE,
)
_ATTRIBUTE = pattern_of(r"[一-龥ァ-ヴA-Za-z「『0-9]|お客|ご|すべて|もの|メール|(?:こ|そ)の")
_CONJUNCTION = pattern_of(
    r"ため|ので|ことから|が、|ものの|ところ|後|のち|上で|うえ|旨|時点|可能性|おそれ|恐れ|疑い|懸念|場合|際"
)
_OR_ELSE = r"[、\s]?(?:又は|または|若しくは|もしくは|あるいは|或いは)"
_OR = pattern_of(_OR_ELSE)
# 流出したか調査中
_ASKS = r"か(?:どうか|否か|は|も|が|を|に(?:つ|関)|[、。?]|など|等|のよう|[一-龥]|$)|のか|のです?か"
# 流出した事実の有無を調査しました
_QUESTION = pattern_of(rf"{_ASKS}|(?:との|という)?[一-龥ァ-ヴー]{{1,4}}の有無")

# What makes a noun (流出, 二次被害) the subject of a verb of its own.
_LINK = pattern_of(
    r"""
    (?:等|など|事案|事故|事件|被害|発生|行為|といった|のような|による?)*
    (?: (?:の|に(?:関わる|係る|関する|つながる))
        (?:二次的?な?被害|発生|事実|形跡|痕跡|証拠|証跡|跡|兆候|報告|情報|被害|事例|記録|様子|相談
      |連絡|申告|訴え|申し?出|届け?出|問い?合わ?せ|ご連絡|ご報告|確認|送信|配信)
      | (?:、?もしくは|、|や|及び|並びに|又は|または|および|・|と|等の|などの)[^。はがも]{1,30}
    )*
    (?:等|など)?
    (?:(?:を|に至ったことを)(?:示す|裏付ける|うかがわせる)[^。、はがもを]{1,8}|に至った(?:事実|形跡|痕跡|証跡|記録))?
    \s?(?:につきまして|について|に関して|に関しまして|に関する(?:報告|情報|事実|被害))?
    (?P<particle>[はもがを]|には|にも|に(?=至|該当|当た)|とは|で(?=はな|はあり|はござ))
    """,
    re.VERBOSE,
)
_NIL = pattern_of(
    r"(?:等|など)?(?:の(?:発生|事実|被害|形跡|痕跡|報告|情報|相談|申告|おそれ|恐れ|可能性|有無))?[\s:|]{0,3}"
    r"(?:なし|無し|ゼロ|[0〇]件)(?=[\s。、)」]|$)"
)
_EXISTS = pattern_of(
    r"確認|認め|認識|発生|把握|起き|起こ|生じ|見つか|見当た|見られ|見受け|あり|ござい|なし|無|至"
    r"|報告|受け|入っ"
    r"|寄せ|届|検知|検出|発見|得られ|表面化|免れ|ゼロ|存在|いただ|頂い|上がっ|該当|当た|出て|及|行われ|されて|つか[んめ]"
    r"|(?:\A|[はもがに、]|一切|全く|まったく|ところ)な[いかく]"
)
_FACT_FOUND = pattern_of(r"(?:事実|形跡|痕跡)[^。]*判明")  # 流出の原因は判明していない says nothing of it
_OCCURS = pattern_of(
    r"(?:発信|送信|配信|送付)され|届|発生|判明|確認|発覚|明らか|起き|起こ|生じ|至|招|認め|あっ|あり|検知|把握|見つか|事実|してしま|続"
)
_VERBAL = pattern_of(
    r"(?:を|は|も)?(?:し|さ|せ|す|れ|た|て|い(?:た|て)|っ|、?いたし|致し)|(?:が|を|は)?行われ"
)
_MAYBE_LINK = pattern_of(
    rf"(?:等|など|事案|被害)*(?:の|発生(?=の|する)|による|された|した|といった|する|される|[やと・、][^。]{{1,16}}の)*{MAYBE}"
)
_UNLIKELY = pattern_of(
    r"[はもが]?、?「?(?:極めて|非常に|かなり|きわめて|限りなく|ほぼ)?(?:低|小さ|少な|乏し|限定的|限られ)"
)
_HAS = pattern_of(
    r"[がもはを、]|の(?:ある|あっ|高|考|否|あり|対象[とにで])|あり|等が|など|に(?:つな|なり|至)|と(?:の|し)"
    r"|について、?(?:発表|公表|明らか)|について(?:は|も)?、?[^。]{0,16}調査(?:中|を?(?:して|進めて|続けて|行って|継続して)(?:い|お))"
    r"|に(?:関する|ついての|つきましての)(?:お詫び|おわび|お知らせ|ご?報告)|について\s?[((]?お(?:詫|わ)び"
)
_SUPPOSED = pattern_of(
    r"万一|万が一|仮に|もし(?!く)|訓練|見本|想定", needs="万一 万が一 仮に もし 訓練 見本 想定"
)

_ASIDE = pattern_of(r"\([^()]*\)")


@lru_cache(256)
def _plain(rest: str) -> str:
    """Return the rest of a sentence without what stands in brackets, and no further than its own bracket."""
    return _ASIDE.sub("", rest).split(")", 1)[0]


def judge_stance(sheet: Sheet, start: int, end: int) -> Stance:
    """Judge what the text says of the word at ``start`` to ``end``."""
    if is_denied_list(sheet, start):
        return "denied"
    labelled = judge_label(sheet, start, end)
    if labelled is not None:
        return labelled
    first, last = sheet.sentence(start)
    if _is_supposed(sheet.text, first, start) or _ENDS_ASKING.search(sheet.text, max(start, last - 8), last):
        return "open"
    rest = _plain(sheet.after(end, _SPAN_CHARS))
    said = judge_predicate(rest)
    return "open" if said == "possible" and _is_warned_of(rest, sheet.before(start, 60)) else said


# 添付ファイルを開くと、|流出するおそれがある: what may come of what a reader does; but 流出したおそれ
_TO_COME = pattern_of(rf"(?:す|され|られ)る[^。、]{{0,4}}{MAYBE}")
_SOME_DAY = pattern_of(rf"(?:や|など|等|の)[^。、はがも]{{0,14}}{MAYBE}")
_ON_CONDITION = pattern_of(
    r"(?:場合(?:に)?は?|[くすむぐ]と|(?<!よ)(?<!られ)ると|ますと|(?<!よ)れば)、[^。]{0,40}\Z"
)
_WHEN_OPENED = pattern_of(
    r"(?:ファイル|リンク|URL|サイト|メール|番号|画面|ボタン|ソフト)[^。、]{0,8}(?:開|クリック|アクセス|タップ|押|実行|入力|電話|ダウンロード|連絡)"
    r"[^。、]{0,8}(?:場合(?:に)?は?|と|れば)、[^。]{0,40}\Z"
)


def _is_warned_of(rest: str, ahead: str) -> bool:
    """Tell whether a sentence warns of what may come, on a condition or of what a reader may do."""
    if _TO_COME.match(rest):
        return _ON_CONDITION.search(ahead) is not None
    return _SOME_DAY.match(rest) is not None and _WHEN_OPENED.search(ahead) is not None


_ENDS_ASKING = pattern_of(r"(?:\?|(?<!明ら)(?<!わず)(?<!確)か。?)\s*\Z")  # 漏えいしたのではないですか?


def _is_supposed(text: str, first: int, last: int) -> bool:
    """Tell whether a word of supposition stands between two places."""
    places = _supposed(text)
    i = bisect_left(places, (first, first))
    return i < len(places) and places[i][1] <= last


@lru_cache(4)
def _supposed(text: str) -> tuple[tuple[int, int], ...]:
    """Find the words of supposition once: a long sentence would be searched again for each of its words."""
    return tuple(match.span() for match in _SUPPOSED.finditer(text))


def judge_predicate(rest: str) -> Stance:
    """Judge what the rest of a sentence says of the word before it."""
    if _ALMOST.match(rest):
        return "open"
    if _NOT_THAT.match(rest):
        return "denied"
    if _VERBAL.match(rest):
        return _verb(rest)
    if _NIL.match(rest):
        return "denied"
    maybe = _MAYBE_LINK.match(rest)
    if maybe:
        return _possibility(rest, maybe.end())
    if led := _LED_TO.match(rest):
        return "open" if led[1] == "る" else "attributive"
    link = _LINK.match(rest)
    if link is None:
        return "open"
    return _noun(rest, link)


_LED_TO = pattern_of(r"に至(る|った)(?:状況|経緯|原因|過程|経過|背景|理由|まで)")  # 流出に至った|経緯


def judge_act(rest: str) -> Stance:
    """Tell by the rest of its sentence whether a deed was done: 報告を行い, 提出する予定."""
    at = 0
    if _SAYS_IT_WILL.match(rest) or _PREPARES.match(rest):
        return "planned"
    if beside := _ALONGSIDE.match(rest):
        said = judge_act(rest[beside.end() :])
        going_on = said == "open" and _GOING_ON.search(rest)
        return "stated" if said == "denied" or going_on else said  # 謝罪するとともに、…はないとしている
    while token := TOKEN.search(rest, at):
        kind, at = token.lastgroup, token.end()
        if kind == "none":
            continue
        if kind == "sure":
            return "stated"
        if kind == "negation":
            unable = rest[:at].endswith(("できない", "でない", "ていない", "からない")) and rest.startswith(
                "ため", at
            )
            return "open" if _WISH.match(rest, at) and not unable else "denied"
        if kind == "plan":
            return "denied" if _NO_PLAN.match(rest, at) else "planned"
        if kind == "done":
            if _FIRST_OF_TWO.match(rest, at):
                return "planned"  # 謝罪をした上で発表する予定
            return "open" if _DOUBTED.match(rest, at) else "stated"
        return "open"
    return "open"


_DOUBTED = pattern_of(
    rf"場合|際に|とき|(?:もの)?(?:と(?:の|いう))?{MAYBE}|{_ASKS}|{GUESS}"
)  # 破棄してしまったか, 破棄した可能性
_BY_THAT = pattern_of(
    r"もの(?:で[、あす]|の)|こと(?:で、|から|によ|を受け|に伴|を踏まえ)"
)  # 持ち出したもので、
_GOING_ON = pattern_of(r"て(?:いる|います|おります)(?:ところ)?(?:です)?[。\s]*\Z")
_HEARSAY = pattern_of(r"とのこと(?:です)?(?=[。\s]|\Z)")
_ALONGSIDE = pattern_of(r"(?:を?(?:する|行う|進める|続ける)|る)(?:と(?:とも|共)に|ほか|一方(?:で)?)、?")
_PREPARES = pattern_of(r"(?:を|の|に向け[てた]?)、?準備(?:を|し|中|が)")  # 報告を準備しております
_SAYS_IT_WILL = pattern_of(
    r"(?:する(?:と(?:とも|共)に|ほか)、)?[^。、]{0,24}(?:(?<![いあお])る|[くすむうぐつ])"
    r"(?:(?:と(?:し|話し|説明し|コメントし)|ことに(?:し|なっ))て(?:い|お)|とのこと|という(?:こと)?(?:です)?(?=。))"
)  # 送るとしている
_FIRST_OF_TWO = pattern_of(
    r"(?:上で|うえで|のち|後)[^。「]{0,40}(?:予定|方針|検討|次第)|[一-龥ァ-ヴ]{2,12}を[^。、]{0,6}(?:する|の)予定"
)
_NO_PLAN = pattern_of(r"(?:は|も|で(?:は|も))?(?:ありません|ございません|ない|なし)")


# 漏えいしたと断定できるまでに特定することはできませんでした
_NOT_SURE = pattern_of(
    rf"と(?:は|も|まで|までは)?(?:断[定言]|特定|判断|認定|言い切|言え|いえ)[^。]{{0,40}}?(?:{NEGATION})"
    # 流出したのではないかとみられる
    r"|のでは(?:ない|あるまい)かと(?:み|見|考え|思われ|推|疑)",
    re.VERBOSE,
)


# 悪用したとみられる電話は確認されていません
_GUESSED_OF = pattern_of(
    rf"""
    (?:もの)?と(?:見られ|みられ|思われ|考えられ|推測され|推定され|疑われ)る(?!もの|こと|ため)
    [^。、はがもを]{{1,16}}(?:は|が|も|について(?:は)?)[^。、]{{0,12}}?(?:確認|認め|把握|発生|報告|受け|あり|ござい)[ぁ-ん]{{0,4}}?
    {NEGATION}
    """,
    re.VERBOSE,
)


# 流出しそうになった, 流出したとの報道は事実ではない, 流出したと誤って公表した
_ALMOST = pattern_of(
    r"(?:し|され|する|される)(?:そうにな|ところだっ|寸前|直前|一歩手前|前(?:に|の段階))"
    r"|(?:し|され)た(?:か)?(?:の)?ように(?:見せ|装|偽)"
    r"|(?:する|される)よう(?:に|な)?(?:改ざん|仕組|仕掛|細工|書き換え|設計)"
    r"|(?:し|され)た(?:との|という)(?:報道|指摘|書き込み|投稿|噂|うわさ)[はが]"
    r"[^。]{0,10}?(?:事実(?:では|でな|と異な|に反|無根)|誤り|誤報|デマ|虚偽)"
    r"|(?:し|され)たと誤って(?:公表|報告|発表|説明)"
    # 当初は流出したと発表しましたが、流出していないことが分かりました
    r"|(?:し|され)たと(?:発表|公表|お知らせ|報告)(?:し|いたし)(?:まし)?た(?:が|ものの)、[^。]{0,30}(?:し|され)てい(?:ない|ませ|なか)"
    # 流出した」との指摘がありますが、そのような事実はありません
    r"|[^。、「」]{0,12}た」?(?:との|という|といった|とする)[^。、]{0,8}(?:報道|指摘|書き込み|投稿|噂|うわさ)[はがも]"
    r"[^。、]{0,14}が、[^。]{0,16}事実は[^。]{0,16}(?:な[いかく]|ませ|られ(?:ず|て(?:い|お))|されて(?:い|お))"
)
_NOT_THAT = pattern_of(
    r"(?:(?:さ?せ|し|され|っ|い)た)?(?:との|という)?(?:こと|疑い|[一-龥ァ-ヴー]{1,4})?[はがもを]、?"
    r"[^。、]{0,10}否定(?:され|し)(?:た|まし|て(?:い|お)(?![なら]|りませ))"
    rf"|(?:が[^。、はがも]{{1,8}})?(?:し|され|っ)たと(?:は|も)"
    rf"(?:考え(?:にく|難|づら)|(?:確認|認識|承知|考え|把握|認め)[^。、]{{0,10}}?(?:{NEGATION}))"
    # 流出の可能性があるとの報道がありましたが、そのような事実はありません
    rf"|[^。、はがも]{{0,6}}{MAYBE}[がの]ある(?:との|という|といった)(?:報道|指摘|投稿|噂|うわさ|書き込み)"
    rf"[^。、]{{0,14}}が、[^。]{{0,16}}事実は[^。、]{{0,12}}(?:{NEGATION})"
    # 流出は、その後の調査で誤りであることが判明した; but not 漏えいは設定誤りである
    r"|(?:に関する報道|について)?[はが]、?(?:[^。、]{0,14}(?:で|では|結果)、?)?(?:誤り|誤報|誤認|虚偽)(?:で(?:した|あ[るっ]|す)|だった)"
    # 流出したとされる情報は当社のものではない
    r"|(?:し|され)たと(?:され|みられ|見られ)る[^。、はが]{1,16}[はが]、?[^。、]{0,16}(?:のものでは(?:な|あり)|一致し(?:な|ませ))"
    r"|(?:が[^。、はがも]{1,8})?(?:し|され|っ)た(?:の|わけ|もの)では(?:な[いく]|(?:あり|ござい)ません)(?!か)",
    re.VERBOSE,
)
# 悪用されたログは残っていなかった: what it is said to have happened to, is not there.
# No denial: 流出した名簿は見つかっていない.
_THINGS = (
    "(?:書類|名簿|文書|資料|端末|媒体|メモリー?|パソコン|カード|台帳|手帳|封筒|データ|ファイル|原本"
    "|カメラ|鞄|かばん|カバン|バッグ|リュック|荷物|会員|方|者)"
)
_NONE_SUCH = pattern_of(
    rf"""
    (?P<what>[^。、はがもにのをで]{{1,12}})
    (?: (?:は|も|が|について(?:は)?|につきまして(?:は)?)、?
        (?:[^。、はがもを]{{0,14}}(?:時点で?|現在|まで|ところ)(?:は)?、?)?
        (?:一切|全く|特に|一件も|1件も|今のところ|現時点で)?
        (?: (?:確認|把握|認め|報告|検出|検知|判明|残|生じ|発生|寄せ|届|入|出|見ら|見受け|受け|存在
              |見つか|発見)
            (?:・|、|も|や)?(?:確認|把握|報告|公表)?も?を?(?:され|受け)?
            [ぁ-ん]{{0,5}}?(?:に至)?[ぁ-ん]{{0,4}}?
            {NEGATION}
          | (?:あり|ござい)ませ | ない | 無い | なかっ | なく | 無く | 皆無 | ゼロ件 | [0〇]件 | なし
        )
      | が(?:確認|認め|生じ|発生|報告)[ぁ-ん]{{1,4}}(?:との|という)?
        [^。、はが]{{1,6}}[はも][^。、]{{0,8}}?{NEGATION}
    )
    """,
    re.VERBOSE,
)
# 悪用され、被害を受けたという報告はない. Of 流出し、悪用された形跡はない nobody can tell how far it reaches.
_CHAINED = pattern_of(
    rf"""
    [^。、はも]{{0,20}}?(?P<harm>被害|損害|不利益|損失|影響|使わ|利用)?[^。、はも]{{0,12}}?(?:た|る)
    (?:という|との|といった|などの|旨の)?
    (?:事実|形跡|痕跡|報告|情報|連絡|事例|被害|兆候|申し?出|相談|証拠|こと|ケース|ログ|記録|疑い)(?:等|など)?
    [はもが]、?[^。]{{0,24}}?{NEGATION}
    """,
    re.VERBOSE,
)
# 持ち出し、第三者に流出させた可能性がある, 持ち出され、公開された可能性がある: by the same hand.
# Of 持ち出され、流出した可能性がある, as of 誤って送信し、流出した可能性がある, the second alone is doubted.
MAY_BE_BOTH = pattern_of(
    r"(?:し、[^。、はがも]{0,24}(?:せ|(?:提供|売却|販売|悪用|利用|使用|公開|渡|漏ら|持ち?出)し|売っ|送っ)(?:て(?:い)?)?"
    r"|れ、[^。、はがも]{0,20}れ(?:て(?:い)?)?)(?:た|る)(?:とみられる)?"
    r"(?:可能性|おそれ|恐れ|疑い)[がもの](?:あ[るっり]|高|否定)"
)
_STILL_GONE = pattern_of(
    rf"[^。、はがもにをで]{{0,10}}{_THINGS}(?:は|も|が)、?(?:[^。、]{{0,12}}(?:で|に)、)?[^。、]{{0,10}}?(?:見つか|発見|回収|特定)"
)


def _judge_both(rest: str, at: int) -> Stance | None:
    """Judge a deed by what is said of it and the next one together: 流出し、悪用された形跡はない."""
    if chained := _CHAINED.match(rest, at):
        return "denied" if chained["harm"] else "open"
    return "possible" if MAY_BE_BOTH.match(rest, at - 2) else None


def _verb(rest: str) -> Stance:
    """Judge a word that is a verb itself: 流出した, 悪用されていない, 漏えいした可能性."""
    # Many branches: a walk over the words behind it, each kind of which ends it or goes on in its own way.
    pending: Stance = "open"
    at = 0
    while token := TOKEN.search(rest, at):
        kind, at = token.lastgroup, token.end()
        if kind == "none":
            continue
        if kind == "sure":
            return "stated"
        if kind == "negation":
            return _judge_negation(rest, at)
        if kind == "double":
            return "possible"
        if kind == "maybe":
            return _possibility(rest, at)
        if kind == "rule":
            return "open" if pending == "open" else pending
        if kind == "plan":
            return pending if pending != "open" else "planned"
        if token[0].endswith("、") and (both := _judge_both(rest, at)):
            return both
        if re.match(GUESS, rest[at:]) or _NOT_SURE.match(rest, at):
            return "denied" if _GUESSED_OF.match(rest, at) else "possible"
        if _QUESTION.match(rest, at):
            return "open"
        if _OR.match(rest, at):
            continue
        noun = None if token[0].endswith("、") or _HEARSAY.match(rest, at) else _REPORT_NOUN.match(rest, at)
        if noun:
            at = _past_others(rest, noun.end())
            pending = "stated" if noun[0].endswith(("こと", "もの")) else pending
            continue
        if re.match(r"(?:との|という|といった|よう[なに])?(?:場合|際|とき)", rest[at:]):
            return "open"
        if _BY_THAT.match(rest, at):
            return "stated"
        if re.match(rf"(?:との|という|といった)?{MAYBE}", rest[at:]):
            continue
        if _ATTRIBUTE.match(rest, at) and not _CONJUNCTION.match(rest, at) and not token[0].endswith("、"):
            if _NONE_SUCH.match(rest, at) and not _STILL_GONE.match(rest, at):
                return "denied"
            return "attributive" if pending == "open" else pending
        return "stated"
    return pending


# 流出した形跡|や悪用された痕跡は, 流出した形跡|、悪用された痕跡のいずれも: one verb for both.
_AND_ANOTHER = pattern_of(
    r"(?:等|など)?(?:[や、・と]|及び|および|並びに|又は|または|もしくは|あるいは)[^。はも]{1,40}?(?:た|る|の)(?:という|との|といった)?"
    r"(?:事実|形跡|痕跡|記録|様子|証拠|履歴|兆候|事例|被害|ケース|報告|連絡|情報|相談|申し?出|ログ|こと)"
    r"(?=(?:等|など)?(?:の?いずれ|は|も|が|について))"
)


def _past_others(rest: str, at: int) -> int:
    """Find where the nouns of report end that share a verb."""
    more = _AND_ANOTHER.match(rest, at)
    return more.end() if more else at


def _is_there(link: re.Match[str], between: str) -> bool:
    """Tell whether the verb behind a noun says that what it names is there: 確認, 発生; not 公表."""
    if _EXISTS.search(link["particle"][-1] + between):
        return True
    return _FACT_FOUND.search(link[0] + between) is not None


def _noun(rest: str, link: re.Match[str]) -> Stance:
    """Judge a noun with a particle: 流出は確認されていない, 漏えいが発生した."""
    at = link.end()
    while token := TOKEN.search(rest, at):
        kind, between = token.lastgroup, rest[link.end() : token.end()]
        at = token.end()
        if kind == "none":
            continue
        if kind == "sure":
            return "stated"
        if _AS_THERE_IS_NONE.match(rest, token.start()):
            return "denied"
        if kind == "negation":
            said = _judge_negation(rest, at)
            return said if _is_there(link, between) else "open"
        if kind == "double":
            return "possible"
        if kind == "maybe":
            return _possibility(rest, at)
        if kind in ("rule", "plan"):
            return "open"
        if re.match(GUESS, rest[at:]):
            return "possible"
        if _QUESTION.match(rest, at) or (_OR.match(rest, at) and re.search(MAYBE, rest[at : at + 24])):
            return "open"  # 漏えいが発生し、又は発生したおそれがある: the words of the rules
        noun = None if token[0].endswith("、") or _HEARSAY.match(rest, at) else _REPORT_NOUN.match(rest, at)
        if noun:
            at = _past_others(rest, noun.end())
            continue
        if _ELSE_OR_MAYBE.match(rest, at):
            continue
        happens = _OCCURS.search(between) and len(between) < 60 and not _TOPIC.search(link[0])
        return "stated" if happens else "open"
    return "open"


_ELSE_OR_MAYBE = pattern_of(rf"{_OR_ELSE}|(?:との|という|といった)?{MAYBE}|場合|際")
_TOPIC = pattern_of("について|に関|につき")
_WISH = pattern_of(
    r"(?:こと(?:を(?:徹底|遵守|義務|原則|目的)|が(?:求め|重要|原則)|と(?:する|し(?:て|ま|、)|され)"
    r"|に(?:する|し(?:て|ま)))|よう|ため(?!、?確認)|場合|限り|とき|か(?:どうか|否か|[。?]|$))"
)
_AS_THERE_IS_NONE = pattern_of(
    r"(?<=[はがも])(?:ない|なかった|ありません|ございません)ため、"
)  # 報告はないため、
_STILL = pattern_of(
    r"""
    (?:っ?た)?(?:こと)?
    (?: と(?:は|も|まで|までは)?(?:言い切れ|言え|いえ|限ら)
      | と(?:は|も|まで|までは)?断[定言](?:する)?(?:こと)?[はがもの]?(?:でき|しかね|し難|困難)
      | わけでは
    )
    """,
    re.VERBOSE,
)


def _judge_negation(rest: str, at: int) -> Stance:
    """Tell a denial from a wish (流出しないよう) and from a doubt (流出していないとは言えない)."""
    if _WISH.match(rest, at) and not (rest[:at].endswith("ていない") and rest.startswith("ため", at)):
        return "open"
    return "possible" if _STILL.match(rest, at) else "denied"


_THERE_IS = pattern_of(r"あり(?:、|ます|得|まし)|ある(?:が|もの|と)|あるため")


# 可能性がある取引先には…; 可能性があるとの報告は受けて
_THAT_MAY = pattern_of(
    r"(?:[がもの])(?:ある|あった|高い)(?!場合|事実|報告|連絡|旨|状況|段階|点|時|際|以上)(?:お|ご)?[一-龥ァ-ヴA-Za-z]"
    r"|[がは](?:極めて|非常に|かなり|十分に?)?(?:高く|高いと|高いもの)"  # 廃棄した可能性|が高く、…はない
)
_IF_THERE_IS = pattern_of(r"[がの](?:ある|あった|高い)(?:場合|ときは|際に)")  # 可能性がある場合に知らせる文書
_SAID_TO_BE = pattern_of(
    r"[がもは]ある(?:と(?:の|いう|いった)(?:報告|連絡|情報|指摘|事実|認識|相談|申告|申し?出)[はもがを]|とは)"
)
_NO_POSSIBILITY = pattern_of(r"[はもが]?、?(?:ない|なく|なかっ|ありません|ございません|無い|無く|なし)")


def _possibility(rest: str, at: int) -> Stance:
    """Judge what is said of 可能性: there is one, it is denied, or it is a heading."""
    if rest[:at].endswith("疑われ"):
        return "possible"
    if _UNLIKELY.match(rest, at):
        return "open"
    if none := _NO_POSSIBILITY.match(rest, at):
        return _judge_negation(rest, none.end())
    if not _HAS.match(rest, at):
        return "open"
    if _IF_THERE_IS.match(rest, at):
        return "open"
    if _THAT_MAY.match(rest, at):
        return "possible"
    if said := _SAID_TO_BE.match(rest, at):
        tokens = (t for t in TOKEN.finditer(rest, said.end()) if t.lastgroup != "none")
        token = next(tokens, None)
        if token and token.lastgroup == "negation":
            return "open" if said[0].endswith("とは") else "denied"
    if rest[at : at + 1] in "はもが":
        tokens = (t for t in TOKEN.finditer(rest, at) if t.lastgroup not in ("none", "maybe"))
        token = next(tokens, None)
        between = rest[at : token.end()] if token else ""
        if (
            token
            and token.lastgroup == "negation"
            and _EXISTS.search(between)
            and not _THERE_IS.search(between)
        ):
            return "denied"
    return "possible"
