"""Serves ``bench.county``: every site at an address of its own, and a book of who asked what when.

``python -m bench.countyfarm SITES ROUNDS ARTICLES SEED`` prints one line of JSON when it serves. From then on each line
of its input is answered by one of its output: ``round N`` serves a round from then on and begins a new page of the
book, ``told`` only tells. What is told: ``requests`` of this round, and ``breaches``, each a site that was asked by two
at once: a second request while one was being answered, or a machine that goes on after another one had taken over.
Ends with its input.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field
from functools import partial
from ipaddress import IPv4Address, IPv4Network

from bench.county import County, CountySite
from bench.netns import SERVED

PORT = 80
TAKES = 0.005
"""Seconds that each answer takes: two who ask at once are seen then."""
CHUNK = 65_536


def address_of(place: int) -> str:
    """Where a site is served."""
    return str(IPv4Address(int(IPv4Network(SERVED).network_address) + 1 + place))


def column_of(site: CountySite) -> str:
    """The address of a site's column."""
    return f"http://{address_of(site.place)}/xw/"


@dataclass(slots=True)
class Door:
    """Who stands at a site's door. ``asked`` are the conversations that wait for an answer, ``past`` machines that
    asked before ``last`` did in this round."""

    asked: set[int] = field(default_factory=set)
    last: str = ""
    past: dict[str, set[int]] = field(default_factory=dict)


@dataclass(slots=True)
class Book:
    """What was asked in a round."""

    round: int = 1
    requests: int = 0
    breaches: list[str] = field(default_factory=list)
    doors: dict[int, Door] = field(default_factory=dict)

    def begins(self, site: int, talk: int, machine: str, path: str) -> str | None:
        """A request came. What is told where the machine goes on though another took over, if it is still there."""
        self.requests += 1
        door = self.doors.setdefault(site, Door())
        if door.asked - {talk}:
            self.breaches.append(f"county{site:03}{path}: {machine} asks while {door.last} is being answered")
        beside = None
        if door.last != machine and talk in door.past.get(machine, ()):
            beside = f"county{site:03}{path}: {machine} goes on after {door.last} took over"
        door.asked.add(talk)
        door.past.setdefault(machine, set()).add(talk)
        door.last = machine
        return beside

    def ends(self, site: int, talk: int) -> None:
        """It is answered, or whoever asked is gone."""
        self.doors.setdefault(site, Door()).asked.discard(talk)


class Farm:
    """The county behind its doors."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.book = Book()
        self._talks = 0

    async def converse(self, site: CountySite, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until it ends."""
        self._talks += 1
        talk, machine = self._talks, str(writer.get_extra_info("peername")[0])
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *rest = head.decode("latin-1").split("\r\n")
                path = first.split(" ")[1]
                held = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
                book = self.book
                beside = book.begins(site.place, talk, machine, path)
                try:
                    await asyncio.sleep(TAKES)
                    # What a machine sent while its cable was out comes when it is in again, whoever sent it long gone.
                    if beside is not None and not reader.at_eof():
                        book.breaches.append(beside)
                    writer.write(self._answer(site, path, held.get("if-none-match")))
                    await writer.drain()
                finally:
                    book.ends(site.place, talk)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()

    def _answer(self, site: CountySite, path: str, known: str | None) -> bytes:
        answer = site.answer(path, self.book.round)
        same = answer.status == 200 and known is not None and answer.headers.get("ETag") == known
        body = b"" if same else answer.body
        headers = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
        status = 304 if same else answer.status
        return f"HTTP/1.1 {status} X\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def steer(self, line: str) -> str:
        """Do what a line says, and tell."""
        word, _, number = line.partition(" ")
        if word == "round":
            self.book = Book(int(number))
        return json.dumps({"requests": self.book.requests, "breaches": self.book.breaches})


async def serve(sites: int, rounds: int, articles: int, seed: int) -> None:
    """Serve until standard input ends."""
    farm = Farm(County(sites, rounds, articles, seed))
    for site in farm.county.sites:
        await asyncio.start_server(partial(farm.converse, site), address_of(site.place), PORT, limit=CHUNK)
    loop = asyncio.get_running_loop()
    sys.stdout.write("{}\n")
    sys.stdout.flush()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        sys.stdout.write(farm.steer(line.strip()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(*map(int, sys.argv[1:5])))
