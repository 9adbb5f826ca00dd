"""The made city over real HTTP on loopback: rounds, validators, politeness, and what a careless visitor may do."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator

import pytest

from storage.demo import City, CityServer, sites_yaml
from storage.demo.__main__ import main
from storage.records import ChangeKind


@pytest.fixture(scope="module")
def city() -> City:
    return City()


@pytest.fixture
def server(city: City) -> Iterator[CityServer]:
    with CityServer(city) as serving:
        yield serving


def ask(
    server: CityServer, key: str, path: str, method: str = "GET", body: str | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """One request on a connection of its own; header names with underscores for hyphens."""
    connection = http.client.HTTPConnection("127.0.0.1", int(server.base(key).rpartition(":")[2]), timeout=10)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def test_it_serves_the_city_s_bytes_and_counts_visits(city: City, server: CityServer) -> None:
    bodies = [ask(server, "tangting", "/a/xinwen/")[2] for _ in range(3)]
    assert bodies == [city.page("tangting", "/a/xinwen/", 1, visit).body for visit in (1, 2, 3)]
    assert server.requests_to("tangting", "/a/xinwen/") == 3
    assert server.requests_to("qichuan", "/a/xinwen/") == 0


def test_a_round_advances_every_site_at_once(city: City, server: CityServer) -> None:
    new = next(each for each in city.truth(2) if each.kind is ChangeKind.NEW)
    assert ask(server, new.site, new.path)[0] == 404
    server.round = 2
    assert ask(server, new.site, new.path)[0] == 200
    with pytest.raises(ValueError, match="round 7"):
        server.round = 7
    assert server.round == 2


@pytest.mark.parametrize(
    ("key", "sent", "asked"), [("jiaoyu", "ETag", "If_None_Match"), ("xueyuan", "Last-Modified", "If_Modified_Since")]
)
def test_a_page_that_stands_still_answers_304(server: CityServer, key: str, sent: str, asked: str) -> None:
    path = server.city.articles(key)[0].states[0].path  # type: ignore[union-attr]
    status, headers, _ = ask(server, key, path)
    assert status == 200
    again = ask(server, key, path, **{asked: headers[sent]})
    assert (again[0], again[2]) == (304, b"")
    assert again[1][sent] == headers[sent]


def test_a_real_change_is_never_hidden_by_304(city: City, server: CityServer) -> None:
    marked = {site.key for site in city.sites if site.validators != "none"}
    for round_ in range(2, city.rounds + 1):
        for each in city.truth(round_):
            if each.site not in marked or each.kind in (ChangeKind.NEW, ChangeKind.REDESIGNED):
                continue
            server.round = round_ - 1
            _, before, _ = ask(server, each.site, each.path)
            server.round = round_
            known = {"If_None_Match": before.get("ETag", ""), "If_Modified_Since": before.get("Last-Modified", "")}
            status = ask(server, each.site, each.path, **{name: value for name, value in known.items() if value})[0]
            assert status != 304, each


def test_some_sites_send_no_validators_and_all_can_be_told_not_to(city: City, server: CityServer) -> None:
    assert not {"ETag", "Last-Modified"} & ask(server, "xinwen", "/yaowen/")[1].keys()
    assert {"ETag", "Last-Modified"} <= ask(server, "qichuan", "/zwyw/")[1].keys()
    with CityServer(city, validators=False) as bare:
        for site in bare.sites:
            assert not {"ETag", "Last-Modified"} & ask(bare, site.key, "/")[1].keys()


def test_robots_forbid_one_page_that_a_list_links_to(city: City, server: CityServer) -> None:
    key, path = city.forbidden
    status, _, body = ask(server, key, "/robots.txt")
    assert (status, f"Disallow: {path[:6]}" in body.decode()) == (200, True)
    assert ask(server, "jiaotong", "/robots.txt")[0] == 404
    assert path.rpartition("/")[2] in ask(server, key, "/tzgg/")[2].decode()
    assert server.forbidden_requests == 0
    assert ask(server, key, path)[0] == 200
    assert server.forbidden_requests == 1
    assert path not in {each.path for round_ in range(1, city.rounds + 1) for each in city.truth(round_)}


def test_head_tells_the_length_and_sends_nothing(server: CityServer) -> None:
    status, headers, body = ask(server, "qichuan", "/zwyw/", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 2000


def test_jcms_hands_out_more_records_to_a_post(city: City, server: CityServer) -> None:
    form = "columnid=1022&unitid=102207&webid=2&startrecord=1&endrecord=4&perpage=2"
    status, headers, body = ask(server, "wangxi", "/module/web/jpage/dataproxy.jsp", "POST", form)
    assert (status, headers["Content-Type"]) == (200, "text/xml;charset=utf-8")
    assert body.decode().count("<record><![CDATA[<li>") == 4
    assert ask(server, "wangxi", "/module/web/jpage/dataproxy.jsp", "POST", "columnid=9")[0] == 404


def test_one_connection_carries_many_requests_and_is_closed_with_the_city(city: City) -> None:
    with CityServer(city) as serving:
        connection = http.client.HTTPConnection("127.0.0.1", int(serving.base("ribao").rpartition(":")[2]), timeout=10)
        for _ in range(3):
            connection.request("GET", "/")
            assert b"html/2026-11/16/node_2.htm" in connection.getresponse().read()
        assert serving.requests_to("ribao", "/") == 3
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        _once_more(connection)
    connection.close()
    assert not [thread for thread in threading.enumerate() if "serve_forever" in thread.name]


def _once_more(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/")
    connection.getresponse()


def test_the_catalogue_names_every_column_by_its_address(server: CityServer) -> None:
    text = sites_yaml(server)
    assert text.startswith("sites:\n  qichuan:\n    name: 栖川市人民政府\n    columns:\n      - http://127.0.0.1:")
    columns = [line.removeprefix("      - ") for line in text.splitlines() if line.startswith("      - ")]
    assert len(columns) == sum(len(site.columns) for site in server.city.sites)
    for site in server.sites:
        assert f"http://127.0.0.1:{site.port}{site.columns[0].path}" in columns


def test_a_round_that_does_not_exist_is_refused_at_the_door(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--round", "9"])
    assert stopped.value.code == 2
    assert "--round is not one of 1 to 6" in capsys.readouterr().err
