"""The digest as the contract's JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from digest_sample import DAY, HOSTILE_TITLE, SITES, empty_day, small_day, url

from monitor.digest.asjson import digest_json, render
from monitor.digest.choose import choose
from monitor.tell import as_json
from storage.records import ChangeKind


def test_keys_are_the_contracts_in_its_order() -> None:
    told = json.loads(render(small_day()))
    keys = ["day", "generated_at", "sites", "counts", "stories", "changes", "keywords", "health", "reprints"]
    keys += ["backdated", "foremost", "lines", "days"]
    assert list(told) == keys
    assert told["day"] == "2026-11-22"
    assert told["generated_at"] == "2026-11-23T08:00:00+08:00"
    assert told["sites"] == SITES
    assert list(told["counts"]) == [kind.value for kind in ChangeKind]
    assert list(told["stories"][0]) == ["title", "articles"]
    assert list(told["stories"][0]["articles"][0]) == ["site", "url", "title", "published_at"]
    assert told["keywords"][0] == {"word": "二桥", "score": 75.0, "usual": 1.2, "held": True}
    health = ["site", "last_success_at", "failures", "stale_columns", "note"]
    assert list(told["health"][0])[:5] == health
    assert told["health"][1]["week"] == {"visits": 140, "failures": 19}
    assert (told["health"][1]["dead_links"], told["health"][1]["tampered"]) == (3, 1)


def test_changes_are_told_as_the_change_log_tells_them_in_the_order_they_happened() -> None:
    digest = small_day()
    told = digest_json(digest)["changes"]
    assert told == [as_json(change) for change in digest.changes]
    assert isinstance(told, list)
    assert [change["detected_at"] for change in told] == sorted(change["detected_at"] for change in told)


def test_story_has_every_printing() -> None:
    told = json.loads(render(small_day()))["stories"]
    assert [article["url"] for article in told[0]["articles"]] == [
        url("lanqiao", "bridge"), url("yunxi", "bridge-copy"), url("shiquan", "bridge-copy"),
    ]  # fmt: skip
    assert told[0]["articles"][0]["published_at"] == "2026-11-22T07:30:00+08:00"


def test_hostile_words_are_data_and_stand_as_they_are() -> None:
    assert HOSTILE_TITLE in [story["title"] for story in json.loads(render(small_day()))["stories"]]


def test_health_is_in_china_time_or_null() -> None:
    told = {health["site"]: health for health in json.loads(render(small_day()))["health"]}
    assert told["yunxi"]["last_success_at"] == "2026-11-22T23:40:00+08:00"
    assert told["shiquan"]["last_success_at"] is None
    assert told["wenxin"]["stale_columns"] == ["http://wenxin.example/notice/"]


def test_empty_day_counts_nought() -> None:
    told = json.loads(render(empty_day()))
    assert set(told["counts"].values()) == {0}
    assert (told["stories"], told["changes"], told["keywords"]) == ([], [], [])


def test_what_a_chosen_digest_and_a_week_are_narrowed_to_is_told() -> None:
    assert not {"chosen", "until"} & digest_json(small_day()).keys()
    told = digest_json(choose(small_day(), ["yunxi"], [ChangeKind.EDITED]))
    assert told["chosen"] == {"sites": ["yunxi"], "kinds": ["edited"], "least_weight": 0.0, "words": []}
    assert digest_json(replace(small_day(), last=DAY + timedelta(days=6)))["until"] == "2026-11-28"
