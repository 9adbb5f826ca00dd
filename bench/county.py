"""Many small made sites, each of one column and a few articles, that change by rounds: pages, and the truth about them.

Pure: equal seeds give equal counties. Round 1 is the first state, in which every article is new.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import blake2b
from html import escape
from random import Random

from storage.changes import ChangeKind
from storage.demo import amend
from storage.demo.truth import Answer, Wording
from storage.demo.writing import Writer

COLUMN = "/xw/"
FIRST_DAY = date(2026, 11, 16)
ROBOTS = b"User-agent: *\nDisallow: /nb/\n"

_TOPICS = ("education", "industry", "project", "health", "farm", "tourism", "inspect", "traffic", "safety", "community")
_NEW, _EDITED, _RETITLED, _REDATED, _WITHDRAWN, _MOVED = 0.6, 0.5, 0.15, 0.15, 0.3, 0.15
"""How likely a site does each in a round, from the second on."""

_PAGE = """\
<html><head><meta charset="utf-8"><title>{title}-{site}</title></head><body>
<div class="top"><a href="/">首页</a><a href="/xw/">新闻动态</a></div>
<div class="main"><h1>{title}</h1>
<div class="info">发布时间：{day} 08:30 来源：{site}</div>
<div class="text">{text}</div></div>
<div class="foot"><p>{site} 版权所有 主办：{site}编辑部 联系电话：0738-8{place:06}</p></div></body></html>
"""
_LIST = """\
<html><head><meta charset="utf-8"><title>新闻动态-{site}</title></head><body>
<div class="top"><a href="/">首页</a></div><div class="main"><h2>新闻动态</h2><ul class="list">{items}</ul></div>
<div class="foot"><p>{site} 版权所有</p></div></body></html>
"""


@dataclass(frozen=True, slots=True)
class Stand:
    """An article as it stands in a round. ``former`` is the address that leads to it."""

    path: str
    wording: Wording
    gone: bool = False
    former: str | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """One thing that a perfect monitor tells of a round."""

    round: int
    path: str
    kind: ChangeKind


@dataclass(slots=True)
class CountySite:
    """A site and its rounds, ``rounds[0]`` the first; ``tags`` says whether it sends an ETag."""

    place: int
    rounds: list[list[Stand]] = field(default_factory=list)
    truth: list[Truth] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Its key in ``sites.yaml``."""
        return f"county{self.place:03}"

    @property
    def name(self) -> str:
        """Its name on its pages."""
        return f"第{self.place + 1}乡新闻网"

    @property
    def tags(self) -> bool:
        """Whether it sends an ETag; every other site does."""
        return self.place % 2 == 0

    def answer(self, path: str, round_: int) -> Answer:
        """What a GET of a path is answered in a round."""
        if path == "/robots.txt":
            return Answer(200, ROBOTS, {"Content-Type": "text/plain"})
        stands = self.rounds[round_ - 1]
        if path == COLUMN:
            return self._page(self._list(stands))
        for stand in stands:
            if path == stand.former:
                return Answer(301, b"", {"Location": stand.path})
            if path == stand.path and not stand.gone:
                return self._page(self._article(stand.wording))
        return Answer(404, "<html><body><h1>404</h1><p>您访问的页面不存在</p></body></html>".encode())

    def _page(self, text: str) -> Answer:
        body = text.encode()
        tag = {"ETag": f'"{blake2b(body, digest_size=8).hexdigest()}"'} if self.tags else {}
        return Answer(200, body, {"Content-Type": "text/html; charset=utf-8", **tag})

    def _list(self, stands: list[Stand]) -> str:
        shown = sorted((stand for stand in stands if not stand.gone), key=lambda each: each.wording.day, reverse=True)
        items = (
            f'<li><a href="{each.path}">{escape(each.wording.title)}</a><span>{each.wording.day}</span></li>'
            for each in shown
        )
        return _LIST.format(site=self.name, items="\n".join(items))

    def _article(self, wording: Wording) -> str:
        text = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in wording.paragraphs)
        return _PAGE.format(title=escape(wording.title), site=self.name, day=wording.day, text=text, place=self.place)


class County:
    """So many sites over so many rounds."""

    def __init__(self, sites: int, rounds: int, articles: int, seed: int) -> None:
        self.rounds = rounds
        self.sites = [_Editor(place, seed).write(rounds, articles) for place in range(sites)]

    def truth(self) -> Iterator[tuple[CountySite, Truth]]:
        """Everything that a perfect monitor tells in all rounds."""
        for site in self.sites:
            for happening in site.truth:
                yield site, happening


class _Editor:
    """Writes one site through its rounds; no article is touched twice, but that what was withdrawn comes back."""

    def __init__(self, place: int, seed: int) -> None:
        self._site = CountySite(place)
        self._dice = Random(f"county {seed} {place}")
        self._writer = Writer(self._dice.randrange(1 << 40))
        self._number = 1000 * (place + 1)
        self._touched: set[str] = set()
        self._stands: list[Stand] = []

    def write(self, rounds: int, articles: int) -> CountySite:
        """Play all rounds."""
        for _ in range(articles):
            self._publish(1)
        self._site.rounds.append(list(self._stands))
        for round_ in range(2, rounds + 1):
            self._play(round_)
            self._site.rounds.append(list(self._stands))
        return self._site

    def _play(self, round_: int) -> None:
        back = [index for index, stand in enumerate(self._stands) if stand.gone]
        for index in back:
            self._stands[index] = replace(self._stands[index], gone=False)
            self._tell(round_, self._stands[index].path, ChangeKind.RESTORED)
        acts = (
            (_EDITED, self._edit), (_RETITLED, self._retitle), (_REDATED, self._redate),
            (_WITHDRAWN, self._withdraw), (_MOVED, self._move), (_NEW, self._publish),
        )  # fmt: skip
        for likely, act in acts:
            if self._dice.random() < likely:
                act(round_)

    def _tell(self, round_: int, path: str, kind: ChangeKind) -> None:
        self._site.truth.append(Truth(round_, path, kind))

    def _publish(self, round_: int) -> None:
        day = FIRST_DAY + timedelta(days=round_ - 1)
        draft = self._writer.compose(self._dice.choice(_TOPICS), day)
        self._number += 1
        stand = Stand(f"/xw/{self._number}.html", Wording(draft.title, day, draft.blocks))
        self._stands.append(stand)
        self._tell(round_, stand.path, ChangeKind.NEW)

    def _untouched(self) -> list[int]:
        return [index for index, stand in enumerate(self._stands) if stand.path not in self._touched]

    def _change(self, round_: int, kind: ChangeKind, amended: amend.Amend) -> None:
        for index in self._dice.sample(free := self._untouched(), len(free)):
            stand = self._stands[index]
            made = amended(stand.wording, self._dice)
            if made is not None:
                self._touched.add(stand.path)
                self._stands[index] = replace(stand, wording=made.wording)
                self._tell(round_, stand.path, kind)
                return

    def _edit(self, round_: int) -> None:
        self._change(round_, ChangeKind.EDITED, amend.figure)

    def _retitle(self, round_: int) -> None:
        self._change(round_, ChangeKind.RETITLED, amend.retitled)

    def _redate(self, round_: int) -> None:
        self._change(round_, ChangeKind.REDATED, lambda wording, dice: amend.redated(wording, -dice.randint(5, 9)))

    def _withdraw(self, round_: int) -> None:
        if free := self._untouched():
            index = self._dice.choice(free)
            self._touched.add(self._stands[index].path)
            self._stands[index] = replace(self._stands[index], gone=True)
            self._tell(round_, self._stands[index].path, ChangeKind.REMOVED)

    def _move(self, round_: int) -> None:
        if free := self._untouched():
            index = self._dice.choice(free)
            old = self._stands[index]
            path = old.path.replace("/xw/", "/xw/zt/")
            self._touched.update((old.path, path))
            self._stands[index] = replace(old, path=path, former=old.path)
            self._tell(round_, old.path, ChangeKind.MOVED)
