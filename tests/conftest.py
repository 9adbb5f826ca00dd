"""What tests share: archives over both databases, and the recorded material beside the project where it is there."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from storage.archive import Archive
from storage.sql import open_archive

pytest_plugins = [
    *("drain_desk", "command_line", "service_watch", "worker_yard", "mail_server", "web_desk", "web_browser"),
]

# The same examples at every run, judged by what comes out and not by how busy the machine is; a deeper look is
# `pytest --hypothesis-profile=search`.
settings.register_profile("shixun", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("shixun")

LONGEST = (
    *("test_demonstration.py", "test_kill.py", "test_monitor_service.py", "test_monitor_stops.py"),
    *("test_crawler_launch.py", "test_commands_crawl.py", "test_commands_add.py", "test_crawler_services.py"),
    *("test_web_browser_ways.py", "test_jobs_trouble.py", "test_web_browser_sight.py", "test_jobs_workers.py"),
    *(
        "test_jobs_services.py",
        "test_commands_faults.py",
        "test_crawler_lessons.py",
        "test_crawler_attachments.py",
        "test_commands_crew.py",
    ),
)
"""Files of whole crawls and many processes, the longest first.

They are begun in this order: the last worker at work would otherwise have nobody to share with.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that take longest first, the others as they were found."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The recorded sites and pages beside the project; a test that wants them is skipped where they are not."""
    if not (SHARED / "seeds").is_dir():
        pytest.skip("no ../shared with recorded sites beside the project")
    return SHARED


@dataclass(frozen=True)
class PostgreSQL:
    """A throw-away server on a socket of its own."""

    socket: Path
    numbers: Iterator[int]
    stop: Callable[[], None]
    """Break all connections, and answer no more until ``start``."""
    start: Callable[[], None]

    def fresh_database(self) -> str:
        """The address of a new, empty database."""
        name = f"shixun_{next(self.numbers)}"
        with psycopg.connect(host=str(self.socket), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql://postgres@/{name}?host={self.socket}"


def _programs() -> Path | None:
    found = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return Path(found).resolve().parent if found else places[0].parent if places else None


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the user to run it as then."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A real PostgreSQL server, started for this run; skipped only where its programs are not installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL's programs are not installed (Debian: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="sx-"))
    user = _unprivileged()
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data, log = folder / "data", folder / "log"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    try:
        run(
            str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        control = (str(programs / "pg_ctl"), "-D", str(data), "-l", str(log), "-o", options, "-w")
        run(*control, "start")
        try:
            yield PostgreSQL(
                folder, count(1), partial(run, *control, "-m", "fast", "stop"), partial(run, *control, "start")
            )
        finally:
            run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shixun.db'}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.fresh_database()


@pytest.fixture
def archive(database: str) -> Iterator[Archive]:
    """An empty archive, once over each kind of database."""
    opened = open_archive(database)
    yield opened
    opened.close()
