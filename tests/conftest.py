"""Shared fixtures."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from tests.crawling import add_options as pytest_addoption
from tests.crawling import cassette, crawl, crawl_loop, recording

# here, for all: a reactor can be installed once in a process
__all__ = ["cassette", "crawl", "crawl_loop", "pytest_addoption", "recording"]

# What is compiled once stays so for all processes that tests start, as it does for users: also under a shell that
# wants no bytecode kept. Without it a third of the suite is the same patterns and modules, compiled again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# What tests write lies in memory where that has room, and programs may run from there: a database of a server costs
# a fifth so, and no file waits for a disk.
_memory = Path("/dev/shm")
if (
    "TMPDIR" not in os.environ
    and os.access(_memory, os.W_OK)
    and shutil.disk_usage(_memory).free > 4 << 30
    and not os.statvfs(_memory).f_flag & os.ST_NOEXEC
):
    os.environ["TMPDIR"] = tempfile.tempdir = str(_memory)

# A command that is given no database asks for one in the user's own folder: no test reaches a real archive.
_nobody = tempfile.TemporaryDirectory(prefix="kohyo-nobody-")
os.environ |= dict.fromkeys(("XDG_DATA_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"), _nobody.name)

# Commands speak the language of whoever runs them: here English, wherever the tests are run.
os.environ["LC_ALL"] = "C.UTF-8"

# A busy machine is no reason to fail: no test of ours is about time.
settings.register_profile("kohyo", deadline=None)
settings.load_profile("kohyo")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real captures that developers have beside the checkout; others skip.

    With KOHYO_REQUIRE_SHARED set, as .ci/run does, its absence is a failure.
    """
    default = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("KOHYO_SHARED", default)) / "data"
    if not folder.is_dir():
        absent = pytest.fail if os.environ.get("KOHYO_REQUIRE_SHARED") else pytest.skip
        absent("the folder of real captures is not here (KOHYO_SHARED)")
    return folder
