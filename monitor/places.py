"""Where things stand unless someone says otherwise."""

from __future__ import annotations

import os

from platformdirs import user_data_path


def database_url() -> str:
    """``KOHYO_DB``, or SQLite in the user's data folder."""
    return os.environ.get("KOHYO_DB") or f"sqlite:///{user_data_path('kohyo') / 'kohyo.db'}"
