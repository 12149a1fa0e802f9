"""Path convertors for ids and slugs; malformed ids become an id that never exists, so they end in 404."""

from __future__ import annotations

from starlette.convertors import IntegerConvertor, StringConvertor, register_url_convertor

from feeds.web.params import MAX_ID


class Digits(IntegerConvertor):
    """An id of any length; Python converts no more than 4,300 digits."""

    regex = r"[0-9]+(?!\n)"  # the $ behind it would let a line end pass

    def convert(self, value: str) -> int:
        """Convert digits to a number, or to one beyond every id."""
        return int(value) if len(value) <= len(str(MAX_ID)) else MAX_ID + 1


class Slug(StringConvertor):
    """The name of a source or an incident; PostgreSQL takes no NUL in a text."""

    def convert(self, value: str) -> str:
        """Return the slug, or an empty one where it holds unprintable characters."""
        return value if value.isprintable() else ""


register_url_convertor("digits", Digits())
register_url_convertor("slug", Slug())
