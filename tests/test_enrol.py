"""Writing a site into ``sites.yaml``: whole or not at all, and nobody else's line is touched."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from crawler import enrol as enrolment
from crawler.enrol import check_free, enrol
from crawler.locks import FileLock
from crawler.sites import load_catalogue
from crawler.yamlfile import ConfigError

KEPT = """\
# 我们的站点
contact: desk@example.org
sites:
  yunxi:
    name: 云溪发布        # 老站
    columns:
      - http://www.yunxi.example/news/
"""
NEW = [("http://www.luoyuan.example/yw/", "要闻"), ("http://www.luoyuan.example/tz/", "")]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "sites.yaml").write_text(KEPT, "utf-8")
    return tmp_path


def add(home: Path, key: str = "luoyuan", columns: Sequence[tuple[str, str]] = NEW) -> enrolment.Enrolled:
    return enrol(home, key, "洛原市人民政府", columns)


def left_behind(home: Path) -> list[str]:
    return sorted(path.name for path in home.iterdir() if path.name not in (".locks", "sites.yaml"))


def test_the_site_is_there_and_every_line_that_was(home: Path) -> None:
    told = add(home)
    text = (home / "sites.yaml").read_text("utf-8")
    assert text.startswith(KEPT)
    assert text.removeprefix(KEPT).splitlines() == list(told.entry)
    assert (told.path, told.line) == (home / "sites.yaml", 8)
    site = load_catalogue(home).sites["luoyuan"]
    assert (site.name, site.columns) == ("洛原市人民政府", tuple(url for url, _ in NEW))
    assert left_behind(home) == []


def test_mark_newlines_and_mode_of_the_file_stay(home: Path) -> None:
    path = home / "sites.yaml"
    old = b"\xef\xbb\xbf" + KEPT.replace("\n", "\r\n").encode()
    path.write_bytes(old)
    path.chmod(0o640)
    add(home)
    new = path.read_bytes()
    assert new.startswith(old)
    assert new.count(b"\n") == new.count(b"\r\n") > old.count(b"\n")
    assert path.stat().st_mode & 0o7777 == 0o640


def test_a_link_in_the_home_stays_one(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    real = tmp_path_factory.mktemp("kept") / "ours.yaml"
    (home / "sites.yaml").rename(real)
    (home / "sites.yaml").symlink_to(real)
    add(home)
    assert (home / "sites.yaml").is_symlink()
    assert "luoyuan" in real.read_text("utf-8")
    assert [path.name for path in real.parent.iterdir()] == ["ours.yaml"]


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        (KEPT, "yunxi", r"sites.yaml:4: sites.yunxi: there is a site of this key already"),
        (KEPT, "云溪", r"--key '云溪': a site's key is made of letters"),
        (KEPT.replace("yunxi.example/news", "luoyuan.example/yw"), "x", r":7: .*columns\[0\]: this column is watched"),
        (KEPT.replace("www.yunxi.example/news/", "luoyuan.example:80/yw/index.html"), "x", "watched already"),
        ("sites: {}\n", "x", r"sites.yaml:1: sites: the entries .* nothing was written, put the entry in by hand"),
        ("sites:\n  a:\n    columns: [http://a.example/]\n    name: |\n      甲", "x", "would change what"),
        ("sites:\n  a:\n    columns: [http://a.example/]\n    name: |+\n      甲\n\n", "x", "would change what"),
        ("contact: x\n...\n", "x", "there is no `sites:` section"),
        ("sites:\n  a: {name: 甲, columns: [http://a.example/], delay: soon}\n", "x", "sites.a.delay"),
        ("defaults: {dealy: 3}\nsites:\n", "x", r"no entry fits in here \(1: defaults.dealy: .* nothing was written"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_leaves_the_file_as_it_was(home: Path, text: str, key: str, said: str) -> None:
    path = home / "sites.yaml"
    path.write_text(text, "utf-8")
    before = (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
    with pytest.raises(ConfigError, match=said):
        add(home, key)
    assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) == before
    assert left_behind(home) == []


def test_a_site_of_another_column_of_the_host_may_be_added(home: Path) -> None:
    check_free(load_catalogue(home), "yunxi2", ["http://www.yunxi.example/notices/"])
    add(home, "yunxi2", [("http://www.yunxi.example/notices/", "")])
    assert list(load_catalogue(home).sites) == ["yunxi", "yunxi2"]


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
def test_a_full_or_sealed_disk_is_told_with_the_file_s_name(
    home: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="nothing was changed") as told:
        add(home)
    assert told.value.filename == str(home / "sites.yaml")
    assert (home / "sites.yaml").read_text("utf-8") == KEPT
    assert left_behind(home) == []


def test_somebody_else_s_edit_in_between_is_not_lost(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home / "sites.yaml"
    real = os.fsync

    def edit(handle: int) -> None:
        path.write_text(KEPT + "# 刚刚加的\n", "utf-8")
        real(handle)

    monkeypatch.setattr(os, "fsync", edit)
    with pytest.raises(ConfigError, match="somebody else has just changed it"):
        add(home)
    assert path.read_text("utf-8") == KEPT + "# 刚刚加的\n"


def test_two_at_once_are_both_written(home: Path) -> None:
    def one(number: int) -> None:
        add(home, f"s{number}", [(f"http://s{number}.example/", "")])

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(load_catalogue(home).sites) == ["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "yunxi"]


def test_a_writer_that_does_not_end_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = FileLock(home / ".locks" / "sites")
    assert lock.acquire()
    monkeypatch.setattr(enrolment, "PATIENCE", 0.0)
    with pytest.raises(ConfigError, match="another `shixun sites add` is writing it"):
        add(home)
    lock.release()
    add(home)
