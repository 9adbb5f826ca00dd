"""Made pages for ``bench.peers``: everything stands still but what a round moves, and one in twenty may be edited.

``python -m bench.peerfarm PAGES SEED`` draws the sites of ``bench.farm`` that hold that many pages, puts a clock before
and a list of much-read stories and a counter behind each page (``bench.furniture``, each in a style of its own), serves
them on loopback addresses, and prints one line of JSON: the port, each site's columns and all its pages. ``/steer?…``
says what is served from then on: ``visit`` (what the made city itself moves), ``clock``, ``counter``, ``hot`` (what was
put around it) and ``edited`` (0 or 1); it answers what the edits are. Every page is drawn then, so that no visitor
waits for it. Ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from random import Random
from urllib.parse import parse_qs, urlsplit

from bench import furniture
from bench import newsroom as say
from bench.farm import CHUNK, FarmSite, Weather, farm

EDITED = 0.05
"""The share of the articles that is edited."""
STEER = "/steer"
KINDS = ("figure", "word", "sentence", "removed", "dropped", "retitled")
"""What becomes of an edited article, in turn: 4 of 6 are edits of its text, one is gone, one has another title."""
SLOTS = ("clock", "hot", "counter")
_HOT = furniture.listed("热点新闻 点击排行 今日热门 阅读排行榜", "hot rank top10 phb")
_SPEAKERS = {"clock": furniture.clock, "hot": _HOT, "counter": furniture.counter}

_BODY = re.compile(rb"<body\b[^>]*>", re.IGNORECASE)
_END = re.compile(rb"</body\s*>", re.IGNORECASE)
_FIGURE = re.compile(r"[\u4e00-\u9fff]{4}([1-9]\d{1,3})[\u4e00-\u9fff]{2}")
_WORD = re.compile(r"[\u4e00-\u9fff]{7}")
_STOP = re.compile(r"[\u4e00-\u9fff]{6}。")
_SENTENCE = re.compile(r"(?<=。)[^。！？“”]{8,80}。")


@dataclass(frozen=True, slots=True)
class Edit:
    """What became of an article. ``said`` is what a report of it must show; empty for a page that is gone."""

    kind: str
    said: str
    encoding: str
    old: bytes = b""
    new: bytes = b""


@dataclass(slots=True)
class Round:
    """What is served: the count of each thing that moves, and whether the edits are made."""

    moved: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("visit", *SLOTS), 1))
    edited: bool = False


@dataclass(slots=True)
class PeerSite:
    """A site of the farm, its edits by path, and its pages as they are served now."""

    farmed: FarmSite
    edits: Mapping[str, Edit]
    served: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)

    def draw(self, now: Round) -> None:
        """Draw every article and column anew."""
        self.farmed.weather.visit = now.moved["visit"]
        self.farmed.drawn.clear()
        self.served.clear()
        for path in (*self.farmed.articles, *(column.path for column in self.farmed.site.columns)):
            self.served[path] = self.page(path, now)

    def page(self, path: str, now: Round) -> tuple[bytes, bytes]:
        """Status and headers, and body, of a path."""
        edit = self.edits.get(path) if now.edited else None
        if edit is not None and edit.kind == "removed":
            return b"404 X\r\nContent-Type: text/html\r\n", "<h1>404 您访问的页面不存在</h1>".encode(edit.encoding)
        status, headers, body = self.farmed.answer(path, None)
        if edit is not None:
            body = body.replace(edit.old, edit.new)
        return b"%d X\r\n%s" % (status, headers), self._furnished(path, body, now) if status == 200 else body

    def _furnished(self, path: str, body: bytes, now: Round) -> bytes:
        spoken = {slot: self._spoken(slot, path, now.moved[slot]) for slot in SLOTS}
        body = _BODY.sub(lambda found: found[0] + spoken["clock"], body, count=1)
        return _END.sub(lambda found: spoken["hot"] + spoken["counter"] + found[0], body, count=1)

    def _spoken(self, slot: str, path: str, count: int) -> bytes:
        style = Random(f"{self.farmed.host}{path}{slot}").randrange(1000)
        words = _SPEAKERS[slot](Random(f"{self.farmed.host}{path}{slot}{count}"), style)
        return words.encode(self.farmed.site.encoding, "ignore")


def edits(site: FarmSite, turn: int, dice: Random) -> dict[str, Edit]:
    """The edits of a site's articles, by path; ``turn`` is the place of the first in the order of kinds."""
    chosen = dice.sample(sorted(site.articles), max(1, round(EDITED * len(site.articles))))
    return {path: _edit(site, path, turn + place, dice) for place, path in enumerate(chosen)}


def _edit(site: FarmSite, path: str, turn: int, dice: Random) -> Edit:
    """The edit whose turn it is; the next kind where an article has nothing that can be edited so."""
    wording = site.city.wording(site.site.key, path, 1)
    body, coding = site.answer(path, None)[2], site.site.encoding
    for kind in (KINDS[(turn + more) % len(KINDS)] for more in range(len(KINDS))):
        if kind == "removed" or wording is None:
            break
        paragraphs = [wording.title] if kind == "retitled" else wording.paragraphs
        for old, new, said in _rewordings(kind, paragraphs, dice):
            printed = old.encode(coding, "ignore")
            shown = _shown(body, printed)
            if shown >= 2 if kind == "retitled" else shown == body.count(printed) > 0:
                return Edit(kind, said, coding, printed, new.encode(coding, "ignore"))
    return Edit("removed", "", coding)


def _shown(body: bytes, printed: bytes) -> int:
    """How often words stand between tags; what only a description repeats is no page's text."""
    return sum(body.rfind(b"<", 0, at) < body.rfind(b">", 0, at) for at in _places(body, printed))


def _places(body: bytes, printed: bytes) -> Iterator[int]:
    at = body.find(printed) if printed else -1
    while at >= 0:
        yield at
        at = body.find(printed, at + 1)


def _rewordings(kind: str, paragraphs: Sequence[str], dice: Random) -> Iterator[tuple[str, str, str]]:
    """What could be replaced by what, and the words that tell of it."""
    for paragraph in paragraphs:
        if kind == "figure":
            for found in _FIGURE.finditer(paragraph):
                other = str(int(found[1]) + 7)
                yield found[0], found[0].replace(found[1], other), other
        elif kind == "sentence":
            for found in _STOP.finditer(paragraph):
                added = say.sentence(dice)
                yield found[0], found[0] + added, added
        elif kind == "dropped":
            for found in _SENTENCE.finditer(paragraph):
                yield found[0], "", found[0]
        else:
            for found in _WORD.finditer(paragraph):
                name = say.name(dice)
                old, at = (paragraph, found.start() + 2) if kind == "retitled" else (found[0], 2)
                yield old, old[:at] + name + old[at + len(name) :], name


def grown(pages: int, seed: int) -> list[PeerSite]:
    """As few sites as hold that many columns and articles."""
    chosen: list[PeerSite] = []
    held = 0
    for site in farm(2 + pages // 20, seed, Weather(validators=False)):
        if held < pages:
            turn = sum(len(each.edits) for each in chosen)
            chosen.append(PeerSite(site, edits(site, turn, Random(f"{seed} {site.host}"))))
            held += len(site.articles) + len(site.site.columns)
    return chosen


async def _converse(
    site: PeerSite, sites: list[PeerSite], now: Round, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            path = head.split(b" ", 2)[1].decode()
            if path.startswith(STEER):
                headers, body = b"200 X\r\nContent-Type: application/json\r\n", steer(sites, now, path)
            else:
                headers, body = site.served.get(path) or site.page(path, now)
            writer.write(b"HTTP/1.1 %sContent-Length: %d\r\n\r\n" % (headers, len(body)) + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def steer(sites: Sequence[PeerSite], now: Round, path: str) -> bytes:
    """Draw what is served from now on; the answer tells host, path, kind and words of each edit."""
    asked = {name: int(values[-1]) for name, values in parse_qs(urlsplit(path).query).items()}
    now.edited = bool(asked.pop("edited", now.edited))
    now.moved |= asked
    for site in sites:
        site.draw(now)
    hidden = {"old": None, "new": None}
    told = [
        asdict(edit) | hidden | {"host": site.farmed.host, "path": path}
        for site in sites
        for path, edit in site.edits.items()
    ]
    return json.dumps(told if now.edited else []).encode()


async def serve(pages: int, seed: int) -> None:
    """Serve until standard input ends."""
    sites, now, port = grown(pages, seed), Round(), 0
    for site in sites:
        host = site.farmed.host
        served = await asyncio.start_server(partial(_converse, site, sites, now), host, port, limit=CHUNK)
        port = served.sockets[0].getsockname()[1]
        site.draw(now)
    told = [
        {
            "key": f"farm{place:03}",
            "host": site.farmed.host,
            "columns": [f"http://{site.farmed.host}:{port}{column.path}" for column in site.farmed.site.columns],
            "pages": [f"http://{site.farmed.host}:{port}{path}" for path in site.served],
        }
        for place, site in enumerate(sites)
    ]
    sys.stdout.write(json.dumps({"port": port, "sites": told}) + "\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
