"""Shared fixtures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.crawling import add_options as pytest_addoption

__all__ = ["pytest_addoption"]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real captures that developers have beside the checkout; others skip."""
    default = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("KOHYO_SHARED", default)) / "data"
    if not folder.is_dir():
        pytest.skip("the folder of real captures is not here (KOHYO_SHARED)")
    return folder
