"""Words that readers of the pages may not know: of the law, of notices, and of this record."""

from __future__ import annotations

TERMS = {
    "leak": ("漏えい等", "leak, loss or damage"),
    "commission": (
        "個人情報保護委員会",
        "Personal Information Protection Commission, PPC",
    ),
    "report": ("漏えい等報告", "report of a leak"),
    "first-report": ("速報", "preliminary report"),
    "full-report": ("確報", "full report"),
    "notify": ("本人への通知", "notice to the persons"),
    "special-care": ("要配慮個人情報", "special-care-required personal information"),
    "recommendation": ("勧告(第148条第1項)", "recommendation, article 148(1)"),
    "order": ("命令(第148条第2項・第3項)", "order, article 148(2) and (3)"),
    "guidance": ("指導・助言(第147条)", "guidance and advice, article 147"),
    "demand": (
        "報告等の求め・立入検査(第146条)",
        "demand for a report, on-site inspection, article 146",
    ),
    "entrust": ("委託・再委託", "entrusting, entrusting again"),
    "notice": ("公表(このサイトでの意味)", "notice"),
    "version": ("版(このサイトでの意味)", "version"),
    "silent": ("断りのない書き換え", "silent edit"),
    "withdrawn": ("掲載終了(このサイトでの意味)", "withdrawn"),
    "incident": ("事案(このサイトでの意味)", "incident"),
    "gap": ("欠測(このサイトでの意味)", "gap"),
    "evidence": ("原本とハッシュ値", "original bytes and hash"),
}
"""Terms, in the order in which they are read."""
MEANINGS = {
    "leak": (
        "個人データの漏えい、滅失、毀損と、これらのおそれがある事態です。",
        "Personal data leaked, lost or damaged, or the danger of it.",
    ),
    "commission": (
        "個人情報保護法を所管する国の機関です。漏えい等報告を受け、勧告や指導を行います。",
        "The authority over the Act on the Protection of Personal Information: it takes reports, and acts.",
    ),
    "report": (
        "法第26条第1項により、一定の漏えい等を委員会に報告する義務です。速報と確報の2段階があります。",
        "By article 26(1) some leaks have to be reported to the Commission, in two steps.",
    ),
    "first-report": (
        "事態を知ったあと速やかに(おおむね3~5日以内に)行う最初の報告です。",
        "The first report, soon after the leak is known: within some 3 to 5 days.",
    ),
    "full-report": (
        "事態を知った日から30日以内(不正の目的によるおそれがある場合は60日以内)に行う報告です。",
        "The report within 30 days, or 60 where the purpose may have been wrongful.",
    ),
    "notify": (
        "法第26条第2項により、対象となった本人に知らせることです。難しいときは公表などに代えられます。",
        "By article 26(2) the persons are told; where that is hard, a public notice may stand in its place.",
    ),
    "special-care": (
        "病歴や犯罪の経歴など、取り扱いに特に配慮を要する個人情報です。",
        "Such as medical and criminal history: data that want special care.",
    ),
    "recommendation": (
        "違反を正すために必要な措置をとるよう求めるものです。従わないときは命令が行われることがあります。",
        "Asks for measures that end a violation. An order may follow where it is not heeded.",
    ),
    "order": (
        "勧告に係る措置をとるよう命じるものです。従わなければ罰則があります。",
        "Commands these measures. Not to follow it is punished.",
    ),
    "guidance": (
        "取り扱いを改めるよう指導または助言するものです。",
        "Guides or advises on how data are handled.",
    ),
    "demand": (
        "委員会が事実を確かめるために報告や資料を求め、または立ち入って調べるものです。",
        "The Commission asks for reports and papers, or looks for itself.",
    ),
    "entrust": (
        "個人データの取り扱いをほかの事業者に任せることです。任された側を委託先、その先を再委託先といいます。",
        "Another firm handles the data for their owner, and may hand them on to a third.",
    ),
    "notice": (
        "監督機関・企業・自治体などがWebサイトに掲載した1件の文書です。添付のPDFなども含みます。",
        "One document on the site of an authority, a company or a body, with the files it links.",
    ),
    "version": (
        "公表の文面が前と変わるたびに、新しい版として保存したものです。日時や閲覧数だけの違いは版になりません。",
        "A state of a notice's text that differs from the one before; clocks and counters make none.",
    ),
    "silent": (
        "ページ自身の更新日などを変えず、変更の断りもなく、内容が書き換えられたことです。悪意を意味するものではありません。",
        "The text changed while the page's own date did not, and nothing says so. No ill will is implied.",
    ),
    "withdrawn": (
        "ページがなくなったことを2回以上確かめた状態です。一時的に読めないことは含みません。",
        "The page was found gone, and found gone again. A page that cannot be read for a while is none.",
    ),
    "incident": (
        "同じ漏えい等についての公表をまとめたものです。公表との関連付けは、登録されたものか、候補を人が確かめたものです。",
        "Notices about the same leak. Links are declared, or suggested and confirmed by a person.",
    ),
    "gap": (
        "本来読み取れているはずのページを読み取れなかった期間です。この間の変更は見落としている可能性があります。",
        "A time in which a page should have been read and was not: changes within it may have been missed.",
    ),
    "evidence": (
        "受け取ったままのデータと、それが変わっていないことを確かめるためのSHA-256の値です。",
        "The data as they were received, and SHA-256, by which anybody sees that they are unaltered.",
    ),
}
"""What the terms mean here."""
