"""Who signed an article without any word for it: behind a post, or a speaker by name alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crawler.extraction.dates import find_dates
from crawler.extraction.furniture import LABEL_LINE
from crawler.extraction.people import are_people, behind_post, names

_SPEECH = re.compile(
    r"(?:讲话|致辞|致词|贺词|献词|发言|演讲|述职报告|工作报告)(?:稿|摘要|全文)?(?:\s*[(（][^()（）]{1,12}[)）])?$"
)
"""How the headline of a speech ends, whose speaker stands below it by name alone."""
_LONGEST_NAME = 5


def signers(plain: Sequence[str], above: Iterable[int], first: Sequence[int], title: str) -> tuple[str, ...]:
    """The people of the canonical lines ``above`` a text that sign it; of a speech also on its ``first`` lines.

    A post and a name that the headline has as well are whom the article is about.
    """
    lines = [*above]
    for i in lines:
        signed = behind_post(undated(plain[i])) if len(plain[i]) <= LABEL_LINE else ()
        if signed and not any(name in title for name in signed):
            return signed
    if not _SPEECH.search(title):
        return ()
    alone = (plain[i] for i in [*lines, *first] if len(plain[i]) <= _LONGEST_NAME)
    return next((names(text) for text in alone if are_people(text)), ())


def undated(text: str) -> str:
    """A byline without the date that ends or begins it (本报记者 陈明 2021-05-08 08:16)."""
    dates = find_dates(text)
    if dates and dates[-1].end == len(text.rstrip(" )]")):
        return text[: dates[0].start].strip(" |·([")
    return text[dates[0].end :].strip(" |·)]") if dates and not dates[0].start else text
