"""Attachments kept by hash, without a network: which files a visit asks for, and what their answers mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from json import dumps
from pathlib import Path

import pytest
from crawl_server import story
from scrapy.http import Response

from crawler.attachments import MOST_FILES, files_after, files_to_ask, is_replaced
from crawler.lessons import read_kept
from crawler.pipeline import file_visit
from crawler.sites import Site, load_catalogue
from crawler.yamlfile import ConfigError
from monitor.compare.difference import difference
from storage.attachments import FileVisit, KeptFile
from storage.records import Article, Attachment, PageKind, Role, Version, Visit

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
SITE = Site(key="yunxi", name="云溪", columns=("http://www.yunxi.example/xw/",), attachments="keep")
URL = "http://www.yunxi.example/xw/1.html"
FILES = tuple(f"http://www.yunxi.example/xw/{name}.pdf" for name in "abc")
OFFERING = Article(PageKind.ARTICLE, title="通知", attachments=tuple(Attachment(url, url[-5:]) for url in FILES))
VISIT = Visit("yunxi", URL, Role.ARTICLE, NOW, "r", status=200, article=OFFERING, body=b"x")
KEPT = (
    KeptFile(FILES[0], "1" * 64, checked_at=NOW - timedelta(hours=23)),
    KeptFile(FILES[1], "2" * 64, '"e"', checked_at=NOW - timedelta(days=3)),
)
LATEST = Version("yunxi", URL, 1, NOW, "f", OFFERING, files=KEPT)


def asked(visit: Visit, site: Site = SITE, *, every: bool = False) -> list[str]:
    return [file.url for file in files_to_ask(site, visit, KEPT, every=every)]


@pytest.mark.parametrize(
    ("visit", "every", "wanted"),
    [
        (VISIT, False, [FILES[2], FILES[1]]),
        (VISIT, True, [FILES[2], FILES[1], FILES[0]]),
        (replace(VISIT, status=304, article=None), False, [FILES[1]]),
        (replace(VISIT, status=404), True, []),
        (replace(VISIT, status=None, article=None), True, []),
        (replace(VISIT, role=Role.COLUMN), True, []),
        (replace(VISIT, article=replace(OFFERING, kind=PageKind.EMPTY)), True, []),
    ],
)
def test_which_files_a_visit_asks_for(visit: Visit, every: bool, wanted: list[str]) -> None:
    assert asked(visit, every=every) == wanted


def test_what_is_not_the_sites_own_and_what_it_does_not_keep_is_not_asked_for() -> None:
    odd = (
        "http://other.example/a.pdf",
        "http://www.yunxi.example/" + "长" * 900,
        "ftp://www.yunxi.example/a",
        "http://[::1",
    )
    offered = replace(OFFERING, attachments=tuple(Attachment(url, "x") for url in odd))
    assert asked(replace(VISIT, article=offered)) == []
    assert asked(VISIT, SITE.model_copy(update={"attachments": "list"})) == []
    many = tuple(Attachment(f"http://www.yunxi.example/{n}.pdf", "x") for n in range(99))
    assert len(asked(replace(VISIT, article=replace(OFFERING, attachments=many)))) == MOST_FILES


@pytest.mark.parametrize(
    ("seen", "hash_after", "replaced"),
    [
        (FileVisit(FILES[1], NOW, hash="3" * 64), "3" * 64, True),
        (FileVisit(FILES[1], NOW, hash="2" * 64), "2" * 64, False),
        (FileVisit(FILES[1], NOW, error="404"), "2" * 64, False),
    ],
)
def test_what_an_answer_means(seen: FileVisit, hash_after: str, replaced: bool) -> None:
    after = files_after(replace(VISIT, files=(seen,)), LATEST)
    assert [(file.url, file.hash, file.checked_at) for file in after] == [
        (FILES[0], "1" * 64, KEPT[0].checked_at),
        (FILES[1], hash_after, NOW),
    ]
    assert is_replaced(after, LATEST) is replaced


def test_a_version_that_is_read_again_keeps_the_hashes_of_its_files() -> None:
    body = story("关于公布目录的通知", "现将目录予以公布，请遵照执行。", '<a href="a.pdf">附件.pdf</a>')
    kept = replace(LATEST, body_hash="b", files=KEPT[:1])
    again = read_kept(kept, None, {"b": body}.get)
    assert again.article.attachments == (Attachment(FILES[0], "附件.pdf", "1" * 64),)
    assert again.files == KEPT[:1]


@pytest.mark.parametrize(
    ("kind", "body", "error"),
    [
        ("application/pdf", b"%PDF-1.7", None),
        ("application/octet-stream", b"PK\x03\x04 <html>", None),
        ("", b"\xd0\xcf\x11\xe0", None),
        # What an office program saves as HTML under the name of a table is the file.
        (
            "application/vnd.ms-excel",
            b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table></table></html>',
            None,
        ),
        ("text/plain", "<目录>".encode(), None),
        ("text/html", b"%PDF-1.7", "not a file: text/html"),
        ("application/pdf", b"", "not a file: application/pdf"),
        ("application/octet-stream", "\ufeff\r\n<!DOCTYPE html><p>文件不存在".encode(), "not a file: a page"),
        ("application/pdf", b"<script>location.href='/'</script>", "not a file: a page"),
        ("", b"<html><head></head></html>", "not a file: a page"),
        ("application/json;charset=UTF-8", b'{"code":404}', "not a file: application/json"),
    ],
)
def test_which_answers_are_a_file(kind: str, body: bytes, error: str | None) -> None:
    seen = file_visit(Response(FILES[0], headers={"Content-Type": kind} if kind else {}, body=body), KeptFile(FILES[0]))
    assert (seen.error, seen.hash) == (error, None if error else sha256(body).hexdigest())


def test_a_file_kept_for_the_first_time_replaces_nothing() -> None:
    after = files_after(replace(VISIT, files=(FileVisit(FILES[2], NOW, hash="3" * 64),)), LATEST)
    assert after[2].hash == "3" * 64
    assert not is_replaced(after, LATEST)
    assert not is_replaced(after, None)


OLD, NEW = (Attachment(f"http://www.yunxi.example/{name}.pdf", "下载", name * 8) for name in "ab")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ((OLD,), (replace(OLD, hash="c" * 8),), [("下载 (aaaaaaaa)", "下载 (cccccccc)")]),
        # Two files of one name are told apart by their addresses.
        ((OLD, NEW), (replace(OLD, hash="c" * 8), NEW), [("下载 (aaaaaaaa)", "下载 (cccccccc)")]),
        ((OLD,), (replace(OLD, hash=None),), []),
        ((replace(OLD, hash=None),), (OLD,), []),
        ((OLD,), (NEW,), [("下载(a.pdf)", "下载(b.pdf)")]),
        # The same bytes under another address are the same file.
        ((OLD,), (replace(NEW, hash=OLD.hash),), []),
    ],
)
def test_what_is_told_of_files(
    before: tuple[Attachment, ...], after: tuple[Attachment, ...], told: list[tuple[str, str]]
) -> None:
    old, new = (replace(OFFERING, attachments=files) for files in (before, after))
    found = difference(old, new)
    assert [(edit.before, edit.after) for edit in (found.edits if found else ())] == told


@pytest.mark.parametrize(("own", "kept"), [({}, "keep"), ({"attachments": "list"}, "list")])
def test_keeping_is_a_sites_own_choice_or_the_default_for_all(tmp_path: Path, own: dict[str, str], kept: str) -> None:
    sites = {"yunxi": {"name": "云溪", "columns": ["http://www.yunxi.example/"], **own}}
    (tmp_path / "sites.yaml").write_text(dumps({"defaults": {"attachments": "keep"}, "sites": sites}), "utf-8")
    site = load_catalogue(tmp_path).sites["yunxi"]
    assert (site.attachments, site.limits.attachment_bytes) == (kept, 20_000_000)


def test_another_choice_is_told_with_what_there_is(tmp_path: Path) -> None:
    sites = {"yunxi": {"name": "云溪", "columns": ["http://www.yunxi.example/"], "attachments": "yes"}}
    (tmp_path / "sites.yaml").write_text(dumps({"sites": sites}), "utf-8")
    with pytest.raises(ConfigError, match=r"attachments: must be one of list, keep \(it says 'yes'\)"):
        load_catalogue(tmp_path)
