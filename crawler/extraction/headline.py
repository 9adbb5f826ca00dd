"""Which printed line is the headline.

``<title>`` carries column and site names, or only the site's; ``<h1>`` may be a slogan; so a headline is a visible
line that several witnesses agree on: the page label, ``<title>``, the markup, and the byline that stands under it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from crawler.extraction.dates import find_dates
from crawler.extraction.furniture import begins_closing, is_furniture, is_label_line
from crawler.extraction.lines import Box, Line
from crawler.extraction.markup import Markup
from crawler.extraction.sheet import Sheet

_LONGEST = 150
_A_SENTENCE = 30
"""Characters of running text from which a line begins a body."""
_SUPPORTED = 4.0
"""The score from which a line is the headline."""
_UNSUPPORTED = 5.5
"""The same for a line that ``<title>`` does not have, on a page whose ``<title>`` reads like a headline itself."""
_CUT = re.compile(r"(?:\.{2,}|…+)\s*$")
_NOT_WORDS = re.compile(r"[\W_]+")
_CRUMB = re.compile(r"当前位置|所在位置|您的位置|首\s*页\s*[>»›\-—/|]|[>»›]\s*(?:正文|详细|内容)|>>|›|→|^\s*正文\s*$")
_TITLE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:\w{0,12}title\w{0,4}|\w{0,8}headline|tit|bt|biaoti|h1|xl_bt|heading)(?:$|[\s_-])|(?:Title|title|_bt|Tit)$"
)
_SEPARATOR = re.compile(r"\s*(?:__+|--+|_|\s[-–—|·]\s|[|｜丨»>]|[-–])\s*")
_SITE_WORDS = re.compile(
    r"(?:网|频道|新闻|专栏|专题|首页|网站|门户|政府|在线|日报|晚报|中心|之窗|平台|要闻|动态|公告|通知|公示|正文|委员会|大学|局|厅|办公室|数字报|电子报|"
    r"\.cn|\.com|paper|文库|教育|信息公开|热线)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline as printed, the line it stands on (``None`` where only ``<title>`` or a label has it), and how."""

    text: str
    line: int | None
    how: str


def squash(text: str) -> str:
    """Letters, digits and Han characters alone, in NFKC (℃ is °C): what two prints of one headline have in common."""
    return _NOT_WORDS.sub("", normalize("NFKC", text)).lower()


def find_headline(markup: Markup, sheet: Sheet, body_first: int | None) -> Headline | None:
    """The page's headline, or ``None`` where it has no title at all; ``body_first`` is where running text begins."""
    label = markup.metas.get("articletitle") or markup.properties.get("title") or markup.metas.get("og:title") or ""
    witness = _Witness(squash(label), tuple(squash(title) for title in markup.titles))
    floor = _UNSUPPORTED if markup.titles and not _is_generic(markup.titles[0]) else _SUPPORTED
    scores: dict[int, float] = {}
    for i in range(_last_candidate(sheet.lines, body_first)):
        score, agreed = _score(i, sheet, witness, body_first)
        if score >= (_SUPPORTED if agreed else floor):
            scores[i] = score
    if scores:
        best = max(scores, key=lambda i: (scores[i], -i))
        return _printed(best, sheet, markup, label, witness)
    if label:
        return Headline(label, None, "label")
    text = _cut_title(markup.titles[0], markup) if markup.titles else ""
    return Headline(text, None, "library") if text else None


@dataclass(frozen=True, slots=True)
class _Witness:
    label: str
    titles: tuple[str, ...]

    def share(self, words: str) -> float:
        """How much of the best ``<title>`` these words are, 0 where none contains them."""
        return max((len(words) / len(title) for title in self.titles if title and words in title), default=0.0)


def _last_candidate(lines: Sequence[Line], body_first: int | None) -> int:
    return len(lines) if body_first is None else min(len(lines), body_first + 3)


def _score(i: int, sheet: Sheet, witness: _Witness, body_first: int | None) -> tuple[float, bool]:
    """How much speaks for a line, and whether ``<title>`` or the page label is among it."""
    line, text = sheet.lines[i], sheet.plain[i]
    words = squash(_without_date(text))
    if (
        not (2 if line.heading else 4) <= len(words) <= _LONGEST
        or _CRUMB.search(text)
        or is_furniture(text)
        or begins_closing(text)
    ):
        return 0.0, False
    if is_label_line(text, head=True) or (line.link_share > 0.5 and words not in (witness.label, *witness.titles)):
        return 0.0, False
    score = agreed = _agreement(words, witness)
    if line.heading:
        score += {1: 2.5, 2: 2.0}.get(line.heading, 1.0)
    score += _title_box(line, sheet.boxes)
    score += _byline_below(i, sheet.plain) or _text_below(i, sheet)
    score -= 2.0 if line.hidden else 0.0
    if find_dates(text) and len(words) < 12:
        score -= 3.0
    if text.endswith(("。", ";", ":")):
        score -= 2.0
    if body_first is not None:
        score -= 0.04 * max(0, body_first - i - 3)
    return score, agreed > 0


def _agreement(words: str, witness: _Witness) -> float:
    """How far the label and ``<title>`` bear a line out."""
    score = 0.0
    if witness.label and len(words) >= 2:
        if words == witness.label:
            score += 6.0
        elif len(words) >= 6 and (words in witness.label or witness.label in words):
            score += 4.0 * min(len(words), len(witness.label)) / max(len(words), len(witness.label))
    share = witness.share(words)
    if share:
        starts = any(title.startswith(words) for title in witness.titles)
        score += 1.0 + 3.0 * share + (1.0 if starts else 0.0) + (1.0 if len(words) >= 10 else 0.0)
    elif len(words) >= 8 and any(len(title) >= 8 and title in words for title in witness.titles):
        score += 3.0
    return score


def _title_box(line: Line, boxes: Sequence[Box]) -> float:
    """Whether a line's box is named as titles are, or set in the middle."""
    element = boxes[line.box].element
    named = any(_TITLE_CLASS.search(value) for name in ("class", "id") if (value := element.get(name)))
    centred = (
        element.get("align") == "center" or "text-align:center" in (element.get("style") or "").replace(" ", "").lower()
    )
    return (1.5 if named else 0.0) + (1.0 if centred else 0.0)


def _is_generic(title: str) -> bool:
    """Whether a ``<title>`` cannot be a headline: a site's or a column's name, or a word or two."""
    first = _SEPARATOR.split(title.strip(" _-|"))[0]
    return len(first) <= 6 or bool(_SITE_WORDS.search(first))


def _byline_below(i: int, plain: Sequence[str]) -> float:
    """Whether a date or a labelled byline follows: at once, or after a subtitle."""
    for distance, text in enumerate(plain[i + 1 : i + 4]):
        if len(text) <= 120 and (find_dates(text) or is_label_line(text, head=True)):
            return (4.0, 2.5, 1.5)[distance]
    return 0.0


def _text_below(i: int, sheet: Sheet) -> float:
    """Whether running text begins at once below: the headline of a page that prints no byline."""
    return 2.0 if any(weight >= _A_SENTENCE for weight in sheet.weights[i + 1 : i + 3]) else 0.0


def _without_date(text: str) -> str:
    """A headline's line without the date that some lists and pages print behind it in brackets."""
    found = find_dates(text)
    if not found or found[-1].start < 6:
        return text
    before, after = text[: found[-1].start].rstrip(), text[found[-1].end :].strip()
    return before[:-1].rstrip() if before.endswith(("(", "（", "[", "【")) and after in (")", "）", "]", "】") else text


def _printed(best: int, sheet: Sheet, markup: Markup, label: str, witness: _Witness) -> Headline:
    """The headline as its line prints it: a date behind it left off, broken lines joined as the label has them."""
    lines, plain = sheet.lines, sheet.plain
    text = _without_date(lines[best].text)
    words = squash(text)
    if label and len(witness.label) >= 6 and witness.label in words and not witness.share(words):
        return Headline(label, best, "label")
    wholes = {squash(whole): whole for title in markup.titles for whole in _wholes(title)} | {witness.label: label}
    if _CUT.search(text):
        stem = squash(_CUT.sub("", text))
        text = next((whole for key, whole in wholes.items() if len(stem) >= 6 and key.startswith(stem)), text)
    for first in range(max(0, best - 3), best + 1):
        joined = ""
        for last in range(first, min(first + 4, len(lines))):
            joined += squash(plain[last])
            if last >= best and last > first and len(joined) > len(words) and joined in wholes:
                return Headline(wholes[joined], last, "label" if joined == witness.label else "pattern")
    return Headline(text, best, "label" if label and words == witness.label else "pattern")


def _wholes(title: str) -> list[str]:
    """What may be the whole headline inside a ``<title>``: all of it, and all before each of its separators."""
    found: list[str] = []
    for mark in _SEPARATOR.finditer(title):
        found.append(title[: mark.start()].strip())
        if _is_wide(mark[0]):
            return found
    return [*found, title]


def _is_wide(mark: str) -> bool:
    """Whether a separator is one that no headline has inside: ``_``, ``--``, ``|``."""
    return "_" in mark or "|" in mark or "--" in mark


def _cut_title(title: str, markup: Markup) -> str:
    """``<title>`` without the column and site names behind it; its own dashes and numbers stay."""
    site = {squash(markup.metas.get(name, "")) for name in ("sitename", "columnname", "og:site_name")} - {""}
    text = title.strip(" _-|")
    while True:
        marks = list(_SEPARATOR.finditer(text))
        if not marks:
            return text
        tail = text[marks[-1].end() :]
        named = squash(tail) in site or bool(_SITE_WORDS.search(tail)) or _is_wide(marks[-1][0])
        if not named or len(tail) > 30 or len(squash(text[: marks[-1].start()])) < 4:
            return text
        text = text[: marks[-1].start()].strip(" _-|")
