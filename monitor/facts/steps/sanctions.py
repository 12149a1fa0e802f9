"""What came of it for somebody: arrest, prosecution, exclusion from tenders."""

from __future__ import annotations

from monitor.facts.steps.step import Step, step_words

PUNISHED = (
    Step("arrested", step_words(r"(?:再|誤認)?逮捕(?!状|術)", "逮捕"), None, True),
    Step("prosecuted", step_words(r"(?<!不)(?:在宅|追|略式)?起訴(?!猶予|状|休職)", "起訴"), None, True),
    Step(
        "tender-exclusion",
        step_words(
            r"指名停止(?!基準|要綱|要領|措置要領) | (?:競争)?入札(?:参加)?(?:資格)?(?:の|を)?停止 "
            r"| 指名回避(?!要)",
            "停止 回避",
        ),
        None,
        True,
    ),
)
