r"""How telephone numbers are written in Japan, as parts of patterns on width-folded text.

A number is an area that begins with 0, an exchange and a subscriber: ``0120-220-614``, ``(058)214-2966``,
``03(1234)5678``, ``+81-3-1234-5678``, or ten or eleven digits in a row. What may stand between the parts
differs by what a room has to be sure of, and so it is said where a pattern is made of them.
"""

from __future__ import annotations

AREA = "0[0-9]{1,4}"
EXCHANGE = "[0-9]{1,4}"
SUBSCRIBER = "[0-9]{3,4}"
FROM_ABROAD = r"\+81(?:\s?\(0\))?[\s-]?[0-9]{1,4}"
UNPARTED = "0[0-9]{9,10}"

FAX = "FAX|Fax|ファクス|ファックス"
CALLED = rf"電話|TEL|Tel|tel|℡|ダイヤル|{FAX}"
"""What is said before a number."""


def parted(gap: str, closing: str = "") -> str:
    """Make the pattern of a number whose parts stand apart by ``gap``; ``closing`` stands before the last."""
    return f"{AREA}{gap}{EXCHANGE}{closing or gap}{SUBSCRIBER}"


def of_either_width(pattern: str) -> str:
    """Let a pattern of these parts match text that is not folded, full-width digits too."""
    return pattern.replace("0[", "[0０][").replace("[0-9]", "[0-9０-９]")
