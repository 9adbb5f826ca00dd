"""Which printed line is the headline.

``<title>`` carries column and site names, or only the site's; ``<h1>`` may be a slogan; so a headline is a visible
line that several witnesses agree on: the page label, ``<title>``, the markup, and the byline that stands under it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.extraction.dates import find_dates
from crawler.extraction.furniture import begins_closing, is_furniture, is_label_line
from crawler.extraction.lines import Box, Line
from crawler.extraction.markup import Markup, tidy
from crawler.extraction.pagetitle import (
    LONGEST_HEADLINE,
    SITE_WORDS,
    cut_title,
    is_chain,
    is_generic,
    squash,
    wholes_of,
)
from crawler.extraction.people import byline
from crawler.extraction.policy import Card, without_number
from crawler.extraction.sheet import Sheet

_A_SENTENCE = 30
"""Characters of running text from which a line begins a body."""
_SUPPORTED = 4.0
"""The score from which a line is the headline."""
_UNSUPPORTED = 5.5
"""The same for a line that ``<title>`` does not have, on a page whose ``<title>`` reads like a headline itself."""
_HIGH = 3
"""The lowest level of a heading that may be an article's own."""
_DASHES = ("—", "--", "──")
_SUBTITLE = 4.0
"""What dashes at its beginning speak against a line: they begin what stands below a headline."""
_LONGEST_BYLINE = 120
_LONGEST_SITE = 12
"""Characters up to which words may be a site's name: 通知 and 公告 end headlines as well."""
_A_NAME = 8
"""Characters from which a line that is all of ``<title>`` cannot be so by chance."""
_LEAST_NAME = 4
"""Characters behind a day from which both are a headline."""
_PAPER = re.compile(r"(?:[日晚早时周][报刊]|网|在线|电视台|电台|客户端)$")
_CUT = re.compile(r"(?:\.{2,}|…+)\s*$")
_CRUMB = re.compile(r"当前位置|所在位置|您的位置|首\s*页\s*[>»›\-—/|]|[>»›]\s*(?:正文|详细|内容)|>>|›|→|^\s*正文\s*$")
_TITLE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:\w{0,12}title\w{0,4}|\w{0,8}headline|tit|bt|biaoti|h1|xl_bt|heading)(?:$|[\s_-])|(?:Title|title|_bt|Tit)$"
)
_STANDING = re.compile(r"[（(【\[](?!.*(?:记者|通讯员|作者|来源|编辑|摄影?|[图文]$))[\u3400-\u9fff]{2,12}[)）】\]]")
_JOINED = re.compile(r"[\u3400-\u9fff]{2,6}")


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline as printed, the line it stands on (``None`` where only ``<title>`` or a label has it), and how."""

    text: str
    line: int | None
    how: str


def find_headline(markup: Markup, sheet: Sheet, body_first: int | None, card: Card) -> Headline | None:
    """The page's headline, or ``None`` where it has no title at all; ``body_first`` is where running text begins.

    The ``card`` of a policy page names the document: a label of the page, and its headline where no other is printed.
    """
    metas, properties = markup.metas, markup.properties
    label = (
        metas.get("articletitle")
        or properties.get("title")
        or card.name
        or cut_title(metas.get("og:title", ""), markup)
    )
    line = sheet.canon.line
    witness = _Witness(squash(line(label)), tuple(squash(line(title)) for title in markup.titles))
    floor = _UNSUPPORTED if markup.titles and not is_generic(markup.titles[0]) else _SUPPORTED
    scores: dict[int, float] = {}
    last = _last_candidate(sheet.lines, body_first)
    for i in range(last):
        if i in sheet.apart:
            continue
        score, agreed = _score(i, sheet, witness, body_first)
        if score >= (_SUPPORTED if agreed else floor):
            scores[i] = score
    if not scores:
        scores = _named_below(sheet, last, markup, witness, label)
    if scores:
        best = max(scores, key=lambda i: (scores[i], -i))
        return _printed(_fuller(best, sheet), sheet, markup, label, witness)
    if card.name:
        return Headline(card.name, card.name_line, "pattern")
    if label:
        return Headline(label, None, "label")
    text = _pictured(markup) or (cut_title(markup.titles[0], markup) if markup.titles else "")
    return Headline(text, None, "library") if text else None


def _pictured(markup: Markup) -> str:
    """The headline that a page sets as a picture, by what it says in the picture's place; a site's logo is none."""
    if markup.titles and not is_generic(markup.titles[0]):
        return ""
    pictures = (image for heading in markup.tree.iter("h1", "h2") for image in heading.iter("img"))
    said = (tidy(image.get("alt") or "") for image in pictures)
    return next((text for text in said if len(squash(text)) >= _LONGEST_SITE), "")


def _named_below(sheet: Sheet, last: int, markup: Markup, witness: _Witness, label: str) -> dict[int, float]:
    """Lines from ``last`` that are the whole of what ``<title>`` or the label calls the page, with their scores.

    The label may have a document number behind it that the page prints elsewhere.

    Some pages set words of their own above the article, and what looked like running text began there.
    """
    canon = sheet.canon.line
    wholes = {squash(whole) for title in markup.titles for whole in wholes_of(canon(title))}
    wholes |= {witness.label, squash(without_number(canon(label)))}
    found: dict[int, float] = {}
    for i in range(last, len(sheet.lines)):
        words = squash(sheet.plain[i]) if len(sheet.plain[i]) <= LONGEST_HEADLINE else ""
        if len(words) >= _A_NAME and words in wholes and i not in sheet.aside and not sheet.lines[i].hidden:
            score, agreed = _score(i, sheet, witness, None)
            if agreed and score >= _SUPPORTED:
                found[i] = score
    return found


def _fuller(best: int, sheet: Sheet) -> int:
    """The heading right below a column's name that says it in full (学校简介, below it 云溪学院附属学校简介), if any.

    The text begins below it; the first part of a page (历史沿革) does not have the column's name in it.
    """
    lines, plain, below = sheet.lines, sheet.plain, best + 1
    if below + 1 >= len(lines) or lines[best].heading or not 1 <= lines[below].heading <= _HIGH or lines[below].linked:
        return best
    name, full = squash(plain[best]), squash(plain[below])
    runs = sheet.weights[below + 1] >= _A_SENTENCE
    return below if runs and len(name) < len(full) and full.endswith(name) and len(full) <= LONGEST_HEADLINE else best


@dataclass(frozen=True, slots=True)
class _Witness:
    label: str
    titles: tuple[str, ...]

    def has(self, words: str) -> bool:
        """Whether ``<title>`` or the label prints these words."""
        return any(words in said for said in (self.label, *self.titles))

    def may_be(self, words: str) -> bool:
        """Whether words are all of ``<title>`` or the label, with something behind them (a date) at the most."""
        return any(said and words.startswith(said) for said in (self.label, *self.titles))

    def share(self, words: str) -> float:
        """How much of the best ``<title>`` these words are, 0 where none contains them."""
        return max((len(words) / len(title) for title in self.titles if title and words in title), default=0.0)


def _last_candidate(lines: Sequence[Line], body_first: int | None) -> int:
    return len(lines) if body_first is None else min(len(lines), body_first + 3)


def _score(i: int, sheet: Sheet, witness: _Witness, body_first: int | None) -> tuple[float, bool]:
    """How much speaks for a line, and whether ``<title>`` or the page label is among it."""
    line, text = sheet.lines[i], sheet.plain[i]
    linked = line.link_share > 0.5
    if linked and not witness.may_be(squash(text)):
        return 0.0, False
    words = squash(_without_date(text))
    if (
        not (2 if line.heading else 4) <= len(words) <= LONGEST_HEADLINE
        or _CRUMB.search(text)
        or is_furniture(text)
        or begins_closing(text)
    ):
        return 0.0, False
    if (is_label_line(text, head=True) and not _is_of_a_day(line, text, witness)) or (
        linked and words not in (witness.label, *witness.titles)
    ):
        return 0.0, False
    score = agreed = 0.0 if _is_site(words, text, sheet.plain[i + 1 : i + 2], witness) else _agreement(words, witness)
    if line.heading:
        score += {1: 2.5, 2: 2.0}.get(line.heading, 1.0)
    score += _title_box(line, sheet.boxes)
    score += _byline_below(i, sheet.plain) or _text_below(i, sheet)
    score -= 2.0 if line.hidden else 0.0
    score -= _SUBTITLE if text.startswith(_DASHES) else 0.0
    if find_dates(text) and len(words) < 12:
        score -= 3.0
    if text.endswith(("。", ";", ":")):
        score -= 2.0
    if body_first is not None:
        score -= 0.04 * max(0, body_first - i - 3)
    return score, agreed > 0


def _is_of_a_day(line: Line, text: str, witness: _Witness) -> bool:
    """Whether a heading is named by its day (2021年5月8日 云溪新闻), and the page by the heading: it is no byline.

    A paper's name behind a day is its masthead.
    """
    dates = find_dates(text) if line.heading and ":" not in text else []
    if len(dates) != 1 or dates[0].start or dates[0].has_time:
        return False
    name = text[dates[0].end :].strip()
    named = len(squash(name)) >= _LEAST_NAME and not _PAPER.search(name)
    return named and any(said.startswith(squash(text)) for said in (witness.label, *witness.titles))


def _is_site(words: str, text: str, below: Sequence[str], witness: _Witness) -> bool:
    """Whether a line is a site's name that is all of ``<title>``: that it is agreed on says nothing of an article.

    A short headline (公告, all of its page's title too) has its byline below it.
    """
    if len(words) > _LONGEST_SITE or words not in witness.titles or not SITE_WORDS.search(text):
        return False
    return not any(_is_byline(each) for each in below if len(each) <= _LONGEST_BYLINE)


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


def _byline_below(i: int, plain: Sequence[str]) -> float:
    """Whether a date or a labelled byline follows: at once, or after a subtitle."""
    for distance, text in enumerate(plain[i + 1 : i + 4]):
        if len(text) <= _LONGEST_BYLINE and _is_byline(text):
            return (4.0, 2.5, 1.5)[distance]
    return 0.0


@lru_cache(maxsize=1024)
def _is_byline(text: str) -> bool:
    """Whether a line has a date, labels or the reporters' names alone; the three lines above it ask in turn."""
    return bool(find_dates(text)) or is_label_line(text, head=True) or ("记者" in text and bool(byline(text)))


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
    text = lines[best].text
    canon = sheet.canon.line
    if not witness.has(squash(canon(text))):
        text = _without_date(text)
    words = squash(canon(text))
    if label and len(witness.label) >= 6 and witness.label in words and not witness.share(words):
        return Headline(text, best, "pattern") if _adds_to(label, lines[best]) else Headline(label, best, "label")
    wholes = {squash(canon(whole)): whole for title in markup.titles for whole in wholes_of(title)}
    wholes |= {witness.label: label}
    if _CUT.search(text):
        stem = squash(canon(_CUT.sub("", text)))
        text = next((whole for key, whole in wholes.items() if len(stem) >= 6 and key.startswith(stem)), text)
    for first in range(max(0, best - 3), best + 1):
        joined = ""
        for last in range(first, min(first + 4, len(lines))):
            if lines[last].hidden and not lines[best].hidden:
                break
            joined += squash(plain[last])
            longer = last >= best and last > first and len(joined) > len(words) and joined in wholes
            if longer and not is_chain(canon(wholes[joined]), squash(plain[first])):
                return Headline(wholes[joined], last, "label" if joined == witness.label else "pattern")
    if not witness.has(words):
        text = _broken(best, sheet) or text
    return Headline(text, best, "label" if label and words == witness.label else "pattern")


def _broken(best: int, sheet: Sheet) -> str:
    """A heading broken over lines (``<h1>…<br>…</h1>``) as one, where nothing else says it whole.

    A subtitle (——…) and a date in the same heading are not its words.
    """
    lines, box = sheet.lines, sheet.lines[best].box
    if not lines[best].heading:
        return ""
    held = [i for i in range(max(0, best - 2), min(best + 3, len(lines))) if lines[i].box == box]
    told = [lines[i].text for i in held if not (find_dates(sheet.plain[i]) or is_label_line(sheet.plain[i], head=True))]
    return "" if len(told) != 2 or told[1].startswith(_DASHES) else "".join(told)


def _adds_to(label: str, line: Line) -> bool:
    """Whether a printed headline says something of its own around the label: how the document stands now.

    (已废止) behind it, (更正) before it, or a heading's words joined to it (关于撤销…). A column's name, a date or who
    wrote it is no part of a headline.
    """
    before, met, after = line.text.partition(label)
    around = [part.strip() for part in (before, after) if part.strip()]
    joined = bool(line.heading) and not (before.endswith((" ", "\u3000")) or after.startswith((" ", "\u3000")))
    return bool(met and around) and all(
        _STANDING.fullmatch(part) is not None
        or (joined and _JOINED.fullmatch(part) is not None and not SITE_WORDS.search(part))
        for part in around
    )
