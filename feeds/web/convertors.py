"""What stands for an id in the path of an address. What no id can look like becomes one that nothing has."""

from __future__ import annotations

from starlette.convertors import IntegerConvertor, StringConvertor, register_url_convertor

from feeds.web.params import MAX_ID


class Digits(IntegerConvertor):
    """Any number of them may come; Python turns no more than 4,300 into a number."""

    regex = r"[0-9]+(?!\n)"  # the $ behind it would let a line end pass

    def convert(self, value: str) -> int:
        return int(value) if len(value) <= len(str(MAX_ID)) else MAX_ID + 1


class Slug(StringConvertor):
    """The name of a source or an incident. PostgreSQL takes no NUL in a text."""

    def convert(self, value: str) -> str:
        return value if value.isprintable() else ""


register_url_convertor("digits", Digits())
register_url_convertor("slug", Slug())
