"""Items of personal data that a text names, and whether it says they were not among the data."""

from __future__ import annotations

import re

from monitor.facts.sheet import Sheet
from storage.records import Fact

# The lookahead names every first and every second character, so that other places are left at once.
_ITEM = re.compile(
    r"(?=[回客要病傷診健障マ個特クカセ銀金振口預ロパ暗認ユ会顧アE電メ携固連F郵住送配お居生誕出年性フふ氏名姓ご契被保基所課税納滞受整宛学社職従証水使運旅パ購注取利通閲位勤役顔画写家続世]"
    r"[配人病歴名診療康害イナーカ番定レキリ行金融込座グス証員客線メ子帯話絡A便住所送付届生年齢代別り氏前字約保険礎得額税納収さ様用理籍社職業券栓転入買文引覧置務属校写真像族柄-])(?:"
    r"(?P<special_care_data>要配慮個人情報|病歴|傷病名|病名|診療(?:情報|内容|記録)|健診(?:結果|情報)|健康診断(?:結果|情報)|障害(?:の)?(?:有無|等級|情報))"
    r"|(?P<my_number>マイナンバー(?!カード|法|制度)|個人番号(?!カード)|特定個人情報)"
    r"|(?P<card>クレジットカード(?:情報|番号|の?名義|の?有効期限)?|カード(?:情報|番号)|セキュリティコード)"
    r"|(?P<bank_account>(?:銀行|金融機関|振込(?:先)?)?口座(?:情報|番号|名義)|銀行口座|預金口座)"
    r"|(?P<password>(?:ログイン)?パスワード(?!の(?:変更|設定|再設定))|暗証番号|認証情報)"
    r"|(?P<user_id>(?:ユーザー?|ログイン|会員|顧客)ID|アカウント(?:名|ID)|回線ID)"
    r"|(?P<email>メールアドレス|Eメール(?:アドレス)?|電子メールアドレス|E-mailアドレス)"
    r"|(?P<phone>(?:携帯|固定)?電話番号|連絡先(?:電話)?(?:番号)?|FAX番号)"
    r"|(?P<postcode>郵便番号)"
    r"|(?P<address>(?<!メール)(?<!IP)住所|送付先|配送先|お届け先|居住地)"
    r"|(?P<birth_date>生年月日|誕生日|出生日)"
    r"|(?P<age>(?<!中高)年齢(?!層)|年代(?=[、。や及・)等]))"
    r"|(?P<sex>性別)"
    r"|(?P<kana>フリガナ|ふりがな|氏名カナ|カナ氏名|氏名\(カナ\)|カナ(?=[、)]))"
    r"|(?P<name>氏名|名前|お名前|姓名|名字|ご氏名|契約者名|会員名)"
    r"|(?P<insurance_number>(?:被?保険(?:者)?証)(?:の)?(?:記号)?(?:・|及び|と)?(?:番号)|被保険者(?:証)?(?:記号)?番号|保険者番号)"
    r"|(?P<pension_number>基礎年金番号|年金番号)"
    r"|(?P<tax>所得(?:額|情報)?|課税(?:額|情報|状況)|税額|納税(?:額|情報)|滞納(?:額|情報)|年収)"
    r"|(?P<contract_number>(?:契約|お?客[さ様]*|会員|顧客|利用者|受付|整理|宛名|学籍|社員|職員|従業員|証券|水栓|使用者|運転免許証|旅券|パスポート)番号)"
    r"|(?P<purchase_history>(?:購入|購買|注文|取引|利用|通話|閲覧|位置)(?:履歴|内容|情報))"
    r"|(?P<employer>勤務先|会社名|所属(?:先|部署)?|役職|職業|学校名)"
    r"|(?P<photo>顔写真|画像データ|写真データ)"
    r"|(?P<family>家族構成|続柄|世帯(?:情報|構成)))"
)
_LIST = r"(?:[^。\n]{0,60}?)"
_NEGATED = re.compile(
    rf"\A{_LIST}(?:は|も|が|について(?:は|も)?|に関して(?:は|も)?|に関する情報は|を)、?[^。\n、]{{0,10}}"
    r"(?:含(?:まれ|ん)(?:て(?:い|お))?(?:り?ませ|な|ず)|含まな|含みませ|含まず|該当しな|対象(?:外|では(?:な|あり))|除(?:く|かれ|いた)|保(?:有|存|管)(?:して)?(?:い|お)(?:り?ませ|な)|漏(?:えい|洩)(?:して)?(?:い|お)(?:り?ませ|な)|流出(?:して)?(?:い|お)(?:り?ませ|な)|記載(?:され)?(?:て)?(?:い|お)(?:り?ませ|な)|あ?りませ|ない)"
)
_OTHER_VERB = re.compile(
    r"含まれ(?:てい|てお|る|ます|た)(?!ませ|な|りませ)|です。|であ[るり]|でした|漏(?:えい|洩)し(?:た|まし)|流出し(?:た|まし)|持ち出され"
)
_EXCEPT = re.compile(r"\A[^。、\n]{0,12}(?:を除く|以外)")


def items(sheet: Sheet) -> list[Fact]:
    """Every data item; ``not included`` where its clause says so."""
    found = []
    for match in _ITEM.finditer(sheet.text):
        rest = sheet.after(match.end(), 110)
        negated = _NEGATED.match(rest)
        if negated and _OTHER_VERB.search(negated[0]):
            negated = None
        out = bool(negated or _EXCEPT.match(rest))
        value = str(match.lastgroup).replace("_", " ").replace("special care", "special-care")
        found.append(
            sheet.fact(
                "data-item", value, match.start(), match.end(), qualifiers=("not included",) if out else ()
            )
        )
    return found
