from __future__ import annotations

from tests.feeds.conftest import archive, told
from tests.feeds.test_deciding import waiting

__all__ = ["archive", "told", "waiting"]
