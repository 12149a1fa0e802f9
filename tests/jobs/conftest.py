"""Archives on PostgreSQL for the tests of jobs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import *  # noqa: F403
from tests.databases import new_database


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    with new_database(postgres_server, postgres_template) as url:
        yield url
