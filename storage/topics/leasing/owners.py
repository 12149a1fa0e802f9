"""Owners of leases: processes, told apart for good, and known to be dead where that can be known."""

from __future__ import annotations

import os
import platform
from functools import lru_cache
from pathlib import Path
from uuid import uuid4


def new_owner() -> str:
    """Name an owner within this process; no other is ever named so."""
    return f"{_here()}/{os.getpid()}/{_start_of(os.getpid())}/{uuid4().hex}"


def say_holder(what: str) -> str:
    """Say for people who holds a lease, in any language: ``crawl 4711@archive.example.jp``."""
    return f"{what} {os.getpid()}@{platform.node()}"


def is_dead(owner: str) -> bool:
    """Tell whether an owner's process is known to have ended: it ran under this kernel, and is there no more.

    Of a process on another machine, or in another container, nothing can be known: its leases expire.
    """
    place, pid, start, _ = owner.split("/") if owner.count("/") == 3 else ("", "", "", "")
    if not place or place != _here():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (ValueError, OSError):  # of another user, and alive
        return False
    return _start_of(int(pid)) not in (start, "")  # ended and not yet buried, or another with its number


@lru_cache(1)
def _here() -> str:
    """Name the space in which process numbers mean something: boot and namespace; empty if none is told."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}:{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _start_of(pid: int) -> str:
    """Return when a process began, in ticks since boot; empty where that is not told."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return ""
    fields = told.rpartition(")")[2].split()
    return "ended" if fields[0] in "ZX" else fields[19]
