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


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """One archive for all that only ask."""
    opened = sample.archive(tmp_path_factory.mktemp("told"))
    yield opened
    opened.close()
