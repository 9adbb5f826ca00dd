"""Edits outside the text: the headline, the printed date, the source and the files that an article offers."""

from __future__ import annotations

import re
from datetime import date, timedelta
from random import Random

from bench import newsroom as say
from bench.edits import ALL_FACTS, Edited, Maker, Truth
from bench.manuscript import Manuscript
from storage.records import ChangeKind

_LABEL = ("来源：{}", "来源: {}", "信息来源：{}", "文章来源：{}")


def retitled(page: Manuscript, dice: Random) -> Edited | None:
    """Another headline, wherever the page repeats it."""
    title = page.article.printed.get("title", page.article.title or "")
    if len(title) < 6 or any(title in said for said in page.said) or not _stands(page, title):
        return None
    cut = dice.randrange(2, len(title) - 2)
    new = dice.choice(
        (say.headline(dice), title[:cut] + dice.choice("再又新将") + title[cut:], title[:cut] + title[cut + 1 :])
    )
    html = page.html.replace(title, new)
    return Edited(page.html, html, Truth(ChangeKind.RETITLED, field="title"))


def _stands(page: Manuscript, title: str) -> bool:
    """Whether the headline stands in the markup in one piece, where readers see it."""
    shown = [m.start() for m in re.finditer(re.escape(title), page.html)]
    return any(not any(a <= at < b for a, b in page.hidden) for at in shown)


def spellings(day: date) -> tuple[str, ...]:
    """The forms in which sites print a day."""
    return (
        f"{day:%Y-%m-%d}",
        f"{day:%Y/%m/%d}",
        f"{day:%Y.%m.%d}",
        f"{day:%Y年%m月%d日}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}-{day.month}-{day.day}",
        f"{day.year}/{day.month}/{day.day}",
    )


def respelled(page: Manuscript, old: date, new: date) -> str:
    """The markup with one day in place of another wherever it is printed outside the text."""
    pairs = dict(zip(spellings(old), spellings(new), strict=True))
    pattern = re.compile(rf"(?<![\w/-])(?:{'|'.join(map(re.escape, sorted(pairs, key=len, reverse=True)))})(?!\d)")
    pieces: list[str] = []
    last = 0
    for start, end in page.outside:
        pieces += [page.html[last:start], pattern.sub(lambda m: pairs[m.group()], page.html[start:end])]
        last = end
    return "".join(pieces)


def redated(earlier: bool) -> Maker:
    """The printed date put later, or earlier than it was."""

    def make(page: Manuscript, dice: Random) -> Edited | None:
        if not page.article.published_at or len(page.article.published_at) < 10:
            return None
        day = date.fromisoformat(page.article.published_at[:10])
        by = dice.choice((1, 2, 7, 30, 200))
        html = respelled(page, day, day - timedelta(by) if earlier else day + timedelta(by))
        if html == page.html:
            return None
        return Edited(
            page.html, html, Truth(ChangeKind.REDATED, field="published_at", quiet=ALL_FACTS, earlier=earlier)
        )

    return make


def resourced(page: Manuscript, dice: Random) -> Edited | None:
    """Another source named."""
    source = page.article.source
    if not source or len(source) < 3 or any(source in said for said in page.said):
        return None
    near = re.compile(rf"((?:来源|稿源)\s*[:：]\s*(?:<[^<>]*>\s*){{0,3}}){re.escape(source)}")
    html, count = near.subn(lambda m: m.group(1) + f"{say.city(dice)}日报", page.html)
    meta = re.search(r"contentsource[^<>]*content=.([^\"'<>]+)", page.html, re.IGNORECASE)
    if not count or html == page.html or (meta and meta.group(1) != source):
        return None
    return Edited(page.html, html, Truth(ChangeKind.EDITED, field="source", quiet=ALL_FACTS))


_FILES = ["doc", "docx", "pdf", "xls", "xlsx", "rar", "zip", "wps"]


def attached(page: Manuscript, dice: Random) -> Edited | None:
    """A file exchanged for another, or offered below the text."""
    if not page.blocks:
        return None
    at, kind = page.blocks[-1].end, dice.choice(_FILES)
    title = f"{say.thing(dice)}{dice.choice(('申报表', '实施方案', '名单', '任务分解表'))}"

    def link(number: int, text: str) -> str:
        return f'<p>附件：<a href="./P02021010{number}.{kind}">{text}.{kind}</a></p>\n'

    one, other = dice.sample(range(10_000_000, 99_999_999), 2)
    old, new = dice.choice(
        (
            (link(one, title), link(other, title)),
            ("", link(one, title)),
            (link(one, title), link(one, title) + link(other, title + "（修订）")),
        )
    )
    before, after = (page.html[:at] + text + page.html[at:] for text in (old, new))
    return Edited(before, after, Truth(ChangeKind.EDITED, field="attachments", quiet=ALL_FACTS))
