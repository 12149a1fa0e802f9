"""What names a step: its words, and what its sentence must not say.

Every pattern is verbose; beside an alternative stands what it is for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.text.patterns import pattern_of

TO = r"""(?:
    へ(?:の|は|も)?  # 警察への
  | に(?!よ|拠|お[いけ]|関|基|係|係る|伴)(?:は|も|対し(?:て|ても?)?)?  # 本人に対して; but not により
  | 宛て?(?:に|の)? | あて(?:に|の)?  # 本人宛に
)"""


@dataclass(frozen=True, slots=True)
class Step:
    """A step: the words that name it, ending where its verb begins, and what the sentence must not say."""

    name: str
    words: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    noun_is_done: bool = False  # 逮捕, 指名停止: the noun alone says that it was


def step_words(pattern: str, needs: str = "") -> re.Pattern[str]:
    """Declare the words of a step, in a verbose pattern; ``needs`` are those of which a text holds one."""
    return pattern_of(pattern, re.VERBOSE, needs=needs)
