"""Whether two texts say the same, and what changed if they do not. Pure functions on blocks."""

from monitor.comparing.diff import Diff, compare
from monitor.comparing.sameness.flicker import (
    learn_flicker,
    volatile_counters,
    volatile_from_history,
    without_noise,
)
from monitor.comparing.sameness.keys import KEY_VERSION, block_key, shape_key, text_key, text_shape
from monitor.comparing.sameness.noise import link_target
from monitor.comparing.side_by_side import lay_out

__all__ = [
    "KEY_VERSION",
    "Diff",
    "block_key",
    "compare",
    "lay_out",
    "learn_flicker",
    "link_target",
    "shape_key",
    "text_key",
    "text_shape",
    "volatile_counters",
    "volatile_from_history",
    "without_noise",
]
