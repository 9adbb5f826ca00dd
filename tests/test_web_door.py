"""Who may come in: names, token, passes, and how often."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.web.door import DAYS_IN, Door, OpenDoor, bare_host
from monitor.web.pace import MOST_CLIENTS, Pace, whose

TOKEN = "correct-horse-battery"
DAY = 86_400


@pytest.mark.parametrize(
    "header",
    ["127.0.0.1", "127.0.0.1:8765", "localhost:80", "LOCALHOST", "[::1]:8765", "127.9.9.9", "pages.localhost:1"],
)
def test_names_of_this_machine_are_known(header: str) -> None:
    assert Door.at("127.0.0.1").knows(header)


@pytest.mark.parametrize(
    "header",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil.example:127",
        "192.168.1.5",
        "127.0.0.1@evil.example",
        "127.0.0.1:80:90",
        "127.0.0.1:evil",
        "127.0.0.1:²",
        "[::1",
        "[::1]evil",
        "",
        None,
        "0.0.0.0",
        "2130706433",
    ],
)
def test_other_names_are_not(header: str | None) -> None:
    assert not Door.at("127.0.0.1").knows(header)


def test_configured_names_are_known_with_any_port_and_case_and_final_dot() -> None:
    door = Door.at("0.0.0.0", ["Archive.Example.CN"], TOKEN)
    assert door.knows("archive.example.cn:443")
    assert door.knows("ARCHIVE.example.cn.")
    assert not door.knows("other.archive.example.cn")
    assert not door.knows("0.0.0.0:8765")


@given(st.text(max_size=40))
def test_any_header_has_a_bare_name_or_none(header: str) -> None:
    name = bare_host(header)
    assert name is None or (name and name == name.lower() and not set(name) & set("/\\@?# \t"))


@pytest.mark.parametrize(
    ("host", "hosts"), [("0.0.0.0", []), ("::", []), ("192.168.1.5", []), ("127.0.0.1", ["archive.example.cn"])]
)
def test_whoever_can_be_reached_by_others_needs_a_token(host: str, hosts: list[str]) -> None:
    with pytest.raises(OpenDoor):
        Door.at(host, hosts)
    with pytest.raises(OpenDoor):
        Door.at(host, hosts, "")
    with pytest.raises(OpenDoor):
        Door.at(host, hosts, "x" * 15)
    assert Door.at(host, hosts, TOKEN).token == TOKEN


def test_this_machine_needs_none() -> None:
    for host in ("127.0.0.1", "localhost", "::1", "[::1]", "127.0.0.7"):
        assert Door.at(host, ["localhost"]).token is None


def test_the_token_and_nothing_like_it_is_admitted() -> None:
    door = Door.at("0.0.0.0", [], TOKEN)
    assert door.admits(TOKEN)
    for wrong in ("", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "口令", "\ud800"):
        assert not door.admits(wrong)
    assert not Door.at("127.0.0.1").admits("")


def test_a_pass_is_honoured_until_it_ends_and_with_its_own_token_alone() -> None:
    door, now = Door.at("0.0.0.0", [], TOKEN), 1_800_000_000.0
    given_pass = door.pass_for(now)
    assert TOKEN not in given_pass
    assert door.honours(given_pass, now)
    assert door.honours(given_pass, now + DAYS_IN * DAY - 1)
    assert not door.honours(given_pass, now + DAYS_IN * DAY)
    assert not Door.at("0.0.0.0", [], TOKEN + "2").honours(given_pass, now)


def test_a_pass_that_was_altered_is_not_honoured() -> None:
    door, now = Door.at("0.0.0.0", [], TOKEN), 1_800_000_000.0
    until, _, seal = door.pass_for(now).partition(".")
    later = f"{int(until) + DAY}.{seal}"
    for forged in (later, until, f"{until}.", f".{seal}", f"{until}.{seal[:-1]}", f"²{until}.{seal}", "", "x" * 10_000):
        assert not door.honours(forged, now), forged
    assert not Door.at("127.0.0.1").honours(door.pass_for(now), now)


def test_a_client_has_its_minute_at_once_and_then_an_even_share() -> None:
    now = [0.0]
    pace = Pace(60, lambda: now[0])
    assert [pace.wait("a") for _ in range(60)] == [0.0] * 60
    assert pace.wait("a") == pytest.approx(1.0)
    assert pace.wait("b") == 0.0
    now[0] = 1.0
    assert pace.wait("a") == 0.0
    assert pace.wait("a") > 0
    now[0] = 10_000.0
    assert [pace.wait("a") for _ in range(61)][-2:] == [0.0, pytest.approx(1.0)]


def test_very_many_clients_are_not_all_remembered() -> None:
    pace = Pace(1, lambda: 0.0)
    assert pace.wait("first") == 0.0
    assert pace.wait("first") > 0
    for number in range(MOST_CLIENTS):
        pace.wait(f"client {number}")
    assert pace.wait("first") == 0.0


def test_an_ipv6_network_is_one_client() -> None:
    assert whose("2001:db8:1:2::1") == whose("2001:db8:1:2:ffff::9") != whose("2001:db8:1:3::1")
    assert whose("::ffff:192.0.2.1") == whose("192.0.2.1") != whose("192.0.2.2")
    assert whose("testclient") == "testclient"
