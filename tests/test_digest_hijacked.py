"""No digest links a page that was hijacked on its days or stands so at their end, whatever else is told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from drain_desk import HIJACKED, HOUR, TEXT, Desk, address, numbered, story

from monitor.deliver import alert
from monitor.deliver.alarms import Alarm
from monitor.digest.choose import choose
from monitor.digest.edition import Format, edition, render
from monitor.digest.html import link
from storage.records import Article, ChangeKind, china_day

DAY = timedelta(days=1)


def hijacked(said: Article) -> Article:
    return replace(said, flags=HIJACKED.flags, surface=HIJACKED.surface)


@pytest.fixture(params=["html", "md", "mail"])
def form(request: pytest.FixtureRequest) -> Format:
    said: Format = request.param
    return said


def links(text: str, url: str) -> bool:
    return f'href="{url}"' in text or f"<{url}>" in text or f"({url})" in text


def test_a_page_that_was_new_and_hijacked_on_one_day_is_not_linked(desk: Desk, form: Format) -> None:
    desk.visit(numbered(9, "a"), page="bad")
    desk.visit(hijacked(numbered(9, "a")), page="bad")
    desk.visit(numbered(5, "b"), page="good")
    desk.drain()
    digest = edition(desk.archive, china_day(desk.now), desk.now)
    for told in (digest, choose(digest, kinds=[ChangeKind.NEW])):
        text = render(told, form)
        assert not links(text, address("bad"))
        assert links(text, address("good"))


def test_an_original_that_stands_hijacked_is_not_linked_until_it_is_restored(desk: Desk, form: Format) -> None:
    first = story(*TEXT, title="云溪供暖部署")
    desk.visit(first, page="first")
    desk.visit(hijacked(first), page="first")
    desk.drain()
    desk.visit(story(*TEXT, title="云溪供暖部署", source="云溪"), page="copy", key="lanqiao", after=DAY)
    desk.drain()
    text = render(edition(desk.archive, china_day(desk.now), desk.now), form)
    assert not links(text, address("first"))
    assert links(text, address("copy", "lanqiao"))
    desk.visit(first, page="first", after=HOUR)
    desk.visit(story(*TEXT, title="云溪供暖部署", source="云溪"), page="2", key="shiquan", after=DAY)
    desk.drain()
    assert links(render(edition(desk.archive, china_day(desk.now), desk.now), form), address("first"))


def test_an_alert_of_a_page_that_was_hijacked_since_does_not_link_it(desk: Desk) -> None:
    desk.visit(numbered(9, "a"), page="bad")
    desk.drain()
    (new,) = desk.log()
    alarms = [(new, Alarm(new.id, ("watchword",), ("供暖",)))]
    assert link(new.url) == new.url
    for safe, seen in (((), True), ((new.url,), False)):
        told = alert.told(alarms, 0, {}, {}, "zh", safe)
        assert [new.url in text for text in (told.text, told.page)] == [seen, seen]
        assert (new.url in alert.lines(alarms, 0, {}, {}, "zh", safe)) is seen
