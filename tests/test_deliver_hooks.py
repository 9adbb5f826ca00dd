"""Chat hooks through the kept library, against a real server on loopback that answers as robots do."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator

import pytest
from chat_robot import KEY, Robot, listening

from monitor.deliver import hooks
from monitor.deliver.addresses import read_address
from monitor.deliver.outcome import Doubtful, Held, Refused

TOKEN = "a1" * 32


@pytest.fixture
def robot() -> Iterator[Robot]:
    with listening() as server:
        yield server


def send(robot: Robot, text: str = "一行") -> list[str]:
    """Send, and what was marked."""
    marks: list[str] = []
    hooks.send(read_address(robot.hook), "市讯", text, lambda: marks.append("handed over"))
    return marks


def test_a_chat_hears_it_as_it_was_written(robot: Robot) -> None:
    text = "1. 【撤下】云溪 ＜b＞不&amp;是<b>标签</b>\n2. 第二行"
    assert send(robot, text) == ["handed over"]
    (told,) = robot.told
    assert (told["title"], told["message"]) == ("市讯", text)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((200, '{"errcode": 0}'), None),
        ((200, '{"code": 200, "message": "success"}'), None),
        ((200, "not json"), None),
        ((200, "[1]"), None),
        ((204, ""), None),
        ((200, '{"errcode": 93000, "errmsg": "invalid webhook url"}'), Held),
        ((200, '{"code": 19021, "msg": "sign match fail"}'), Held),
        ((200, '{"errcode": 45009, "errmsg": "api freq out of limit"}'), Held),
        ((429, ""), Held),
        ((503, ""), Held),
        ((404, ""), Held),
        (None, Doubtful),
    ],
)
def test_only_what_was_taken_counts_as_sent(
    robot: Robot, answer: tuple[int, str] | None, fault: type[Exception] | None
) -> None:
    """The robots of WeCom, DingTalk and Feishu say 200 also to what they throw away."""
    robot.answer = answer
    if fault is None:
        send(robot)
        return
    with pytest.raises(fault) as told:
        send(robot)
    assert KEY not in str(told.value)


def test_a_service_that_is_not_there_has_heard_nothing(robot: Robot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Held, match="cannot be reached"):
        hooks.send(read_address(f"json://127.0.0.1:{port}/{KEY}"), "市讯", "一行", lambda: None)


def test_without_its_mark_nothing_goes_out(robot: Robot) -> None:
    def lost() -> None:
        raise RuntimeError("the claim was lost")

    with pytest.raises(RuntimeError):
        hooks.send(read_address(robot.hook), "市讯", "一行", lost)
    assert robot.told == []


def test_no_key_gets_into_a_log(
    robot: Robot, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The libraries below complain of an odd answer, and name the whole address."""
    monkeypatch.setattr(robot, "odd", True)
    caplog.set_level(logging.WARNING)
    send(robot)
    assert KEY not in caplog.text


def test_an_address_that_is_none_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Refused):
        hooks.send(read_address(f"nonsense://{KEY}"), "市讯", "一行", lambda: None)
    assert KEY not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("address", "room"),
    [
        (f"wecombot://{KEY}", 2048),
        (f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", 2048),
        (f"dingtalk://{TOKEN}", 9_900),
        (f"dingtalk://SEC{TOKEN}@{TOKEN}", 9_900),
        (f"feishu://{KEY}", 9_900),
        (f"lark://{KEY}", 9_900),
        (f"https://open.larksuite.com/open-apis/bot/v2/hook/{KEY}", 9_900),
        (f"bark://api.day.app/{TOKEN}", 3_500),
        ("schan://SCT12345abcdefg", 4_000),
        (f"pushplus://{TOKEN[:32]}", 4_000),
        ("json://127.0.0.1:8080/x", 4_000),
    ],
)
def test_the_addresses_of_chats_are_known_with_their_room(address: str, room: int) -> None:
    assert hooks.is_hook(address)
    assert hooks.room(read_address(address)) == room


@pytest.mark.parametrize("address", ["nonsense://x", "wecombot://", "feishu://", "https://example.org/hook"])
def test_what_is_no_chat_is_not_known(address: str) -> None:
    assert not hooks.is_hook(address)
