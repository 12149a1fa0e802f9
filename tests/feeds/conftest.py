from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.archive import Archive
from tests.feeds import sample


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive that has lived through the incident."""
    opened = sample.archive(tmp_path)
    yield opened
    opened.close()
