"""Whether two texts say the same, and what changed if they do not. Pure functions on blocks."""

from monitor.comparing.diff import Diff, compare
from monitor.comparing.key import KEY_VERSION, block_key, shape_key, text_key, text_shape
from monitor.comparing.layout import lay_out
from monitor.comparing.noise import is_document, link_target
from monitor.comparing.summary import summarise
from monitor.comparing.terminal import to_text
from monitor.comparing.volatile import calm, learn, volatile_from_history

__all__ = [
    "KEY_VERSION",
    "Diff",
    "block_key",
    "calm",
    "compare",
    "is_document",
    "lay_out",
    "learn",
    "link_target",
    "shape_key",
    "summarise",
    "text_key",
    "text_shape",
    "to_text",
    "volatile_from_history",
]
