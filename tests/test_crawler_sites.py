"""The catalogue: what it takes for granted, and how it says what is wrong."""

from __future__ import annotations

import os
import traceback
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.sites import Rereading, load_catalogue
from crawler.yamlfile import ConfigError
from monitor.config import load_settings

GOOD = """\
contact: desk@example.org
defaults:
  schedule: {column: 5m, day: 1h}
sites:
  loudi:
    name: no
    columns:
      - http://127.0.0.1:8900/loudi/list.html
  "0571":
    name: 杭州
    columns: [https://www.hz.example/col/col1.html]
    hosts: [news.hz.example]
    schedule: {day: 90m}
    delay: 2
"""


def write(home: Path, text: str) -> Path:
    (home / "sites.yaml").write_text(text, "utf-8")
    return home


def test_what_yaml_would_guess_stays_as_it_is_written(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, GOOD))
    assert list(catalogue.sites) == ["loudi", "0571"]
    assert catalogue.sites["loudi"].name == "no"
    assert catalogue.contact == "desk@example.org"


def test_a_site_overrides_the_defaults_part_by_part(tmp_path: Path) -> None:
    hangzhou = load_catalogue(write(tmp_path, GOOD)).sites["0571"]
    assert hangzhou.schedule.day == timedelta(minutes=90)
    assert hangzhou.schedule.column == timedelta(minutes=5)
    assert hangzhou.schedule.week == timedelta(hours=12)
    assert hangzhou.delay == 2


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://www.hz.example/a/1.html", True),
        ("http://hz.example/a/1.html", True),
        ("https://www.hz.example:443/a", True),
        ("https://news.hz.example/1.html", True),
        ("https://evil.example/?u=www.hz.example", False),
        ("https://www.hz.example.evil.example/", False),
        ("https://blog.hz.example/1.html", False),
        ("ftp://www.hz.example/1.html", False),
        ("javascript:alert(1)", False),
    ],
)
def test_a_site_owns_its_columns_hosts_and_those_it_names(tmp_path: Path, url: str, own: bool) -> None:
    assert load_catalogue(write(tmp_path, GOOD)).sites["0571"].owns(url) is own


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("sites:\n  a:\n    name: A\n    columns:\n      - ftp://x/\n", 5, "http:// or https://"),
        ("sites:\n  a:\n    name: A\n    colums: []\n", 4, "allowed: name, columns"),
        ("sites:\n  a:\n    columns: [http://x/]\n", 2, "name: is missing"),
        ("sites:\n  a:\n    name: A\n    columns: []\n", 4, "columns"),
        ("sites:\n  a:\n    name: A\n    columns: http://x/\n", 4, "must be a list"),
        ("sites:\n  a b:\n    name: A\n    columns: [http://x/]\n", 2, "letters, digits"),
        ("sites:\n  a: {name: A, columns: [http://x/]}\n  a: {name: B, columns: [http://x/]}\n", 3, "stands twice"),
        ("sites:\n  a:\n    name: A\n    columns: [http://x/]\n    delay: fast\n", 5, "'fast'"),
        ("sites:\n  a:\n    name: A\n    columns: [http://x/]\n    schedule: {column: soon}\n", 5, "30s, 15m, 2h, 14d"),
        ("sites:\n  a:\n    name: A\n    columns: [http://x/]\n    schedule: {colum: 3m}\n", 5, "allowed: column, day"),
        ("defaults: {removal: {visits: 0}}\nsites:\n  a: {name: A, columns: [http://x/]}\n", 1, "must be at least 1"),
        ("sites:\n  a: {name: A, columns: [http://x/], schedule: {column: 99999999999d}}\n", 2, "at most ten years"),
        ("sites:\n  a: &a [*a]\n", 1, "holds itself"),
        ("sites: [a]\n", 1, "must be a mapping"),
        ("name: x\n", 1, "no `sites:`"),
        ("- a\n", 1, "must be a mapping"),
        ("sites:\n  a: {name: 'A\n", 3, "not YAML"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_is_allowed(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(ConfigError) as told:
        load_catalogue(write(tmp_path, text))
    message = str(told.value)
    assert message.startswith(f"{tmp_path / 'sites.yaml'}:{line}: ")
    assert said in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("sites: {}\nservise: {}\n", 2, "allowed: sites, defaults, contact, database, service, digest"),
        ("sites: {}\ndigest:\n  at: dawn\n", 3, "07:30"),
        ("sites: {}\nservice:\n  crawl: 3\n", 3, "allowed: tick, crawls"),
    ],
)
def test_the_services_sections_are_checked_too(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(ConfigError, match=f"sites.yaml:{line}: ") as told:
        load_settings(load_catalogue(write(tmp_path, text)))
    assert said in str(told.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sites.yaml").write_bytes("sites: {a: {name: 云溪}}".encode("gbk"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_catalogue(tmp_path)
    with pytest.raises(ConfigError, match="no such file"):
        load_catalogue(tmp_path / "nowhere")


def test_an_unknown_site_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no site 'x'; there are: loudi, 0571"):
        load_catalogue(write(tmp_path, GOOD)).choose(["loudi", "x"])


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("https://www.hz.example/", True),
        ("https://www.hz.example/index.html", True),
        ("https://www.hz.example/col/index.shtml", True),
        ("https://www.hz.example/col/col1.html", False),
        ("https://www.hz.example/art/1.html", False),
        ("https://elsewhere.example/", False),
    ],
)
def test_the_front_page_is_known_by_its_address(tmp_path: Path, url: str, home: bool) -> None:
    assert load_catalogue(write(tmp_path, GOOD)).sites["0571"].is_home(url) is home


def test_a_catalogue_is_checked_again_only_where_the_file_says_otherwise(tmp_path: Path) -> None:
    file = Rereading(write(tmp_path, GOOD))
    first = file.catalogue()
    os.utime(tmp_path / "sites.yaml", (0, 0))
    assert file.catalogue() is first
    stamp = (tmp_path / "sites.yaml").stat()
    write(tmp_path, GOOD.replace("杭州", "湖州"))
    os.utime(tmp_path / "sites.yaml", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert file.catalogue().sites["0571"].name == "湖州"


def test_a_broken_file_is_told_each_time_and_forgotten_once_it_is_right(tmp_path: Path) -> None:
    file = Rereading(write(tmp_path, "sites: []\n"))
    for _ in range(3):
        with pytest.raises(ConfigError, match=r"sites\.yaml:1: ") as told:
            file.catalogue()
        assert len(traceback.extract_tb(told.value.__traceback__)) == 2
    write(tmp_path, GOOD)
    assert list(file.catalogue().sites) == ["loudi", "0571"]
    (tmp_path / "sites.yaml").unlink()
    with pytest.raises(ConfigError):
        file.catalogue()


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ((), 1),
        (("sites", "0571"), 8),
        (("sites", "0571", "columns", 0), 10),
        (("sites", "loudi", "columns", 0), 7),
        (("sites", "loudi", "columns", 9), 6),
        (("sites", "loudi", "delay"), 4),
        (("defaults", "schedule", "day"), 2),
        (("nothing", "here"), 1),
    ],
)
def test_a_place_has_the_line_of_its_key_or_of_what_is_around_it(
    tmp_path: Path, place: tuple[str | int, ...], line: int
) -> None:
    text = GOOD.replace("contact: desk@example.org\n", "")
    assert load_catalogue(write(tmp_path, text)).file.line(place) == line


def test_an_excerpt_says_of_its_sites_what_the_whole_file_says_and_nothing_of_others(tmp_path: Path) -> None:
    text = (
        GOOD
        + '    limits:\n  third: {name: "否: {一} #二 \\"三\\"", columns: [http://x.example/?a=1&b=%20], hosts: []}\n'
    )
    whole = load_catalogue(write(tmp_path, text + "mail: {host: m.example, from: a@b.example, password: hush}\n"))
    said = whole.excerpt(["third", "0571", "gone"])
    copy = tmp_path / "copy.yaml"
    copy.write_text(said, "utf-8")
    part = load_catalogue(tmp_path, copy)
    assert part.sites == {key: whole.sites[key] for key in ("third", "0571")}
    assert (part.contact, part.database) == (whole.contact, whole.database)
    assert "hush" not in said
    assert "loudi" not in said
