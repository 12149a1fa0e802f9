"""Declared incidents are written down when their files are others than the last time.

Nearly every run finds them as they were, and loads nothing of what reads and weighs them.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress

from monitor.config import incident_paths
from monitor.incidents import BUNDLED, KEYS_VERSION
from spiders.declaring.aside import call_aside
from storage.archive import Reader, Writer
from storage.records import Incident

_DECLARED = "declared incidents"
"""The setting that says which declarations of incidents were written down last."""

LINKS = "links"
"""The setting that says by which version of the rules all links were made."""


def read_undeclared(reader: Reader) -> list[Incident] | None:
    """Read the declared incidents, for ``declare_incidents``; None where they are written down as they are.

    They are read aside, for whoever has no other thread yet: what reads them takes some memory. Raises
    DeclarationError.
    """
    return None if are_declared(reader) else call_aside(_load)


def declare_incidents(writer: Writer, declared: list[Incident] | None = None) -> None:
    """Write down the bundled incidents and those of ``KOHYO_INCIDENTS``, and link what follows from them.

    ``declared`` is what was read of them. Raises DeclarationError.
    """
    if not are_declared(writer):
        _declare(writer, _load() if declared is None else declared)
        writer.note(_DECLARED, _digest_declarations())


def are_declared(reader: Reader) -> bool:
    """Say whether the incidents are written down as they are declared."""
    return reader.setting(LINKS) == str(KEYS_VERSION) and reader.setting(_DECLARED) == _digest_declarations()


def _digest_declarations() -> str:
    """Return what tells the files of declared incidents apart, and the module that reads them."""
    digest = hashlib.sha256(BUNDLED.with_name("declared.py").read_bytes())
    for path in (BUNDLED, *incident_paths()):
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            digest.update(f"{file.stem}\n".encode())
            with suppress(OSError):  # what cannot be read is told by what reads it
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _load() -> list[Incident]:
    from monitor.incidents.declared import load

    return load(incident_paths())


def _declare(writer: Writer, declared: list[Incident]) -> None:
    from monitor.incidents.incident_links import relink, relink_all

    if writer.setting(LINKS) != str(KEYS_VERSION):
        for incident in declared:
            writer.put_incident(incident)
        relink_all(writer)
        return
    for incident in declared:
        before = writer.stored_incident(incident.slug)
        stands = writer.put_incident(incident)
        if stands != before:
            relink(writer, stands)
