"""The same page written otherwise: charset, line ends, quotes, white space, widths, references, scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from random import Random

import opencc

from bench import newsroom as say
from bench.labelling import spellings
from bench.manuscript import Manuscript
from bench.skins import SKINS
from bench.spots import spots

States = tuple[bytes, bytes]
Rewrite = Callable[[Manuscript, Random], "States | None"]

_TAG = re.compile(r"<([a-zA-Z][\w:]*)((?:\s+[\w:-]+(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+))?)*)\s*(/?)>")
_ATTRIBUTE = re.compile(r"([\w:-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+)))?")
_CHARSET = re.compile(r"(charset\s*=\s*[\"']?)[\w-]+", re.IGNORECASE)
_CODE = re.compile(r"<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)\s*>", re.IGNORECASE | re.DOTALL)
_SCRIPT = re.compile(r"(<script\b[^<>]*>)(.*?)(</script\s*>)", re.IGNORECASE | re.DOTALL)
_PICTURE = re.compile(r"(<img\b[^<>]*?\bsrc\s*=\s*[\"']?)([^\"'<>\s]+)", re.IGNORECASE)
_LINK = re.compile(r"(<a\b[^<>]*?\bhref\s*=\s*[\"'])(/[^\"'<>\s#?]*|\.{1,2}/[^\"'<>\s#?]*)(?=[\"'])", re.IGNORECASE)
_BETWEEN_TAGS = re.compile(
    r"(</?(?:p|div|ul|li|tr|td|table|h\d|head|meta|link|body)\b[^<>]*>)\s+(?=<)|>\s+(?=</?(?:p|div|ul|li|tr|td|table|h\d)\b)",
    re.I,
)
_HAN_PAIR = re.compile("(?<=[\u4e00-\u9fff，。])(?=[\u4e00-\u9fff])")
_HAN_ENDS = re.compile("[\u4e00-\u9fff].*[\u4e00-\u9fff，。；：！？”]", re.DOTALL)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|rar|zip|wps)$", re.IGNORECASE)


def _outside_code(html: str, change: Callable[[str], str]) -> str:
    """The markup with what is neither script, style nor comment changed."""
    pieces: list[str] = []
    last = 0
    for match in _CODE.finditer(html):
        pieces += [change(html[last : match.start()]), match.group()]
        last = match.end()
    return "".join((*pieces, change(html[last:])))


def _with_runs(page: Manuscript, change: Callable[[str], str], share: float, dice: Random) -> str:
    """The markup with some of the text's runs changed."""
    html, chosen = page.html, [run for run in page.runs if dice.random() < share] or list(page.runs[:1])
    for run in reversed(chosen):
        html = html[: run.start] + change(html[run.start : run.end]) + html[run.end :]
    return html


def _rewritten(change: Callable[[Manuscript, Random], str | None]) -> Rewrite:
    def rewrite(page: Manuscript, dice: Random) -> States | None:
        html = change(page, dice)
        if html is None or html == page.html:
            return None
        pair = (page.written(page.html), page.written(html))
        return pair if dice.random() < 0.5 else pair[::-1]

    return rewrite


def line_ends(page: Manuscript, dice: Random) -> str:
    """LF for CRLF and the other way round."""
    return page.html.replace("\r\n", "\n") if "\r\n" in page.html else page.html.replace("\n", "\r\n")


def attributes(page: Manuscript, dice: Random) -> str:
    """Attributes in another order, other quotes, tags and names in another case."""
    quote, case = dice.choice("\"'"), dice.choice((str.lower, str.upper, str))

    def tag(match: re.Match[str]) -> str:
        name, rest, close = match.groups()
        pairs = [
            (a[0], a[1] or a[2] or a[3], "=" in m.group()) for m in _ATTRIBUTE.finditer(rest) for a in [m.groups()]
        ]
        if any(value and quote in value for _, value, _ in pairs):
            return match.group()
        first_of = {key.lower(): (key, value, has) for key, value, has in reversed(pairs)}
        mixed = dice.sample(list(first_of.values()), len(first_of))
        said = "".join(
            f" {case(key)}={quote}{value or ''}{quote}" if has else f" {case(key)}" for key, value, has in mixed
        )
        return f"<{case(name)}{said}{close and ' /'}>"

    return _outside_code(page.html, lambda text: _TAG.sub(tag, text))


def white_space(page: Manuscript, dice: Random) -> str:
    """Indents, no-break spaces and line breaks around and inside the text."""
    blank = dice.choice(
        ("&nbsp;&nbsp;&nbsp;&nbsp;", "　　", "\u00a0", "\n\t", "&emsp;&emsp;", "\r\n        ", "\u200b", "&ensp;")
    )

    def spaced(text: str) -> str:
        where = dice.randrange(4) if _HAN_ENDS.fullmatch(text.strip()) else 3
        if where == 0:
            return blank + text
        if where == 1:
            return text + blank
        if where == 2:
            return blank + text.strip() + blank
        return _HAN_PAIR.sub(lambda m: blank if dice.random() < 0.02 else "", text)

    return _with_runs(page, spaced, 0.5, dice)


_WIDE = str.maketrans("0123456789,:;!?()%", "０１２３４５６７８９，：；！？（）％")
_NARROW = str.maketrans("０１２３４５６７８９，：；！？（）％", "0123456789,:;!?()%")
_QUOTES = str.maketrans("“”‘’—", "「」『』―")


def widths(page: Manuscript, dice: Random) -> str:
    """Full-width digits and marks for half-width ones, other quotation marks."""
    table = dice.choice((_WIDE, _NARROW, _QUOTES))

    def change(text: str) -> str:
        return text if "&" in text or "://" in text else text.translate(table)

    return _with_runs(page, change, 0.8, dice)


def coded(page: Manuscript, dice: Random) -> str:
    """Characters of the text as references."""
    named = {"“": "&ldquo;", "”": "&rdquo;", "—": "&mdash;", "·": "&middot;", "…": "&hellip;"}

    def change(text: str) -> str:
        return "".join(
            char
            if char in "&#;" or "&" in text
            else named.get(char) or (f"&#{ord(char)};" if dice.random() < 0.1 else char)
            for char in text
        )

    return _with_runs(page, change, 0.6, dice)


def remarks(page: Manuscript, dice: Random) -> str:
    """Comments of the system between the tags."""
    return _outside_code(
        page.html,
        lambda text: re.sub(
            r"(?<=>)(?=\s*<)",
            lambda _: f"<!--{say.token(dice, 8)}{say.thing(dice)}-->" if dice.random() < 0.1 else "",
            text,
        ),
    )


def scripts(page: Manuscript, dice: Random) -> str:
    """Other words in the page's scripts."""
    return _SCRIPT.sub(
        lambda m: f"{m.group(1)}var _{say.token(dice, 6)}={dice.randint(1, 10**9)};{m.group(2)}{m.group(3)}", page.html
    )


def minified(page: Manuscript, dice: Random) -> str:
    """No white space around the tags of blocks, where a browser shows none."""
    return _outside_code(page.html, lambda text: _BETWEEN_TAGS.sub(lambda m: m.group(1) or ">", text))


def pictures(page: Manuscript, dice: Random) -> str:
    """Pictures under versioned addresses."""
    return _PICTURE.sub(lambda m: f"{m.group(1)}{m.group(2)}?v={dice.randint(1, 10**6)}", page.html)


def sessions(page: Manuscript, dice: Random) -> str:
    """Links with a session in their address."""
    key = say.token(dice)
    form = dice.choice((";jsessionid={}", "?sid={}", "?t={}"))

    def mark(match: re.Match[str]) -> str:
        return match.group() if _FILE.search(match.group(2)) and ";" in form else match.group() + form.format(key)

    return _LINK.sub(mark, page.html)


def emphasised(page: Manuscript, dice: Random) -> str:
    """Words of the text set in bold or in a font of their own."""
    tag, close = dice.choice(
        (
            ("<strong>", "</strong>"),
            ('<span style="font-size:16px">', "</span>"),
            ('<font face="宋体">', "</font>"),
            ("<b>", "</b>"),
        )
    )

    def change(text: str) -> str:
        if "&" in text or len(text) < 12:
            return text
        start = dice.randrange(1, len(text) - 8)
        end = start + dice.randint(2, 6)
        return text[:start] + tag + text[start:end] + close + text[end:]

    return _with_runs(page, change, 0.5, dice)


def parted(page: Manuscript, dice: Random) -> str | None:
    """Paragraphs of the text cut in two at a sentence's end."""
    html = page.html
    for block in reversed(page.blocks):
        run = next((r for r in page.runs if block.start <= r.start and r.end <= block.end), None)
        ends = [m.end() for m in re.finditer(r"。(?=[^”\"’）)<][^<>]{30})", html[run.start : run.end])] if run else []
        markup = page.html[block.start : block.end]
        if run and ends and markup[:2].lower() == "<p" and markup.count("<") == 2 and dice.random() < 0.5:
            at = run.start + dice.choice(ends)
            html = html[:at] + "</p><p>" + html[at:]
    return html


def date_form(page: Manuscript, dice: Random) -> str | None:
    """The same day printed in another form."""
    if not page.article.published_at or len(page.article.published_at) < 10:
        return None
    day = date.fromisoformat(page.article.published_at[:10])
    start = spots(page).get("top", 0)
    forms = spellings(day)
    pattern = re.compile(rf"(?<![\w/-])(?:{'|'.join(map(re.escape, sorted(forms, key=len, reverse=True)))})(?!\d)")
    new, html = dice.choice(forms), page.html
    for begin, end in reversed(page.outside):
        if begin >= start or end > start:
            first = max(begin, start)
            html = html[:first] + pattern.sub(new, html[first:end]) + html[end:]
    return html


def source_label(page: Manuscript, dice: Random) -> str | None:
    """Another label before the same source."""
    if not page.article.source:
        return None
    near = re.compile(rf"(?:信息来源|文章来源|稿件来源|新闻来源|来源)([：:]\s*){re.escape(page.article.source)}")
    label = dice.choice(("来源", "信息来源", "文章来源", "稿件来源"))
    return near.sub(lambda m: f"{label}{m.group(1)}{page.article.source}", page.html)


def document_head(page: Manuscript, dice: Random) -> str:
    """Another document type and another language."""
    html = re.sub(r"<!DOCTYPE[^>]*>", dice.choice(("<!DOCTYPE html>", "")), page.html, flags=re.IGNORECASE)
    return re.sub(r"<html\b[^>]*>", '<html lang="zh-CN" class="no-js">', html, count=1, flags=re.IGNORECASE)


def charsets(page: Manuscript, dice: Random) -> States | None:
    """The other charset, declared truly, wrongly or as before."""
    html = page.html
    if any("\udc80" <= char <= "\udcff" for char in html):
        return None
    other = "utf-8" if page.charset.lower().startswith("gb") else "gb18030"
    told = dice.choice((other, page.charset, "gb2312"))
    new = html if dice.random() < 0.3 else _CHARSET.sub(rf"\g<1>{told}", html)
    body = new.encode(other)
    return page.written(html), b"\xef\xbb\xbf" + body if other == "utf-8" and dice.random() < 0.2 else body


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def traditional(page: Manuscript, dice: Random) -> States | None:
    """A page in traditional characters in UTF-8 and in Big5, what Big5 lacks as references."""
    if any("\udc80" <= char <= "\udcff" for char in page.html):
        return None
    html = _CHARSET.sub(r"\g<1>utf-8", _converter().convert(page.html))
    return html.encode("utf-8"), _CHARSET.sub(r"\g<1>big5", html).encode("big5", "xmlcharrefreplace")


def editor_moved(page: Manuscript, dice: Random) -> States | None:
    """The editor's line at the other end of the article."""
    known = spots(page)
    if "dateline" not in known or "below" not in known or page.article.editors:
        return None
    label = dice.choice(("责任编辑", "编辑", "责编"))
    line = f"{label}：{say.full_name(dice)}"
    first = page.html[: known["dateline"]] + f"　{line}" + page.html[known["dateline"] :]
    last = page.html[: known["below"]] + f"<p>{line}</p>" + page.html[known["below"] :]
    return page.written(first), page.written(last)


def redesigned(page: Manuscript, dice: Random) -> States | None:
    """The article in another frame: the page's own against a made one, or two made ones."""
    if not page.article.title or not page.article.paragraphs:
        return None
    one, other = dice.sample(SKINS, 2)
    old = page.written(page.html) if dice.random() < 0.4 else one(page.article, dice).encode("utf-8")
    return old, other(page.article, dice).encode(dice.choice(("utf-8", "gb18030")))


REWRITES: dict[str, Rewrite] = {
    "line ends": _rewritten(line_ends),
    "attributes": _rewritten(attributes),
    "white space": _rewritten(white_space),
    "widths": _rewritten(widths),
    "references": _rewritten(coded),
    "remarks": _rewritten(remarks),
    "scripts": _rewritten(scripts),
    "minified": _rewritten(minified),
    "pictures": _rewritten(pictures),
    "sessions": _rewritten(sessions),
    "emphasis": _rewritten(emphasised),
    "paragraphs parted": _rewritten(parted),
    "date's form": _rewritten(date_form),
    "source's label": _rewritten(source_label),
    "document's head": _rewritten(document_head),
    "charset": charsets,
    "big5": traditional,
    "editor moved": editor_moved,
    "redesign": redesigned,
}
