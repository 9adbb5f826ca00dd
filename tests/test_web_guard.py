"""What stands in front of every page, asked over HTTP: names, methods, sizes, paces, the token, the headers."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from web_desk import BASE, WebDesk

from monitor.web.guard import ALWAYS, LARGEST_FORM, LARGEST_HEADERS, LONGEST_ADDRESS, TRIES_A_MINUTE
from storage.errors import DatabaseUnreachable

TOKEN = "a-token-that-nobody-guesses"
PERSON = {"accept": "text/html"}


def others(web_desk: WebDesk) -> TestClient:
    """Pages that others can reach too."""
    return web_desk.client(host="0.0.0.0", token=TOKEN, hosts=["archive.example.cn"])


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8765", "", "a b"])
def test_a_foreign_name_is_answered_by_nothing(web: TestClient, host: str) -> None:
    answer = web.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "市讯" not in answer.text


def test_a_configured_name_is_answered(web_desk: WebDesk) -> None:
    client = web_desk.client(token=TOKEN, hosts=["archive.example.cn"], address="https://www.archive.example.cn/x")
    for name in ("archive.example.cn", "www.archive.example.cn", "localhost:1"):
        assert client.get("/healthz", headers={"host": name}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/", "/healthz", "/snapshot/1/1", "/nothing"])
def test_only_reading(web: TestClient, method: str, path: str) -> None:
    answer = web.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_head_says_what_a_get_does_and_no_more(web: TestClient) -> None:
    answer = web.head("/healthz")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/search?q=" + "a" * LONGEST_ADDRESS, {}, 414),
        ("/" + "a" * LONGEST_ADDRESS, {}, 414),
        ("/", {"x-long": "a" * LARGEST_HEADERS}, 431),
        ("/", {f"x-{number}": "a" for number in range(80)}, 431),
        ("/?q=%00", {}, 400),
        ("/day/%00", {}, 400),
        ("/day/%0d%0aset-cookie:a=b", {}, 400),
    ],
)
def test_what_is_too_much_is_refused(web: TestClient, path: str, headers: dict[str, str], status: int) -> None:
    assert web.get(path, headers=headers).status_code == status


def test_another_sites_page_can_go_here_but_load_nothing_from_here(web: TestClient) -> None:
    loading = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    going = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert web.get("/healthz", headers=loading).status_code == 403
    assert web.get("/healthz", headers=going).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/healthz", "/enter", "/static/app.js", "/static/none", "/article/999999999", "/day/x"]
)
def test_every_answer_has_the_headers(web: TestClient, path: str) -> None:
    for answer in (web.get(path), web.post(path, content=b""), web.get(path, headers={"host": "evil.example"})):
        for name in ALWAYS:
            assert name in answer.headers, (path, name)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]


def test_a_fault_is_told_to_the_log_and_not_to_the_reader(
    web_desk: WebDesk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(type(web_desk.archive.browsing), "dossier", broken)
    answer = web_desk.client().get("/article/1")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers
    assert "secret of the house" in caplog.text


def test_an_archive_that_does_not_answer_is_said_so(
    web_desk: WebDesk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise DatabaseUnreachable("cannot open /srv/private/shixun.db")

    monkeypatch.setattr(type(web_desk.archive.browsing), "dossier", away)
    answer = web_desk.client().get("/article/1")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert "private" not in answer.text
    assert "private" in caplog.text


def test_a_client_that_asks_too_often_waits(web_desk: WebDesk) -> None:
    client = web_desk.client(requests_per_minute=5)
    assert [client.get("/healthz").status_code for _ in range(6)] == [200] * 5 + [429]
    assert 1 <= int(client.get("/healthz").headers["retry-after"]) <= 60


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/article/1", "/snapshot/1/1", "/day/2026-11-20.json", "/staticx", "/enterx"]
)
def test_others_need_the_token_for_everything(web_desk: WebDesk, path: str) -> None:
    client = others(web_desk)
    assert client.get(path).status_code == 401
    person = client.get(path, headers=PERSON)
    assert (person.status_code, person.headers["cache-control"]) == (303, "no-store")
    assert person.headers["location"].startswith("/enter?next=%2F")
    for wrong in ("Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer", "Bearer ü".encode("latin-1")):
        assert client.get(path, headers={"authorization": wrong}).status_code == 401


def test_the_token_opens(web_desk: WebDesk) -> None:
    assert others(web_desk).get("/article/1", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_what_needs_no_token_tells_nothing_of_the_archive(web_desk: WebDesk) -> None:
    client = others(web_desk)
    for path in ("/healthz", "/enter", "/static/app.js", "/static/app.zh.css"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "云溪" not in answer.text


def test_a_person_enters_once_and_is_led_on(web_desk: WebDesk) -> None:
    client = others(web_desk)
    led = client.get("/day/2026-11-20?lang=en", headers=PERSON).headers["location"]
    assert client.get(led).status_code == 200
    entered = client.post("/enter", data={"token": TOKEN, "next": "/day/2026-11-20?lang=en"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/day/2026-11-20?lang=en")
    cookie = entered.headers["set-cookie"]
    assert TOKEN not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert client.get("/article/1").status_code == 200
    later = TestClient(replace(web_desk, now=web_desk.now + timedelta(days=31)).app(host="0.0.0.0", token=TOKEN), BASE)
    later.cookies = client.cookies
    assert later.get("/article/1").status_code == 401


def test_behind_a_proxy_that_speaks_https_the_pass_goes_no_other_way(web_desk: WebDesk) -> None:
    client = web_desk.client(host="0.0.0.0", token=TOKEN, address="https://archive.example.cn/")
    assert "Secure" in client.post("/enter", data={"token": TOKEN}).headers["set-cookie"]


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/\\evil.example/", "/%5Cevil.example/", "/%2Fevil.example/", "/a\u0085b"]
)
def test_no_address_here_names_another_host_or_writes_to_a_terminal(web: TestClient, path: str) -> None:
    answer = web.get(BASE + path)
    assert answer.status_code == 400
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "/\\evil.example", "http://evil.example", "javascript:alert(1)", "/a b"]
)
def test_entering_leads_to_this_site_alone(web_desk: WebDesk, wanted: str) -> None:
    entered = others(web_desk).post("/enter", data={"token": TOKEN, "next": wanted})
    assert entered.headers["location"] == "/"


def test_a_wrong_token_is_told_and_may_not_be_guessed_for_long(
    web_desk: WebDesk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = others(web_desk)
    tried = [client.post("/enter", data={"token": f"guess{number}"}) for number in range(TRIES_A_MINUTE + 1)]
    assert [answer.status_code for answer in tried] == [403] * TRIES_A_MINUTE + [429]
    assert "口令不对" in tried[0].text
    assert "set-cookie" not in tried[0].headers
    assert client.post("/enter", data={"token": TOKEN}).status_code == 429
    client.get("/", headers={"authorization": f"Bearer {TOKEN}"})
    assert TOKEN not in caplog.text
    assert "guess" not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("monitor"))


def test_a_program_may_not_guess_for_long_either(web_desk: WebDesk) -> None:
    def asked(token: str) -> int:
        return client.get("/article/1", headers={"authorization": f"Bearer {token}"}).status_code

    client = others(web_desk)
    assert [asked(TOKEN) for _ in range(TRIES_A_MINUTE + 2)] == [200] * (TRIES_A_MINUTE + 2)
    assert [asked(f"guess{number}") for number in range(TRIES_A_MINUTE + 1)] == [401] * TRIES_A_MINUTE + [429]
    assert asked(TOKEN) == 429
    assert client.post("/enter", data={"token": TOKEN}).status_code == 429


def test_the_form_takes_no_more_than_it_holds(web_desk: WebDesk) -> None:
    answer = others(web_desk).post("/enter", content=b"token=" + b"a" * LARGEST_FORM)
    assert answer.status_code == 413


def test_the_style_is_kept_by_browsers_and_asked_for_again_when_it_changed(web: TestClient) -> None:
    page = web.get("/enter").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    first = web.get(address)
    assert "immutable" in first.headers["cache-control"]
    assert web.get(address, headers={"if-none-match": first.headers["etag"]}).status_code == 304
    assert "immutable" not in web.get(address.partition("?")[0]).headers["cache-control"]
