"""Whether every stored byte is still as it was stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from storage.query import Damage

if TYPE_CHECKING:
    from storage.archive import Reader


def damages(reader: Reader) -> Iterator[Damage]:
    yield from ()
