"""A function that is called in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from spiders.declaring.aside import call_aside

ROOT = Path(__file__).parents[2]


def double(number: int) -> tuple[int, int]:
    return 2 * number, os.getpid()


def test_a_function_is_called_here_where_there_are_other_threads(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "_current_frames", lambda: {1: None, 2: None})
    assert call_aside(double, 4) == (8, os.getpid())


@pytest.mark.skipif(sys.platform != "linux", reason="no copy is made elsewhere")
def test_a_function_is_called_elsewhere_and_fails_here():
    code = """
import os, sys
from spiders.declaring.aside import call_aside
def die(by):
    if os.getpid() != here:
        os._exit(3)
    return by
def fail():
    raise ValueError("wrong")
here = os.getpid()
print(call_aside(os.getpid) != here, call_aside(die, by="hand"), end=" ")
try:
    call_aside(fail)
except ValueError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "True hand wrong\n"
