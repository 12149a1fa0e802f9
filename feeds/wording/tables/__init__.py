"""Every word that people read, by subject: the Japanese and English of whatever kohyo names itself.

A pair is (Japanese, English).
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

EVERY_TABLE = {
    name: table
    for module in iter_modules(__path__, f"{__name__}.")
    for name, table in vars(import_module(module.name)).items()
    if isinstance(table, dict) and name.isupper()
}
"""What a template and a test name a table by."""
