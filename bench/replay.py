"""Whether the archive files that Shixun writes are replayed by pywb, byte for byte.

``python -m bench.replay`` (``make bench-replay``) crawls the demonstration city on loopback some times, writes a WARC
of each site, and of each the rest behind its middle visit, loads them into pywb (in an environment of its own in
``build/replay-venv``, made once), and asks pywb on loopback for each page at the moment of each visit that has its
bytes there. Each answer is held against the bytes that the archive keeps of that page as of then, and its moment
against the visit's: a revisit counts only where it is found itself. Exit status 1 on any difference, and where nothing
was compared.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

from warcio.archiveiterator import ArchiveIterator

from monitor.commands.demo import PACE
from monitor.downloads.scope import Scope
from monitor.downloads.warc import as_warc
from storage.archive import Archive
from storage.browsing import KeptVisit
from storage.demo import Answer, City, CityServer, sites_yaml
from storage.sql import open_archive

PACKAGES = ("pywb==2.10.0", "setuptools<81")
"""What the environment has: pywb looks for pkg_resources, which later setuptools have lost."""

ROUNDS = ((1, False), (2, False), (3, False), (3, True))
"""The city's rounds as they are crawled; in the last of them it stands still (see ``_City``)."""

LONGEST = 600.0
"""Seconds that a step may take: an installation, a crawl, an index."""

WHOLE, REST = "whole", "rest"


@dataclass(frozen=True, slots=True)
class Asked:
    """A record with bytes: what is asked of pywb."""

    uri: str
    at: datetime
    kind: str
    profile: str


class _City(CityServer):
    """The city; while it is ``still`` each page comes whole, and with its counters as when it was first asked for."""

    still = False

    def answer(self, key: str, path: str) -> Answer:
        """What a site answers now."""
        if not self.still:
            return super().answer(key, path)
        answer = self.city.page(key, path, self.round, 1)
        headers = {name: value for name, value in answer.headers.items() if name not in ("ETag", "Last-Modified")}
        return replace(answer, headers=headers)


def main() -> int:
    """Crawl, write, load, ask, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--venv", type=Path, default=Path("build/replay-venv"), help="where pywb is, or is put")
    venv = parser.parse_args().venv.resolve()
    _ready(venv)
    with tempfile.TemporaryDirectory(prefix="replay-") as name:
        folder = Path(name)
        archive = open_archive(_crawled(folder))
        try:
            files = dict(_files(archive, folder))
            with _replaying(venv, folder, files) as port:
                return _compare(archive, files, port)
        finally:
            archive.close()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _ready(venv: Path) -> None:
    if (venv / "bin" / "wayback").exists():
        return
    _say(f"setting up pywb in {venv}, once")
    _run(sys.executable, "-m", "venv", str(venv))
    _run(str(venv / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *PACKAGES)


def _run(*command: str, cwd: Path | None = None) -> None:
    """A step that must succeed; its output is shown where it does not."""
    done = subprocess.run(command, cwd=cwd, timeout=LONGEST, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:3])} ended with {done.returncode}:\n{done.stdout}{done.stderr}"[-4000:])


def _crawled(folder: Path) -> str:
    """An archive of the city, each round crawled whole; its address."""
    home = folder / "home"
    home.mkdir()
    server = _City(City())
    with server:
        (home / "sites.yaml").write_text(PACE + sites_yaml(server), "utf-8")
        for number, still in ROUNDS:
            server.round, server.still = number, still
            _say(f"crawling round {number} of the city")
            command = [sys.executable, "-m", "monitor.cli", "--home", str(home), "crawl", "--all", "--recheck", "all"]
            done = subprocess.run(command, timeout=LONGEST, capture_output=True, text=True, check=False)
            # The city has pages that fail, which is told by 1.
            if done.returncode not in (0, 1):
                raise SystemExit(f"the crawl ended with {done.returncode}:\n{done.stderr}"[-4000:])
    return f"sqlite:///{home / 'shixun.db'}"


def _files(archive: Archive, folder: Path) -> Iterator[tuple[str, list[Path]]]:
    """The WARC files by collection."""
    whole, rest = [], []
    for card in archive.browsing.sites():
        scope = Scope(site=card.key)
        ids = [kept.visit.id for kept in _visits(archive, card.key)]
        whole.append(_written(archive, scope, folder / f"{card.key}.warc.gz", 0))
        rest.append(_written(archive, scope, folder / f"{card.key}-rest.warc.gz", ids[len(ids) // 2]))
    yield WHOLE, whole
    yield REST, rest


def _visits(archive: Archive, site: str) -> Iterator[KeptVisit]:
    after = 0
    while some := archive.browsing.kept(site=site, after=after):
        yield from some
        after = some[-1].visit.id


def _written(archive: Archive, scope: Scope, path: Path, after: int) -> Path:
    with path.open("wb") as file:
        file.writelines(as_warc(archive, scope, datetime.now(UTC), after=after))
    return path


@contextmanager
def _replaying(venv: Path, folder: Path, files: dict[str, list[Path]]) -> Iterator[int]:
    """pywb with these collections on a port of loopback, until the block ends."""
    room = folder / "pywb"
    room.mkdir()
    manager = str(venv / "bin" / "wb-manager")
    for name, paths in files.items():
        _run(manager, "init", name, cwd=room)
        _run(manager, "add", name, *map(str, paths), cwd=room)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [str(venv / "bin" / "wayback"), "-b", "127.0.0.1", "-p", str(port), "-d", str(room)]
    with (folder / "wayback.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=room, stdout=log, stderr=log, start_new_session=True)
        try:
            _await(server, port, folder / "wayback.log")
            yield port
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(10)


def _await(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = monotonic() + 120
    while monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            sleep(0.2)
        else:
            return
    raise SystemExit(f"pywb did not begin to answer:\n{log.read_text(errors='replace')[-4000:]}")


def _compare(archive: Archive, files: dict[str, list[Path]], port: int) -> int:
    """Ask for everything; print what came of it."""
    heads = ("pages", "records", "responses", "same bytes", "not modified", "told only", "equal")
    _say("\n" + " " * 8 + "".join(f"{head:>14}" for head in heads))
    wrong: list[str] = []
    compared = 0
    for name, paths in files.items():
        records = [record for path in paths for record in _records(path)]
        asked = [record for record in records if record.kind != "metadata"]
        bad = [fault for one in asked if (fault := _fault(archive, name, one, port))]
        kinds = Counter(record.profile or record.kind for record in records)
        row = (
            *(len({one.uri for one in asked}), len(records), kinds["response"], kinds["identical-payload-digest"]),
            *(kinds["server-not-modified"], kinds["metadata"], len(asked) - len(bad)),
        )
        _say(f"{name:8}" + "".join(f"{number:14}" for number in row))
        wrong += bad
        compared += len(asked)
    for fault in wrong[:20]:
        _say(fault)
    _say(f"\n{compared} asked, {compared - len(wrong)} equal, {len(wrong)} different")
    return 1 if wrong or not compared else 0


def _records(path: Path) -> Iterator[Asked]:
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            record.content_stream().read()
            headers = dict(record.rec_headers.headers)
            if record.rec_type == "warcinfo":
                continue
            at = datetime.fromisoformat(headers["WARC-Date"])
            yield Asked(
                headers["WARC-Target-URI"], at, record.rec_type, headers.get("WARC-Profile", "").rpartition("/")[2]
            )


def _fault(archive: Archive, collection: str, asked: Asked, port: int) -> str | None:
    """What is wrong with pywb's answer, in a line."""
    expected = _expected(archive, asked)
    stamp = asked.at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", f"/{collection}/{stamp}id_/{asked.uri}")
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    where = f"{collection} {stamp} {asked.uri} ({asked.profile or asked.kind})"
    if answer.status != 200:
        return f"{where}: answered {answer.status}"
    moment = parsedate_to_datetime(answer.getheader("Memento-Datetime") or "")
    if moment != asked.at.replace(microsecond=0):
        return f"{where}: the capture of {moment} was shown"
    return None if body == expected else f"{where}: {len(body)} bytes, not the {len(expected or b'')} that are kept"


def _expected(archive: Archive, asked: Asked) -> bytes | None:
    """What is kept of a page as of then, asked of the archive another way than the file's writer asks."""
    stood = [version for version in archive.reading.history(asked.uri) if version.seen_at <= asked.at]
    name = stood[-1].body_hash if stood else None
    return archive.reading.body(name) if name else None


if __name__ == "__main__":
    sys.exit(main())
