"""What can go wrong with an archive. The text of each error is one line: what, where, what to do."""

from __future__ import annotations


class StorageError(Exception):
    """Anything the archive cannot do; the base of all below."""


class BadUrl(StorageError):
    """The database URL names nothing that can be an archive."""


class Unreachable(StorageError):
    """The database is right but does not answer: server down, folder read-only, disk full."""


class NewerSchema(StorageError):
    """A newer kohyo wrote this archive."""


class Busy(StorageError):
    """Another run holds the lock, or another writer does not let go."""


class Corrupt(StorageError):
    """Stored bytes are not what was stored."""


class NotFound(StorageError):
    """Nothing has this id."""
