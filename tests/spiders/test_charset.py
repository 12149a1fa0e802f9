"""Which encoding a page is really in, whatever its labels say."""

from __future__ import annotations

import pytest

from spiders.transport.charset import decode

LONG = (
    "個人情報の漏えいに関するご報告。弊社がお預かりしていたお客さまの氏名、住所、電話番号が外部に"
    "持ち出されていたことが分かりました。対象は約12万人分です。"
)
VENDOR = "㈱川上商店 代表取締役 髙﨑次郎 ①紛失日 平成28年3月7日 ②対象 1,203名様 ℡ №1 Ⅲ"
HALF = "ｺﾉﾀﾋﾞ ｺｷｬｸｻﾏ ﾉ ｼﾞｮｳﾎｳ 2,310ｹﾝ ｶﾞ ｿﾄﾆ ﾃﾞﾏｼﾀ"
KANA = "ｶｲｲﾝ ｶｰﾄﾞ ﾃﾞｰﾀ ﾆ ﾂｲﾃ ｵﾜﾋﾞ ﾓｳｼｱｹﾞﾏｽ｡ 個人情報"


def page(text: str, label: str | None) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if label else ""
    return f"<html><head>{meta}<title>{text[:9]}</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("text", "codec", "meta", "header", "expected"),
    [
        (LONG, "utf-8", "utf-8", "text/html; charset=utf-8", "utf-8"),
        (LONG, "utf-8", None, "text/html", "utf-8"),
        (LONG, "utf-8", "Shift_JIS", None, "utf-8"),
        (LONG, "utf-8", "utf-8", "text/html; charset=ISO-8859-1", "utf-8"),
        (LONG, "cp932", None, None, "cp932"),
        (LONG, "cp932", "Shift_JIS", "text/html; charset=UTF-8", "cp932"),
        (LONG, "cp932", "euc-jp", None, "cp932"),
        (VENDOR, "cp932", "Shift_JIS", None, "cp932"),
        (VENDOR, "cp932", None, None, "cp932"),
        (KANA, "cp932", None, None, "cp932"),
        (HALF, "cp932", "Shift_JIS", None, "cp932"),
        (HALF, "cp932", None, "text/html; charset=Windows-31J", "cp932"),
        (HALF, "cp932", None, None, "cp932"),
        ("ｵﾜﾋﾞ", "cp932", "Shift_JIS", None, "cp932"),
        ("重要 漏洩件数 訂正報告", "euc-jp", "Shift_JIS", None, "euc_jp"),
        ("お詫び", "cp932", None, None, "cp932"),
        (LONG, "euc-jp", None, None, "euc_jp"),
        (LONG, "euc-jp", "x-euc-jp", None, "euc_jp"),
        (LONG, "euc-jp", "Shift_JIS", "text/html; charset=UTF-8", "euc_jp"),
        ("お詫び", "euc-jp", None, None, "euc_jp"),
        (KANA, "euc-jp", "EUC-JP", None, "euc_jp"),
        (HALF, "euc-jp", "EUC-JP", None, "euc_jp"),
        (LONG, "iso-2022-jp", None, None, "iso2022_jp"),
        (LONG, "iso-2022-jp", "iso-2022-jp", None, "iso2022_jp"),
        (LONG, "utf-8-sig", None, None, "utf-8-sig"),
        (LONG, "utf-16", None, None, "utf-16"),
        (LONG, "utf-16-le", None, None, "utf-16-le"),
        ("plain ascii", "ascii", "no-such-charset", "text/html; charset=", "utf-8"),
    ],
)
def test_bytes_are_believed_before_labels(
    text: str, codec: str, meta: str | None, header: str | None, expected: str
) -> None:
    decoded = decode(page(text, meta).encode(codec), header)
    assert text in decoded.text
    assert (decoded.encoding, decoded.replaced) == (expected, 0)


def test_vendor_rows_of_euc_are_read() -> None:
    body = page("平成28年 ①紛失日 お客様情報を記録した媒体", "EUC-JP").encode("euc_jisx0213")
    decoded = decode(body)
    assert "①紛失日" in decoded.text
    assert decoded.replaced == 0


def test_a_later_row_of_euc_does_not_derail_what_follows() -> None:
    text = page("受付時間 9時～17時 窓口", "EUC-JP")
    assert decode(text.encode("euc_jis_2004")).text == text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [page(LONG, None), "nothing but ASCII\n" * 5])
def test_wide_characters_without_a_mark(codec: str, text: str) -> None:
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.encoding) == (text, codec)


def test_wide_characters_with_a_mark() -> None:
    for codec in ("utf-16", "utf-32"):
        assert decode(LONG.encode(codec)).text == LONG
    assert decode(b"\x00\x00\xfe\xff" + LONG.encode("utf-32-be")).text == LONG


def test_zeros_in_a_page_make_it_no_wider() -> None:
    assert decode(b"<html><head>" + b"\0" * 120 + b"<title>a</title></head></html>").encoding == "utf-8"


def test_vendor_rows_of_iso_2022_jp_are_read() -> None:
    circled = "\x1b$B-!\x1b(B"  # row 13, cell 1
    body = page("紛失日", "iso-2022-jp").encode("iso-2022-jp").replace(b"<p>", b"<p>" + circled.encode())
    assert "①紛失日" in decode(body).text


def test_one_bad_byte_is_one_bad_character() -> None:
    body = page(LONG, "utf-8").encode().replace("対象".encode(), b"\xe5\xaf\xff" + "象".encode())
    decoded = decode(body, "text/html; charset=utf-8")
    assert decoded.encoding == "utf-8"
    assert 1 <= decoded.replaced <= 2
    cut = page(LONG, "utf-8").encode()[:-40]
    assert "個人情報" in decode(cut).text


def test_a_declaration_needs_no_proof() -> None:
    assert decode(LONG.encode("cp932"), declared="shift_jis").text == LONG
    assert decode(LONG.encode(), declared="no-such-codec").text == LONG


def test_another_language_is_read_by_its_label() -> None:
    text = "Conditions générales — protégées à l’été dernier"
    assert decode(text.encode("cp1252"), "text/html; charset=iso-8859-1").text == text
