"""What jobs run in the place of kohyo."""

from __future__ import annotations

import os
import signal


def run_code(arguments: list[str]) -> None:
    """Run Python that is given as the first argument."""
    exec(arguments[0], {})


def die_of_the_first_host(arguments: list[str]) -> None:
    """Be ended by a page of the first host, as by one that ends whatever reads it."""
    if "127.0.1.1" in arguments:
        os.kill(os.getpid(), signal.SIGKILL)
    from monitor.cli.upkeep.working import _run_command  # not before: others start sooner without it

    _run_command(arguments)
