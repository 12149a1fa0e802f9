"""Which steps a notice tells of, and whether they were taken."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.facts import extract
from storage.text.wording import wording

# The stance of a step; nothing where the text tells of no such step.
STEPS = [
    ("個人情報保護委員会への報告を完了いたしました。", "reported-to-ppc", "stated"),
    ("個人情報保護委員会及び所轄警察署に報告いたしました。", "reported-to-ppc", "stated"),
    (
        "本件については、令和6年5月2日に個人情報保護委員会へ漏えい等報告（速報）を提出しました。",
        "reported-to-ppc",
        "stated",
    ),
    ("個人情報保護委員会へは速報を提出済みです。", "reported-to-ppc", "stated"),
    ("今後、個人情報保護委員会へ報告する予定です。", "reported-to-ppc", "planned"),
    ("個人情報保護委員会に対し、速報と確報を提出済みです。", "reported-to-ppc", "stated"),
    ("個人情報保護委員会への報告を準備しています。", "reported-to-ppc", "planned"),
    ("個人情報保護委員会への報告に向けた準備を進めております。", "reported-to-ppc", "planned"),
    ("県警察本部サイバー対策室へ通報しました。", "police-informed", "stated"),
    ("紛失届は同日受理されています。", "police-informed", "stated"),
    ("ご本人へは明日以降、書面にてお知らせいたします。", "persons-notified", "planned"),
    ("書面にてお知らせのとおり、窓口を設けています。", "persons-notified", None),
    ("個人情報保護委員会に報告していなかったことが判明した。", "reported-to-ppc", "denied"),
    ("個人情報保護委員会からの指導を受け、再発防止策を報告しました。", "reported-to-ppc", None),
    ("個人情報保護委員会は、本件について報告を求めた。", "reported-to-ppc", None),
    ("厚生労働省および個人情報保護委員会に対して報告を行っております。", "reported-to-ministry", "stated"),
    ("事案発生後、総務省に対して速やかに報告いたしました。", "reported-to-ministry", "stated"),
    ("所管の国土交通省へ報告書を提出した。", "reported-to-ministry", "stated"),
    ("翌日、警察に被害の相談をいたしました。", "police-informed", "stated"),
    ("警察へ被害届を提出し、受理されました。", "police-informed", "stated"),
    ("所轄の青浜警察署に紛失届を提出済み。", "police-informed", "stated"),
    ("県警に相談するとともに、捜査に協力しています。", "police-informed", "stated"),
    ("警察の捜査に全面的に協力してまいります。", "police-informed", None),
    ("警察から、容疑者を逮捕したとの連絡を受けました。", "police-informed", None),
    ("対象となるお客様には、書面にて個別にご連絡いたしました。", "persons-notified", "stated"),
    ("対象のお客様には、順次メールにてご連絡を差し上げております。", "persons-notified", "stated"),
    ("該当する方々に対し、電話でお詫びと説明を行った。", "persons-notified", "stated"),
    ("漏えいした可能性のあるお客様へは個別にお知らせいたします。", "persons-notified", "planned"),
    (
        "お客様をはじめ関係者の皆様に多大なるご迷惑とご心配をおかけしましたことを、深くお詫び申し上げます。",
        "persons-notified",
        None,
    ),
    ("お客様に関する情報の漏えいについて、下記のとおりお知らせいたします。", "persons-notified", None),
    ("対象者全員に謝罪し、書類の回収を終えた。", "persons-notified", "stated"),
    ("対象者全員に謝罪し、書類の回収を終えた。", "data-recovered", "stated"),
    ("誤送付した書類はすべて回収いたしました。", "data-recovered", "stated"),
    ("USBメモリは現在も発見に至っておりません。", "data-recovered", "denied"),
    ("書類はその後、庁舎内で発見された。", "data-recovered", "stated"),
    ("システムに不具合が見つかったため、調査しています。", "data-recovered", None),
    (
        "書類を紛失しました。システムに不具合が見つかったため、停止しています。",
        "data-recovered",
        None,
    ),
    ("受信者全員に、メールの削除を依頼しました。", "data-deleted", None),
    ("誤送信先に連絡し、当該メールの削除を確認しました。", "data-deleted", "stated"),
    ("誤って送信したメールは、受信者により削除されたことを確認済みです。", "data-deleted", "stated"),
    ("掲載していたファイルは直ちに削除しました。", "data-deleted", "stated"),
    ("職員が誤って電子データを削除した。", "data-deleted", None),
    ("攻撃者から身代金の要求を受けたが、応じていない。", "ransom-demanded", "stated"),
    ("身代金の要求には応じておりません。", "ransom-demanded", None),
    ("USBメモリは暗号化され、パスワードで保護されていました。", "encrypted-at-rest", "stated"),
    (
        "USBメモリにはパスワードが設定されていましたが、暗号化はされていませんでした。",
        "encrypted-at-rest",
        "denied",
    ),
    ("サーバー内のファイルが暗号化されていることを確認しました。", "encrypted-at-rest", None),
    ("業務システムのデータが暗号化される被害を受けました。", "encrypted-at-rest", None),
    ("県警は、元社員の男を不正競争防止法違反の疑いで逮捕した。", "arrested", "stated"),
    ("元社員が逮捕されました。", "arrested", "stated"),
    ("地検は元社員を起訴した。", "prosecuted", "stated"),
    ("地検は元社員を不起訴処分とした。", "prosecuted", None),
    ("市は同社を3か月の指名停止とした。", "tender-exclusion", "stated"),
    ("市は同社の指名停止を、要綱の規定により3か月とした。", "tender-exclusion", "stated"),
    ("市は同社を3か月間指名停止する。", "tender-exclusion", "stated"),
    ("指名停止は行わない。", "tender-exclusion", "denied"),
    ("指名停止措置要領に基づき対応を検討する。", "tender-exclusion", None),
    ("漏えいが判明した場合は、直ちに個人情報保護委員会に報告します。", "reported-to-ppc", None),
    ("該当するお客様への連絡は行っておりません。", "persons-notified", "denied"),
    ("本人への通知　令和6年5月7日に文書を発送", "persons-notified", "stated"),
    (
        "通知が困難な方については、本ホームページでの公表をもって通知に代えさせていただきます。",
        "persons-notified",
        None,
    ),
    ("警察への相談は今後検討する。", "police-informed", "planned"),
    ("対象となる方へのご連絡は、準備が整い次第、順次行ってまいります。", "persons-notified", "planned"),
    ("お心当たりのある方は、下記窓口までご連絡ください。", "persons-notified", None),
    ("本件に関するお客様からのお問い合わせ窓口にご連絡ください。", "persons-notified", None),
    ("市民への説明会を開催した。", "persons-notified", None),
    ("4月3日　個人情報保護委員会へ速報を提出", "reported-to-ppc", "stated"),
    ("委託先から、個人情報が保存されたHDDを回収した。", "data-recovered", "stated"),
    ("受信された皆様に、当該メールの削除等を依頼いたしました。", "data-deleted", None),
    ("当該メールを削除していただくようお願いしております。", "data-deleted", None),
    ("送信先へデータの削除を依頼し、削除済みです。", "data-deleted", "stated"),
    ("名簿の入った封筒の廃棄を業者に委託した。", "data-deleted", None),
    ("名簿を落としたか、他の書類とともに破棄してしまったか、覚えていない。", "data-deleted", None),
    ("USBメモリを捜索したものの発見に至りませんでした。", "data-recovered", "denied"),
    ("相手方から通知書の写しを回収しました。", "data-recovered", "stated"),
    ("受取人の自宅を訪れ、謄本を回収した。", "data-recovered", "stated"),
    ("速やかに個人情報保護委員会をはじめ、関係各所へ届け出ました。", "reported-to-ppc", "stated"),
    (
        "関係機関である個人情報保護委員会に報告するとともに、所管の警察に届出を\n行っております。",
        "police-informed",
        "stated",
    ),
    ("青浜警察署に届出の有無を確認した。", "police-informed", None),
    ("パソコンは落とし物として拾われ、拾得物として警察に届けられていた。", "police-informed", None),
    (
        "対象の方（ご高齢の場合は、そのご家族を含む。）へは電話でご説明しました。",
        "persons-notified",
        "stated",
    ),
    ("県警から、お客様の情報の漏えい懸念について連絡を受けました。", "persons-notified", None),
    ("利用者が8月2日、市に連絡して発覚した。", "persons-notified", None),
    ("被保険者に対し、文書で状況説明を実施中です。", "persons-notified", "stated"),
    ("対象の皆様へは、謝罪文を送付いたします。", "persons-notified", "planned"),
    ("該当の方々に通知文による謝罪をした上で発表を行う予定です。", "persons-notified", "planned"),
    ("滞納していた男性には、謝罪できていないという。", "persons-notified", "denied"),
    ("全員にパスワードを変更するよう呼びかけています。", "password-protected", None),
    ("いずれもパスワードロック等の対策が施されていませんでした。", "password-protected", "denied"),
]


@pytest.mark.parametrize(("text", "name", "said"), STEPS)
def test_a_step_is_taken_planned_or_denied(text: str, name: str, said: str | None) -> None:
    got = {
        next((word for word in ("denied", "planned") if word in fact.qualifiers), "stated")
        for fact in extract(text)
        if fact.field == "step" and fact.value == name
    }
    assert said in got if said else not got
    assert said == "stated" or "stated" not in got


def test_a_sentence_denies_the_steps_of_its_list() -> None:
    text = "以下のような事実は確認されておりません。\n・第三者からの金銭の要求\n・データの公開\n"
    assert [f.qualifiers for f in extract(text) if f.value == "ransom-demanded"] == [("denied",)]


def test_a_step_has_the_day_of_its_clause() -> None:
    text = "5月2日に個人情報保護委員会へ速報を行い、6月28日に確報を提出しました。"
    facts = extract(text, published=date(2024, 7, 1))
    days = [q for fact in facts if fact.value == "reported-to-ppc" for q in fact.qualifiers]
    assert days == ["date:2024-05-02", "date:2024-06-28"]
    assert [fact.value for fact in facts if fact.field == "report"] == ["preliminary", "final"]


def test_each_of_two_authorities_has_the_day_before_it() -> None:
    facts = extract(
        "5月2日に個人情報保護委員会へ、5月6日には県警に報告しました。", published=date(2024, 7, 1)
    )
    days = {fact.value: fact.qualifiers for fact in facts if fact.field == "step"}
    assert days == {"reported-to-ppc": ("date:2024-05-02",), "police-informed": ("date:2024-05-06",)}


def test_the_number_of_a_report_and_an_earlier_one_it_cites() -> None:
    facts = [f for f in extract("お詫び(第3報)\n第2報でお知らせした件の続きです。") if f.field == "report"]
    assert [(f.value, f.qualifiers) for f in facts] == [({"number": 3}, ()), ({"number": 2}, ("cited",))]
    assert [wording(f) for f in facts] == ["report 3", "report 2"]
