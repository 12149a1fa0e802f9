"""Every word that people read, by subject: the Japanese and English of whatever kohyo names itself.

A pair is (Japanese, English).
"""

from __future__ import annotations

from feeds.wording.tables import (
    change_words,
    column_words,
    count_words,
    decision_words,
    fact_words,
    feed_words,
    glossary_words,
    incident_words,
    page_words,
    request_words,
    source_words,
    terminal_words,
)

_MODULES = (
    change_words,
    column_words,
    count_words,
    decision_words,
    fact_words,
    feed_words,
    glossary_words,
    incident_words,
    page_words,
    request_words,
    source_words,
    terminal_words,
)
EVERY_TABLE = {
    name: table
    for module in _MODULES
    for name, table in vars(module).items()
    if isinstance(table, dict) and name.isupper()
}
"""What a template and a test name a table by."""
