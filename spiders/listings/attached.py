"""The documents that hang on a page: linked, or shown in a frame of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from storage.text.documents import is_attached, may_be_attached, shown_document

_FRAMES = {"object": "data", "embed": "src", "iframe": "src"}
_TAIL_CHARS = 30  # behind a link, where its kind and size may stand


def find_documents(area: Any) -> Iterator[tuple[Any, str]]:
    """Yield elements below ``area`` that lead to documents, with the address as it is written there."""
    for element in area.iter("a", "area", *_FRAMES):
        if element.tag in _FRAMES:
            if address := find_framed_document(element):
                yield element, address
        elif address := (element.get("href") or "").strip():
            said = f"{element.text_content()[-200:]} {(element.tail or '')[:_TAIL_CHARS].lstrip()}"
            marked = element.get("download") is not None
            if marked or is_attached(address, said, element.get("type") or "") or may_be_attached(address):
                yield element, address


def find_framed_document(element: Any) -> str:
    """Return the address of the document that an object, embed or iframe shows; empty where it shows none."""
    if element.tag not in _FRAMES:
        return ""
    address = (element.get(_FRAMES[element.tag]) or "").strip()
    if not address:
        return ""
    return shown_document(address) or (address if is_attached(address, "", element.get("type") or "") else "")
