"""A farm of made sites for ``bench.crawl``: a process that serves many pages on loopback addresses, one a site.

``python -m bench.farm SITES SEED`` draws as many sites of made cities (``storage.demo``), each page dressed in as much
menu, style and script as real ones carry (34 KB in the mean of 183 recorded pages), serves each on a loopback address
of its own (127.0.1.1 and on, one port for all), and prints one line of JSON: the port and each site's columns. A
GET of ``/steer?…`` on any of them says what is served from then on: ``validators`` (0 or 1: ETags, and 304 to who
brings them), ``visit`` (what moves on a page moves with it), ``changed`` (per cent of the articles that say another
figure, and in every later visit). ``/told`` tells the addresses of those. Ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from random import Random
from urllib.parse import parse_qs, urlsplit

from bench import newsroom as say
from storage.demo.city import City
from storage.demo.truth import CitySite

FIRST_HOST = (127, 0, 1, 1)
WEIGHT = 26_000
"""Bytes of menu, style and script that each page carries besides what a made page has."""
CHUNK = 65_536
CONTROLS = STEER, TOLD = "/steer", "/told"
"""Paths by which what is served is steered and asked about; no made site has them."""

_FIGURE = re.compile(r"([\u4e00-\u9fff]{4})([1-9]\d{1,3})([\u4e00-\u9fff]{2})")


@dataclass(slots=True)
class Weather:
    """What is served: with validators or without, at which visit, and how many in a hundred articles changed."""

    validators: bool = True
    visit: int = 1
    changed: int = 0


@dataclass(slots=True)
class FarmSite:
    """A made site at a loopback address. ``articles`` are the paths that may change."""

    city: City
    site: CitySite
    host: str
    dress: bytes
    weather: Weather
    articles: frozenset[str]
    drawn: dict[tuple[str, int, bool], tuple[bytes, bytes]] = field(default_factory=dict)

    def answer(self, path: str, known: str | None) -> tuple[int, bytes, bytes]:
        """Status, headers and body for a path; ``known`` is the tag that the asker holds."""
        head, body = self._page(path)
        status = int(head.split(b" ", 1)[0])
        _, _, headers = head.partition(b"\r\n")
        if status != 200 or not self.weather.validators:
            return status, headers, body
        tag = f'"{blake2b(f"{path} {self._is_changed(path)}".encode(), digest_size=8).hexdigest()}"'
        stamped = headers + f"ETag: {tag}\r\n".encode()
        return (304, stamped, b"") if known == tag else (200, stamped, body)

    def _page(self, path: str) -> tuple[bytes, bytes]:
        key = (path, self.weather.visit, self._is_changed(path))
        if key not in self.drawn:
            # With validators a page moves only when it is changed: else its tag would lie.
            answer = self.city.page(self.site.key, path, 1, self.weather.visit)
            body = answer.body
            if answer.status == 200 and b"<body" in body:
                body = body.replace(b"<body", self.dress + b"<body", 1)
            if key[2]:
                body = self._amended(path, body)
            kind = answer.headers.get("Content-Type", "text/html")
            extra = f"Location: {answer.headers['Location']}\r\n" if "Location" in answer.headers else ""
            self.drawn[key] = (f"{answer.status} X\r\nContent-Type: {kind}\r\n{extra}".encode(), body)
        return self.drawn[key]

    def _is_changed(self, path: str) -> bool:
        if path not in self.articles:
            return False
        mark = int.from_bytes(blake2b(f"{self.host}{path}".encode(), digest_size=4).digest(), "big")
        if mark % 100 >= self.weather.changed:
            return False
        plain = self.city.page(self.site.key, path, 1, 1).body
        return self._amended(path, plain) != plain

    def _amended(self, path: str, body: bytes) -> bytes:
        wording = self.city.wording(self.site.key, path, 1)
        return amended(body, wording.paragraphs if wording else (), self.site.encoding)

    def changed(self) -> list[str]:
        """The paths of the articles that say something else now."""
        return sorted(path for path in self.articles if self._is_changed(path))


def amended(body: bytes, said: Sequence[str], encoding: str) -> bytes:
    """An article's page whose text says another figure; the page itself where no paragraph has one in plain sight."""
    for paragraph in said:
        for found in _FIGURE.finditer(paragraph):
            printed = found[0].encode(encoding, "ignore")
            if body.count(printed) == 1:
                other = f"{found[1]}{int(found[2]) + 7}{found[3]}"
                return body.replace(printed, other.encode(encoding, "ignore"))
    return body


def dress(dice: Random, encoding: str) -> bytes:
    """What stands before the body of a city's page and says nothing: styles, scripts, links to every bureau."""
    links: list[str] = []
    styles: list[str] = []
    calls: list[str] = []
    while sum(len(line) for line in (*links, *styles, *calls)) < WEIGHT // 2:
        number = dice.randint(100, 99999)
        links.append(f'<link rel="section" href="/bm/{number}/" title="{say.body(dice)}">')
        styles.append(f".c{number} li a{{float:left;width:{dice.randint(20, 900)}px;background:url(/i/{number}.png)}}")
        calls.append(f'_hook("{number:x}",{{"id":{number},"open":{str(dice.random() < 0.5).lower()}}});')
    head = "\n".join(links) + "<style>" + "\n".join(styles) + "</style><script>" + "\n".join(calls) + "</script>"
    return head.encode(encoding, "ignore") + b"</head>"


def farm(sites: int, seed: int, weather: Weather) -> list[FarmSite]:
    """Made sites at addresses of their own; eleven a city, in the order of its catalogue."""
    grown: list[FarmSite] = []
    while len(grown) < sites:
        city = City(seed + len(grown))
        for site in city.sites[: sites - len(grown)]:
            place = len(grown)
            host = ".".join(map(str, (*FIRST_HOST[:2], FIRST_HOST[2] + place // 200, FIRST_HOST[3] + place % 200)))
            alive = [state.path for article in city.articles(site.key) if (state := article.at(1)) is not None]
            clothes = dress(Random(f"{seed} {place}"), site.encoding)
            grown.append(FarmSite(city, site, host, clothes, weather, frozenset(alive)))
    return grown


async def _converse(
    site: FarmSite, sites: list[FarmSite], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            first, *rest = head.decode("latin-1").split("\r\n")
            path = first.split(" ")[1]
            held = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
            if path.startswith(CONTROLS):
                status, headers, body = 200, b"Content-Type: application/json\r\n", _control(sites, path)
            else:
                status, headers, body = site.answer(path, held.get("if-none-match"))
            writer.write(b"HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n" % (status, headers, len(body)) + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def _control(sites: list[FarmSite], path: str) -> bytes:
    asked = {name: int(values[-1]) for name, values in parse_qs(urlsplit(path).query).items()}
    weather = sites[0].weather
    if path.startswith(STEER):
        weather.validators = bool(asked.get("validators", weather.validators))
        weather.visit, weather.changed = asked.get("visit", weather.visit), asked.get("changed", weather.changed)
    told = {site.host: site.changed() for site in sites} if path.startswith(TOLD) else {}
    return json.dumps(told).encode()


async def serve(sites: int, seed: int) -> None:
    """Serve until standard input ends."""
    grown = farm(sites, seed, Weather())
    port = 0
    for site in grown:
        served = await asyncio.start_server(partial(_converse, site, grown), site.host, port, limit=CHUNK)
        port = served.sockets[0].getsockname()[1]
    told = [
        {
            "key": f"farm{place:03}",
            "host": site.host,
            "columns": [f"http://{site.host}:{port}{column.path}" for column in site.site.columns],
            "articles": sorted(f"http://{site.host}:{port}{path}" for path in site.articles),
        }
        for place, site in enumerate(grown)
    ]
    sys.stdout.write(json.dumps({"port": port, "sites": told}) + "\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
