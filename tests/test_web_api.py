"""The API asked over HTTP, from an archive with a day of everything in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient
from web_desk import HOSTILE_TITLE, WebDesk

from monitor import tell
from monitor.web.api import models
from storage.browsing import Wanted
from storage.errors import DatabaseLocked
from storage.records import ChangeKind, china_day


def items(web: TestClient, address: str) -> list[dict[str, Any]]:
    answer = web.get(address)
    assert answer.status_code == 200, answer.text
    found = answer.json()["items"]
    assert isinstance(found, list)
    return found


def walked(web: TestClient, address: str | None) -> Iterator[dict[str, Any]]:
    """All entries of a list, page by page."""
    for _ in range(100):
        if address is None:
            return
        page = web.get(address).json()
        yield from page["items"]
        address = page["next"]
    raise AssertionError("the list has no end")


def test_changes_have_the_contracts_shape(web: TestClient, web_desk: WebDesk) -> None:
    entry = web_desk.archive.browsing.changes(Wanted(kinds=[ChangeKind.EDITED]), limit=1)[0]
    told = web.get(f"/api/changes/{entry.change.id}").json()
    keys = tell.as_json(entry.change)
    assert {key: told[key] for key in keys} == keys
    assert set(told) - set(keys) == {"id", "article", "story"}
    assert told["article"] == entry.page_id


def test_the_whole_log_is_walked_by_its_next_links(web: TestClient, web_desk: WebDesk) -> None:
    all_of_them = [entry.change.id for entry in web_desk.archive.browsing.changes(Wanted(), limit=500)]
    assert len(all_of_them) > 14
    assert [one["id"] for one in walked(web, "/api/changes?limit=7")] == all_of_them


@pytest.mark.parametrize("path", ["sites/yunxi/articles", "stories", "articles/{page}/visits", "search?q=云溪"])
def test_every_list_is_walked_whole_and_nothing_twice(web: TestClient, web_desk: WebDesk, path: str) -> None:
    address = "/api/" + path.format(page=web_desk.page("hostile").id)
    joint = "&" if "?" in address else "?"
    one_by_one = list(walked(web, f"{address}{joint}limit=1"))
    assert one_by_one == items(web, f"{address}{joint}limit=200")
    assert one_by_one
    if not path.startswith("search"):
        assert web.get(f"{address}{joint}limit={len(one_by_one)}").json()["next"] is None


def test_what_is_there_is_answered_as_described(web: TestClient, web_desk: WebDesk) -> None:
    """Made-up ids seldom name anything; these do."""
    page, moved = web_desk.page("hostile").id, web_desk.archive.browsing.changes(Wanted(), limit=1)[0].change.id
    story = web_desk.archive.browsing.stories(limit=1)[0][0]
    described: dict[str, type[BaseModel]] = {
        f"changes/{moved}": models.Change,
        "sites/yunxi": models.Site,
        "sites/yunxi/columns": models.Columns,
        "sites/yunxi/responses": models.Responses,
        "sites/yunxi/articles": models.Articles,
        f"articles/{page}": models.Dossier,
        f"articles/{page}/visits": models.Visits,
        f"articles/{page}/versions": models.Versions,
        f"articles/{page}/versions/1": models.Version,
        f"articles/{page}/diff/1/2": models.Compared,
        f"stories/{story}": models.Story,
        f"days/{china_day(web_desk.now)}/digest": models.Digest,
        f"weeks/{china_day(web_desk.now)}/digest": models.Digest,
        "search?q=合龙": models.Hits,
    }
    for address, model in described.items():
        answer = web.get(f"/api/{address}")
        assert answer.status_code == 200, address
        model.model_validate_json(answer.content)


def test_changes_are_narrowed(web: TestClient, web_desk: WebDesk) -> None:
    found = items(web, "/api/changes?kind=removed&kind=tampered&site=yunxi")
    assert {one["kind"] for one in found} == {"removed", "tampered"}
    assert {one["site"] for one in found} == {"yunxi"}
    page = web_desk.page("hostile").id
    assert {one["article"] for one in items(web, f"/api/changes?article={page}")} == {page}
    assert items(web, "/api/changes?last_day=2020-01-01") == []
    heavy = items(web, "/api/changes?least_weight=0.5")
    assert heavy
    assert all(one["weight"] >= 0.5 for one in heavy)


def test_an_article_is_found_by_its_address_with_versions_texts_and_comparison(
    web: TestClient, web_desk: WebDesk
) -> None:
    page = web_desk.page("hostile")
    dossier = web.get("/api/articles", params={"url": page.url}).json()
    assert dossier == web.get(f"/api/articles/{page.id}").json()
    assert [card["number"] for card in dossier["history"]] == [1, 2]
    assert dossier["title"] == HOSTILE_TITLE
    version = web.get(f"/api/articles/{page.id}/versions/2").json()
    assert version["article"]["paragraphs"][0].endswith("正文第4165户。")
    text = web.get(f"/api/articles/{page.id}/versions/2/text")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert text.headers["x-content-type-options"] == "nosniff"
    assert len(text.text.splitlines()) == 3
    compared = web.get(f"/api/articles/{page.id}/diff/1/2").json()["change"]
    assert compared["facts"]["numbers"] == [["第4156户", "第4165户"]]
    assert web.get(f"/api/articles/{page.id}/diff/2/2").json()["change"] is None


def test_a_story_names_its_original_first(web: TestClient, web_desk: WebDesk) -> None:
    first = items(web, "/api/stories")[0]
    story = web.get(f"/api/stories/{first['id']}").json()
    assert [one["original"] for one in story["printings"]] == [True] + [False] * (len(first["pages"]) - 1)
    assert {one["article"] for one in story["printings"]} == {page["id"] for page in first["pages"]}


def test_sites_days_digest_health_and_status(web: TestClient, web_desk: WebDesk) -> None:
    assert [site["key"] for site in items(web, "/api/sites")] == ["lanqiao", "shiquan", "yunxi"]
    assert web.get("/api/sites/yunxi").json()["name"] == "云溪发布"
    today = china_day(web_desk.now)
    counted = items(web, "/api/days")
    assert sum(one["total"] for one in counted) == len(web_desk.archive.browsing.changes(Wanted(), limit=500))
    digest = web.get(f"/api/days/{today}/digest").json()
    assert digest["day"] == today.isoformat()
    assert sum(digest["counts"].values()) == len(digest["changes"]) > 0
    assert {one["site"] for one in items(web, "/api/health")} <= {"lanqiao", "shiquan", "yunxi"}
    assert web.get("/api/status").json()["counts"] == web_desk.archive.running.counts()


def test_a_search_gives_marks_that_fit_its_texts(web: TestClient) -> None:
    hit = items(web, "/api/search?q=合龙 kind:new")[0]
    marks = [snippet["text"][start:end] for snippet in hit["snippets"] for start, end in snippet["marks"]]
    assert set(marks) == {"合龙"}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("changes/999999", 404),
        ("changes?kind=nothing", 422),
        ("changes?limit=0", 422),
        ("changes?limit=201", 422),
        ("changes?cursor=!!", 422),
        ("changes?cursor=c3RvcmllcyA1", 422),  # "stories 5"
        ("changes?cursor=Y2hhbmdlcyA5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", 422),  # an id beyond every database's
        ("changes?site=nowhere", 404),
        ("changes?first_day=1700000000", 422),
        ("changes?least_weight=nan", 422),
        ("days?first_day=1990-01-01", 422),
        ("days/2099-01-01/digest", 404),
        ("days/2026-02-30/digest", 422),
        ("articles?url=http://x.example/", 404),
        ("articles/1/versions/99", 404),
        ("articles/1/diff/1/99", 404),
        ("stories/999", 404),
        ("sites/nowhere/columns", 404),
        ("search?q=%22open", 422),
        ("search", 422),
        ("search?q=a&cursor=c2VhcmNoIHg", 422),  # "search x"
        ("docs", 404),
        ("nothing", 404),
    ],
)
def test_what_cannot_be_answered_is_a_problem(web: TestClient, address: str, status: int) -> None:
    answer = web.get(f"/api/{address}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


def test_what_the_asker_has_is_not_sent_again(web: TestClient) -> None:
    first = web.get("/api/changes?limit=5")
    tag = first.headers["etag"]
    again = web.get("/api/changes?limit=5", headers={"if-none-match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert web.get("/api/changes?limit=6", headers={"if-none-match": tag}).status_code == 200
    assert first.links["next"]["url"] == first.json()["next"]


def test_head_is_get_without_a_body(web: TestClient) -> None:
    answer = web.head("/api/sites")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["etag"] == web.get("/api/sites").headers["etag"]


def test_an_archive_that_does_not_answer_says_nothing_of_itself(
    web_desk: WebDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise DatabaseLocked("/home/somebody/shixun.db is locked")

    monkeypatch.setattr(type(web_desk.archive.browsing), "change", locked)
    answer = web_desk.client().get("/api/changes/1")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "somebody" not in answer.text


def test_half_a_surrogate_pair_does_not_break_an_answer(web_desk: WebDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(web_desk.archive.running), "site_names", lambda _: {"a": "b"})
    monkeypatch.setattr("monitor.web.api.shapes.site", lambda card: {"key": card.key, "name": "\ud800x"})
    assert {site["name"] for site in items(web_desk.client(), "/api/sites")} == {"?x"}


def test_the_api_asks_for_the_token_as_the_pages_do(web_desk: WebDesk) -> None:
    client = web_desk.client(host="0.0.0.0", token="a-token-that-is-long-enough-0123456789")
    refused = client.get("/api/sites")
    assert (refused.status_code, refused.json()["detail"]) == (401, "a token is wanted")
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.headers["content-type"] == "application/problem+json"
    let_in = {"authorization": "Bearer a-token-that-is-long-enough-0123456789"}
    assert client.get("/api/sites", headers=let_in).status_code == 200


def test_the_index_names_every_address(web: TestClient) -> None:
    described = web.get("/api/openapi.json").json()
    assert web.get("/api/").json()["addresses"] == sorted("/api" + path for path in described["paths"])
    assert described["servers"] == [{"url": "/api"}]


def test_a_command_that_serves_nothing_loads_no_framework() -> None:
    code = "import sys, monitor.cli; assert not {'fastapi', 'feedgen', 'starlette'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
