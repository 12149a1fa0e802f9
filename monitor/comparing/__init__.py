"""Whether two texts say the same, and what changed if they do not. Pure functions on blocks."""

from monitor.comparing.diff import Diff, compare
from monitor.comparing.sameness.flicker import (
    learn_counters,
    learn_flicker,
    learn_from_history,
    list_gone,
    may_return,
    strip_noise,
)
from monitor.comparing.sameness.keys import (
    KEY_VERSION,
    make_block_key,
    make_text_key,
    shape_key,
)
from monitor.comparing.sameness.noise import link_target
from monitor.comparing.side_by_side import lay_out

__all__ = [
    "KEY_VERSION",
    "Diff",
    "compare",
    "lay_out",
    "learn_counters",
    "learn_flicker",
    "learn_from_history",
    "link_target",
    "list_gone",
    "make_block_key",
    "make_text_key",
    "may_return",
    "shape_key",
    "strip_noise",
]
