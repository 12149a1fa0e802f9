"""The sample sites, served on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.demo.epochs import EPOCHS
from monitor.demo.server import World
from monitor.demo.sites import SITES
from tests.databases import *  # noqa: F403


@pytest.fixture
def world() -> Iterator[World]:
    with World(SITES, EPOCHS[0].moment) as served:
        yield served
