"""Nothing that a notice denies is told as having happened."""

from __future__ import annotations

import itertools

import pytest

from monitor.facts import extract

HAPPENED = {"leaked", "misused", "taken out"}
# What the text says of the leak or the misuse; nothing where it makes no statement.
STATED = [
    ("個人情報の流出は現在まで確認できておりません。", "leak", "not confirmed"),
    ("流出した形跡はこれまでのところ一切見つかっていない。", "leak", "not confirmed"),
    (
        "外部への情報の漏えいについては、確認されておりませんが、念のためお知らせします。",
        "leak",
        "not confirmed",
    ),
    ("調査の結果、データの外部流出はないものと判断しております。", "leak", "not confirmed"),
    ("個人情報が漏えいした事実はないと報告を受けています。", "leak", "not confirmed"),
    ("データが窃取された、または流出したことを示す証拠は得られておりません。", "leak", "not confirmed"),
    (
        "ファイルが第三者に閲覧された可能性はありますが、外部への流出は認められませんでした。",
        "leak",
        "not confirmed",
    ),
    ("名簿は未開封のまま回収され、情報漏えいはありませんでした。", "leak", "not confirmed"),
    ("本件による顧客情報の流出の心配はございません。", "leak", None),
    ("不正利用された等の報告は受けておりません。", "misuse", "not confirmed"),
    ("お客様からの被害申告もなく、情報が悪用されたとの連絡も受けておりません。", "misuse", "not confirmed"),
    ("当該情報を利用した二次被害の報告は入っておりません。", "misuse", "not confirmed"),
    ("これまでに、流出した情報が不正に利用された事実は把握しておりません。", "misuse", "not confirmed"),
    ("二次被害：現時点では確認されていません", "misuse", "not confirmed"),
    ("二次被害等の発生　確認されていない", "misuse", "not confirmed"),
    ("（５）二次被害の有無\n現在のところなし", "misuse", "not confirmed"),
    ("個人情報漏えいの可能性はないことを確認しております。", "leak", "not confirmed"),
    ("個人情報が流出した可能性は否定できません。", "leak", "possible"),
    ("流出の可能性も排除できないことから、公表します。", "leak", "possible"),
    ("流出していないとは言い切れません。", "leak", "possible"),
    ("流出しなかったとは断定できません。", "leak", "possible"),
    ("流出していないと断定することはできません。", "leak", "possible"),
    ("流出していないと断定しました。", "leak", "not confirmed"),
    ("流出した可能性がないとは言えません。", "leak", "possible"),
    ("流出した可能性はないと考えています。", "leak", "not confirmed"),
    ("顧客情報が外部に流出したことが判明いたしました。", "leak", "leaked"),
    ("個人情報の漏えいが発生いたしましたので、お詫び申し上げます。", "leak", "leaked"),
    ("個人情報が漏えいする事案が発生しました。", "leak", "leaked"),
    ("お客様情報の一部が外部に漏えいしたおそれがあることがわかりました。", "leak", "possible"),
    ("漏えいのおそれがある個人情報\n氏名、住所", "leak", "possible"),
    ("個人情報漏えいに関するお詫びとお知らせ", "leak", None),
    ("情報漏えい防止のための研修を行いました。", "leak", None),
    ("個人情報の漏えいを防止するため、体制を強化しました。", "leak", None),
    ("情報漏えい等が発生した場合の対応手順を定めました。", "leak", None),
    ("漏えい等報告を個人情報保護委員会に提出した。", "leak", None),
    ("万一、情報が流出した際は、速やかにお知らせします。", "leak", None),
    ("流出した情報が悪用されるおそれがあります。", "misuse", "possible"),
    ("流出の有無を調査しております。", "leak", None),
    ("流出したかどうかは分かっておりません。", "leak", None),
    ("漏えいの件数は確認できておりません。", "leak", None),
    ("データの持ち出しは確認されておりません。", "leak", "not confirmed"),
    ("元従業員が顧客データを持ち出していたことが判明しました。", "leak", "taken out"),
    ("元職員が名簿を持ち出し、知人に渡していた。", "leak", "taken out"),
    ("当該端末からの情報の持ち出しはなかったことが確認された。", "leak", "not confirmed"),
    ("不正利用は、1件も確認されていません。", "misuse", "not confirmed"),
    ("クレジットカードの不正利用が確認されました。", "misuse", "misused"),
    ("一部のお客様の口座で不正利用が発生しております。", "misuse", "misused"),
    ("悪用等の二次被害は今のところ生じておりません。", "misuse", "not confirmed"),
    ("なお、現時点において、流出した情報の不正使用等は認められておりません。", "misuse", "not confirmed"),
    ("漏えい・滅失・毀損の事実はありませんでした。", "leak", "not confirmed"),
    ("本件は、個人情報の漏えいではありません。", "leak", "not confirmed"),
    ("個人情報が流出した事案ではございません。", "leak", "not confirmed"),
    ("情報が外部に漏れた形跡はないという。", "leak", "not confirmed"),
    ("個人情報が外部に漏れたおそれがある。", "leak", "possible"),
    ("名簿の情報が漏れていたことが分かった。", "leak", "leaked"),
    ("外部への流出や不正利用などの被害は確認されていない。", "leak", "not confirmed"),
    ("外部への流出や不正利用などの被害は確認されていない。", "misuse", "not confirmed"),
    ("個人情報の流出、悪用の事実とも確認されていません。", "leak", "not confirmed"),
    ("流出が疑われる情報は次のとおりです。", "leak", "possible"),
    ("ファイルが公開されたことによる被害の申し出は、まだいただいておりません。", "misuse", "not confirmed"),
    ("サーバーからデータが窃取された痕跡は発見されませんでした。", "leak", "not confirmed"),
    ("解析で、顧客情報の窃取に至った証跡は認められなかった。", "leak", "not confirmed"),
    ("顧客情報が窃取された形跡が見つかりました。", "leak", "taken out"),
    ("会員の情報がダークウェブ等で公開された事実は確認されておりません。", "leak", "not confirmed"),
    ("封筒はその場で戻され、個人情報の流出を免れました。", "leak", "not confirmed"),
    ("調べたところ、会員情報の流出はゼロであることが分かりました。", "leak", "not confirmed"),
    ("会員情報が流出した可能性はゼロではありません。", "leak", "possible"),
    ("カードの不正使用については、各社から該当なしとの連絡を受けています。", "misuse", "not confirmed"),
    ("調査会社は、情報流出を裏付ける記録は得られなかったとしている。", "leak", "not confirmed"),
    ("なりすましメールの配信や詐欺などの被害の報告は受けておりません。", "misuse", "not confirmed"),
    ("名簿に関する不審な問い合わせは今日までございません。", "misuse", "not confirmed"),
    ("会員の方に不審な問い合わせが相次いでいることが判明しました。", "misuse", "misused"),
    ("情報を悪用した二次被害は、まだ表面化していない。", "misuse", "not confirmed"),
    ("会員情報が外部に転送された事実は確認できませんでした。", "leak", "not confirmed"),
    ("会員情報が外部に転送されていたことが判明しました。", "leak", "leaked"),
    ("Q 不正利用の被害は出ていますか。\nA いいえ、確認されていません。", "misuse", "not confirmed"),
    ("Q 不正利用の被害は出ていますか。\nA はい、2件の報告を受けています。", "misuse", None),
    ("二次被害又はそのおそれの有無及びその内容\n該当なし", "misuse", "not confirmed"),
    ("盗まれたカードで現金が引き出された。", "misuse", "misused"),
    ("名簿が流出したとの結論には至らなかった。", "leak", "not confirmed"),
    ("名簿が流出したとの判断に至った。", "leak", "leaked"),
    ("名簿が流出したとの確証は得られていません。", "leak", "not confirmed"),
    ("情報の漏えいの事実は、今日まで判明しておりません。", "leak", "not confirmed"),
    ("情報の漏えいの原因は判明しておりません。", "leak", None),
    ("調べても、流出の証拠はつかめていない。", "leak", "not confirmed"),
    ("名簿の流出は免れませんでした。", "leak", None),
    ("名簿を悪用した被害の訴えはありません。", "misuse", "not confirmed"),
    ("名簿が詐欺に使われる危険がある。", "misuse", "possible"),
    ("身に覚えのない請求が届いたとの連絡が2件寄せられました。", "misuse", "misused"),
    ("身に覚えのない請求がないかご確認ください。", "misuse", None),
    ("名簿を用いた勧誘の電話が実際にあったとの申し出を受けました。", "misuse", "misused"),
    ("勧誘の電話があった場合は、市役所にお知らせください。", "misuse", None),
    (
        "個人情報の外部流出の事実は現時点において確認されておらず、引き続き監視します。",
        "leak",
        "not confirmed",
    ),
    ("なお、情報が流出したとの報告は寄せられていません。", "leak", "not confirmed"),
    ("漏えいした個人情報は、氏名、住所です。", "leak", "leaked"),
    ("個人情報漏えいについて、深くお詫び申し上げます。", "leak", None),
    ("悪用された事例は報告されていないが、注意を呼びかけている。", "misuse", "not confirmed"),
    ("情報漏えいには当たらないと判断した。", "leak", "not confirmed"),
    ("これに伴う情報流出等の影響はございません。", "leak", "not confirmed"),
    ("他の自治体への流出もなかった。情報は庁内にとどまる。", "leak", "not confirmed"),
    ("二次被害を防ぐため、不審なメールにはご注意ください。", "misuse", None),
    ("不審なメールが届いた場合は開封しないでください。", "misuse", None),
    ("不審な電話がかかってきたとの相談が3件あった。", "misuse", "misused"),
    ("個人情報の流出が1件も確認されなかったのは、初動が早かったためです。", "leak", "not confirmed"),
    ("サイバー攻撃を受け、個人情報が流出した。", "leak", "leaked"),
    ("個人情報が流出しておりました。", "leak", "leaked"),
    ("流出させた職員を処分した。", "leak", "leaked"),
    ("個人情報を漏えいさせたとして、職員を懲戒処分とした。", "leak", "leaked"),
    ("職員が個人情報を外部に漏らした。", "leak", "leaked"),
    ("漏えい規模　3,000件", "leak", None),
    ("流出件数は1,200件に上る。", "leak", None),
    ("データの社外への流出は認められないとの調査結果を得ました。", "leak", "not confirmed"),
    ("今後、流出することのないよう努めます。", "leak", None),
    ("情報の不正な持ち出しや流出がないことを確認しています。", "leak", "not confirmed"),
    (
        "当該ファイルへの第三者からのアクセスはなく、漏えいは発生していないと判断しました。",
        "leak",
        "not confirmed",
    ),
    ("流出の可能性がある情報にカード番号は含まれません。", "leak", "possible"),
    ("個人情報の漏えいの疑いがある事案が発生しました。", "leak", "possible"),
    ("流出した可能性のある個人情報は最大5万件です。", "leak", "possible"),
    ("情報漏洩が確認されたため、お知らせします。", "leak", "leaked"),
    ("漏えいが確認された場合には、改めて公表します。", "leak", None),
    ("被害の状況：不正利用の報告なし", "misuse", "not confirmed"),
    ("・不正利用　０件", "misuse", "not confirmed"),
    ("不正利用の件数は0件です。", "misuse", None),
    ("学校は、名簿の校外への持ち出しを禁じている。", "leak", None),
    ("名簿は庁舎外に持ち出してはならず、施錠して保管する決まりだった。", "leak", None),
    ("いかなる媒体でも持ち出しをしないことを徹底する。", "leak", None),
    ("紛失による被害などは、今のところ確認されていない。", "leak", None),
    ("流出した可能性がありますが、委託先から漏えいの報告はございません。", "leak", "possible"),
    ("個人情報が漏えいした可能性について発表した。", "leak", "possible"),
    ("名簿が流出しかねない状況になった。", "leak", None),
    ("外部への流出は認めるに至りませんでした。", "leak", "not confirmed"),
]

SUBJECTS = (
    "個人情報の流出",
    "データの外部への漏えい",
    "第三者による悪用",
    "流出した情報の不正利用",
    "これに伴う二次被害の発生",
)
LINKS = ("は", "については、", "は、現時点では", "も、これまでのところ、", "等は")
DENIALS = (
    "確認されておりません。",
    "確認されていない。",
    "確認されてはいません。",
    "確認できておりません。",
    "確認しておりません。",
    "認められておりません。",
    "認められませんでした。",
    "認められなかった。",
    "報告されていません。",
    "発生しておりません。",
    "生じていないことを確認しました。",
    "起きていないとのことです。",
    "ございません。",
    "ありませんでした。",
    "ないと判断しました。",
    "把握しておらず、引き続き調査を進めます。",
    "見つかっておらず、監視を続けています。",
    "確認されていませんが、念のため公表しました。",
    "なかったことが分かりました。",
    "確認されず、データは回収しました。",
)


@pytest.mark.parametrize(("text", "role", "value"), STATED)
def test_what_is_said_of_leak_and_misuse(text: str, role: str, value: str | None) -> None:
    got = {fact.value for fact in extract(text) if fact.field == "outcome" and fact.role == role}
    assert value in got if value else not got
    if value in (None, "not confirmed"):
        assert not got & HAPPENED


@pytest.mark.parametrize("denial", DENIALS)
def test_a_denial_in_any_form_is_no_leak(denial: str) -> None:
    for subject, link in itertools.product(SUBJECTS, LINKS):
        role = "misuse" if any(word in subject for word in ("悪用", "不正利用", "二次")) else "leak"
        got = [fact for fact in extract(subject + link + denial) if fact.field == "outcome"]
        assert [fact.value for fact in got if fact.role == role][-1:] == ["not confirmed"], subject + link
        assert not {fact.value for fact in got if fact.role == role} & HAPPENED, subject + link


@pytest.mark.parametrize(
    "head", ["次の事実は確認されておりません。", "以下に掲げる被害は、いずれも認められませんでした。"]
)
def test_a_sentence_denies_every_line_of_its_list(head: str) -> None:
    text = f"{head}\n・個人情報が外部に流出した事実\n・情報が悪用された事例\n当社は名簿を紛失しました。"
    got = {(fact.role, fact.value) for fact in extract(text) if fact.field == "outcome"}
    assert got == {("leak", "not confirmed"), ("misuse", "not confirmed")}
    assert [fact.value for fact in extract(text) if fact.field == "cause"] == ["loss"]


def test_what_is_presupposed_is_no_leak_where_the_notice_says_possible() -> None:
    text = "メールが漏えいした可能性があります。漏えいした件数は調査中です。"
    assert [fact.value for fact in extract(text) if fact.field == "outcome"] == ["possible"]


def test_a_sentence_without_a_full_stop_denies_nothing_below_it() -> None:
    text = "※住所は含まれておりません\n3 二次被害の可能性の有無\n4 流出した情報 氏名、電話番号"
    assert [f.qualifiers for f in extract(text) if f.value in ("name", "phone")] == [(), ()]


CAUSES = [
    ("不正アクセスを受け、お客様の情報が漏えいした可能性があります。", "unauthorised access", ()),
    ("サイト全体への不正アクセスが存在しないことを確認しました。", "unauthorised access", ("negated",)),
    ("本件は不正アクセス等により発生したものではございません。", "unauthorised access", ("negated",)),
    ("メールアカウントが何者かに不正に利用されました。", "unauthorised access", ()),
    ("お客様の情報が第三者に不正に取得された可能性があります。", "insider misuse", None),
    ("元社員が情報を不正に取得していました。", "insider misuse", ()),
    ("課長が同窓会のため、名簿を私的に閲覧していた。", "insider misuse", ()),
    ("書類が運搬中に路上に散逸しました。", "loss", ()),
    ("部外者が入った形跡はなく、盗難の可能性は低いと考えます。", "theft", None),
    ("同校は警察に盗難届を出した。", "theft", None),
    ("滞納者の男性については所在が分からず、連絡できていない。", "loss", None),
    ("紛失による被害は確認されていません。", "loss", ()),
    ("新型コロナウイルスに感染した方の名簿です。", "malware", None),
    ("誤って非公開の資料を含むファイルが添付されていた。", "misconfiguration", None),
    ("誤って宛先欄に入力したこと、確認をしていなかったことが原因です。", "misdirected", ()),
]


@pytest.mark.parametrize(("text", "cause", "said"), CAUSES)
def test_what_is_said_of_a_cause(text: str, cause: str, said: tuple[str, ...] | None) -> None:
    got = [fact.qualifiers for fact in extract(text) if fact.field == "cause" and fact.value == cause]
    assert got == ([] if said is None else [said])


ITEMS = [
    ("他の受信者にメールアドレスが表示されない「BCC」で送るべきところ", "email", [()]),
    ("転送先のメールアドレスが存在しない場合も受信される。", "email", [()]),
    ("患者の氏名は記録されていないものの、年齢や性別が記録されていました。", "age", [()]),
    ("名簿に氏名の記載はあるものの、住所の記載はない。", "name", [()]),
    ("名簿に氏名の記載はあるものの、住所の記載はない。", "address", [("not included",)]),
    ("住所を業務以外の目的で閲覧した。", "address", [()]),
    ("名前を確認せずに封入した。", "name", []),
    ("ID・パスワードの漏えい等により発生したものではありません。", "password", []),
    ("低所得世帯に送る書類です。", "tax", []),
    ("ログイン用IDとパスワード", "user id", [()]),
    ("アレルギー情報と受診歴", "special-care data", [(), ()]),
    ("通知書の画像データ", "photo", []),
    ("担当者名・連絡先)", "phone", [()]),
    ("事案の発生所属は税務課です。", "employer", []),
]


@pytest.mark.parametrize(("text", "item", "said"), ITEMS)
def test_what_is_said_of_a_data_item(text: str, item: str, said: list[tuple[str, ...]]) -> None:
    assert [fact.qualifiers for fact in extract(text) if fact.value == item] == said


@pytest.mark.parametrize("depth", [50, 3000])
def test_denials_in_denials_are_read_once(depth: int) -> None:
    text = "流出した" + "とは言えないとは言えない" * depth + "ことは確認されていない。"
    assert not {fact.value for fact in extract(text) if fact.field == "outcome"} & {"misused", "taken out"}


EVENTS = ("流出した", "悪用された", "持ち出された")
WHAT = ("事実", "形跡", "ログ", "情報", "との報告", "旨の申し出", "記録", "疑い")
NOT_THERE = (
    *(
        "は確認できておりません",
        "は確認、報告されておりません",
        "は把握・確認しておりません",
        "は見つかっておりません",
    ),
    *(
        "は、現時点で確認、把握しておりません",
        "は一件もありません",
        "はゼロ件です",
        "は残っていなかった",
        "は皆無です",
    ),
    *("につきましては確認されておりません", "が確認された事例はありません", "が生じたとの報告はありません"),
    *(
        "は確認に至っておりません",
        "は寄せられておりません",
        "は今のところ見られない",
        "は確認も報告もされておりません",
    ),
)


@pytest.mark.parametrize("event", EVENTS)
def test_whatever_is_said_not_to_be_there_did_not_happen(event: str) -> None:
    for what, denial in itertools.product(WHAT, NOT_THERE):
        text = f"個人情報が{event}{what}{denial}。"
        assert not {fact.value for fact in extract(text) if fact.field == "outcome"} & HAPPENED, text


@pytest.mark.parametrize(
    "gone", ["名簿はまだ見つかっていない", "端末は回収できていない", "会員の特定には至っていない"]
)
def test_what_leaked_and_was_not_found_again_did_leak(gone: str) -> None:
    told = {fact.value for fact in extract(f"流出した{gone}。") if fact.field == "outcome"}
    assert told == {"leaked"}


JOINED = (
    *(
        "悪用され、被害を受けた",
        "流出し、悪用された",
        "漏えいし、第三者に渡った",
        "外部に流出したり、悪用されたりした",
    ),
    *(
        "流出や悪用をされた",
        "流出または悪用された",
        "不正に利用され、金銭的な被害が発生した",
        "閲覧され、流出した",
    ),
)


@pytest.mark.parametrize("joined", JOINED)
def test_two_deeds_of_one_denial_are_told_as_none(joined: str) -> None:
    for what, denial in itertools.product(
        ("事実", "という報告", "との情報", "痕跡"),
        (
            "はないとしている。",
            "は確認されておりません。",
            "は、現時点で受けていません。",
            "は認められなかった。",
        ),
    ):
        text = f"会員の情報が{joined}{what}{denial}"
        assert not {fact.value for fact in extract(text) if fact.field == "outcome"} & HAPPENED, text
