"""An archive as an older schema had it, to be upgraded."""

from __future__ import annotations

from storage.archive import Writer
from storage.db.schema import take_back


def to_the_first_schema(writer: Writer) -> None:
    """Take an archive back to the first schema, in the writer's transaction."""
    take_back(writer._db, "0001")
    writer.told = False  # that schema knows of no index that is caught up with in the end
