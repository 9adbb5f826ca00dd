"""The crawl's manners one by one: waits, paces, whole answers."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import Request, Response

from crawler import settings
from crawler.middlewares import FIRST_WAIT, LONGEST_WAIT, LOOPBACK_WAIT, WholeBodyMiddleware, retry_wait
from crawler.sites import Site
from crawler.slots import slots_of

CITY = "http://www.yunxi.example/xw/1.html"
HERE = "http://127.0.0.1:8900/xw/1.html"


@pytest.mark.parametrize(
    ("url", "attempt", "retry_after", "wait"),
    [
        (CITY, 1, None, FIRST_WAIT),
        (CITY, 2, None, 2 * FIRST_WAIT),
        (CITY, 3, "", 4 * FIRST_WAIT),
        (CITY, 9, None, LONGEST_WAIT),
        (CITY, 1, " 7 ", 7.0),
        (CITY, 1, "0", 0.0),
        (CITY, 1, "15", LONGEST_WAIT),
        (CITY, 1, "16", None),
        (CITY, 1, "3600", None),
        (CITY, 1, "Fri, 20 Nov 2026 00:30:00 GMT", None),
        (CITY, 1, "-1", None),
        # A digit in Unicode's eyes, and no number in Python's.
        (CITY, 1, "²", None),
        (HERE, 1, None, LOOPBACK_WAIT),
        (HERE, 2, "3600", None),
    ],
)
def test_how_long_is_waited_before_a_retry(url: str, attempt: int, retry_after: str | None, wait: float | None) -> None:
    assert retry_wait(url, attempt, retry_after, 0.5) == wait


@given(st.integers(1, 50), st.one_of(st.none(), st.text(max_size=12)), st.floats(0, 1))
def test_no_wait_is_longer_than_promised(attempt: int, retry_after: str | None, chance: float) -> None:
    wait = retry_wait(CITY, attempt, retry_after, chance)
    assert wait is None or 0 <= wait <= LONGEST_WAIT * 1.5


def site(*columns: str, delay: float | None = None, hosts: tuple[str, ...] = ()) -> Site:
    return Site(key="yunxi", name="云溪", columns=columns, delay=delay, hosts=hosts)


def test_every_host_of_a_site_is_asked_at_the_sites_pace() -> None:
    slots = slots_of([site(CITY, delay=5, hosts=("news.yunxi.example:8080",))], 1.0)
    for host in ("www.yunxi.example", "yunxi.example", "news.yunxi.example"):
        assert slots[host] == {"concurrency": 1, "delay": 5.0}


@pytest.mark.parametrize(
    ("sites", "delay"),
    [
        ([site(CITY)], 1.0),
        ([site(CITY, delay=0.5)], 0.5),
        ([site(CITY, delay=3), site("http://yunxi.example/gg/")], 3.0),
        ([site(CITY, delay=0.5), site("http://yunxi.example/gg/")], 1.0),
    ],
)
def test_of_two_sites_on_a_host_the_slower_pace_holds(sites: list[Site], delay: float) -> None:
    assert slots_of(sites, 1.0)["www.yunxi.example"]["delay"] == delay


def test_this_machine_needs_no_sparing_unless_it_is_asked_for() -> None:
    assert slots_of([site(HERE)], 1.0)["127.0.0.1"]["delay"] == 0.0
    assert slots_of([site(HERE, delay=2)], 1.0)["127.0.0.1"]["delay"] == 2.0


def test_a_delay_is_not_shortened_by_chance() -> None:
    # Scrapy's jitter shortens about one wait in eight: a crawl of a few pages would mostly not show it.
    assert settings.DOWNLOAD_DELAY_JITTER == 0


PAGE = b"".join(b"<p>%d</p>" % (number * number) for number in range(5000))
PACKED = gzip.compress(PAGE)


def answer(body: bytes, encoding: str | None = "gzip", most: int = 0) -> Response:
    request = Request(CITY, meta={"download_maxsize": most})
    headers = {"Content-Encoding": encoding} if encoding else {}
    return WholeBodyMiddleware().process_response(request, Response(CITY, headers=headers, body=body))


@given(st.integers(1, len(PACKED) - 9))
def test_a_gzip_body_that_breaks_off_anywhere_is_no_answer(length: int) -> None:
    with pytest.raises(ResponseDataLossError):
        answer(PACKED[:length])


@pytest.mark.parametrize(
    ("body", "encoding", "most"),
    [
        (PACKED, "gzip", 0),
        (PACKED, " X-GZIP ", 0),
        (PACKED + b"\0\0", "gzip", 0),
        (PACKED[:-8] + bytes(8), "gzip", 0),
        (b"", "gzip", 0),
        (PACKED[:100], None, 0),
        (zlib.compress(PAGE)[:100], "deflate", 0),
        # Too large is Scrapy's to say, which stops unpacking there as well.
        (gzip.compress(bytes(10_000_000))[:-20], "gzip", 4000),
    ],
    ids=["whole", "another name", "bytes behind", "wrong sum", "empty", "not packed", "not gzip", "too large"],
)
def test_other_answers_are_left_alone(body: bytes, encoding: str | None, most: int) -> None:
    assert answer(body, encoding, most).body == body
