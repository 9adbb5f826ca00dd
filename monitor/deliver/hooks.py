"""Chat hooks: the only file that knows apprise.

Apprise 2.2 takes any answer with status 200 for success, and says of a failure only that it was one. The robots of
WeCom, DingTalk and Feishu answer 200 to a key that was revoked and a limit that was passed, with the truth in the
JSON of the answer. So the answer is heard here, on its way from ``requests`` to apprise's service.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import apprise
import requests
from apprise.plugins.base import NotifyBase

from monitor.deliver.addresses import Address
from monitor.deliver.outcome import Doubtful, Held, Refused

ROOM: Mapping[str, int] = {
    "wecombot": 2048,
    "dingtalk": 9_900,
    "feishu": 9_900,
    "lark": 9_900,
    "tgram": 3_900,
    "bark": 3_500,
}
"""Bytes of UTF-8 that a message may have, by apprise's scheme. WeCom counts 2,048 bytes. DingTalk and Feishu count
20,000 of the request, in which apprise writes a Chinese character as six; Bark's message rides in a push of 4 KB."""

OTHERS = 4_000
"""Bytes for a service that is not listed, where it does not allow less itself."""

LONGEST_TITLE = 240
"""Bytes of a title; the shortest that a service allows is 250 characters."""

TOO_OFTEN = frozenset({429, 45009, 9499, 11232, 130101})
"""Answers that ask for patience: HTTP's, WeCom's, Feishu's (two) and DingTalk's."""

_UNHEARD = (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError)

# Their lines hold addresses with their keys (urllib3's warnings of an odd answer too); what went wrong is told by
# whoever called us.
logging.getLogger("apprise").disabled = True
logging.getLogger("urllib3").setLevel(logging.ERROR)


@dataclass(slots=True)
class _Heard:
    """What came back over the posts of one message; the latest answer or fault."""

    answer: requests.Response | None = None
    fault: requests.RequestException | None = None


_HEARING: ContextVar[_Heard | None] = ContextVar("what is heard of the message being sent", default=None)


class _Ear:
    """``requests`` as a service's module sees it: what is sent by it is overheard, all else is as it was."""

    def __getattr__(self, name: str) -> Any:
        return getattr(requests, name)

    def request(self, method: str, *arguments: Any, **options: Any) -> requests.Response:
        heard = _HEARING.get() or _Heard()
        try:
            answer = requests.request(method, *arguments, **options)
        except requests.RequestException as fault:
            heard.answer, heard.fault = None, fault
            raise
        heard.answer, heard.fault = answer, None
        return answer

    def post(self, *arguments: Any, **options: Any) -> requests.Response:
        return self.request("post", *arguments, **options)

    def put(self, *arguments: Any, **options: Any) -> requests.Response:
        return self.request("put", *arguments, **options)


_EAR = _Ear()


@lru_cache(maxsize=256)
def is_hook(address: str) -> bool:
    """Whether apprise knows such an address, with all that its service needs."""
    return _service(address) is not None


def room(address: Address) -> int:
    """Bytes of UTF-8 that a message to this hook may have, its title included."""
    service = _service(address.target)
    if service is None:
        return OTHERS
    schemes = {str(name).lower() for name in (service.secure_protocol, service.protocol) if isinstance(name, str)}
    known = [ROOM[name] for name in schemes if name in ROOM]
    return min(known) if known else min(OTHERS, service.body_maxlen)


def send(address: Address, title: str, text: str, handing_over: Callable[[], None]) -> None:
    """Post one message of plain text. ``handing_over`` is called right before it goes.

    Raises Refused where the service will never take it, Held where it may later, Doubtful where nobody knows whether
    it arrived.
    """
    service = _service(address.target)
    if service is None:
        raise Refused("no chat service has this address any more")
    module = sys.modules[type(service).__module__]
    if hasattr(module, "requests"):
        vars(module)["requests"] = _EAR
    heard = _Heard()
    posting = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False))
    posting.add(service)
    handing_over()
    hearing = _HEARING.set(heard)
    try:
        taken = bool(posting.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT))
    finally:
        _HEARING.reset(hearing)
    _judge(taken, heard)


def _judge(taken: bool, heard: _Heard) -> None:
    """Raise what the answer means, if it means that the message was not taken."""
    if heard.fault is not None:
        what = type(heard.fault).__name__
        if isinstance(heard.fault, _UNHEARD) or "NewConnectionError" in repr(heard.fault):
            raise Held(f"the service cannot be reached ({what})")
        raise Doubtful(f"the service did not answer ({what})")
    if heard.answer is None:
        if not taken:
            raise Doubtful("the chat library says that it failed, and not how")
        return
    status, code = heard.answer.status_code, _code_of(heard.answer)
    if status in TOO_OFTEN or code in TOO_OFTEN or status >= 500:
        raise Held(f"the service asks to wait (status {status}, code {code})")
    if not taken or code:
        # A revoked key, a word that the robot's owner demands: whoever put it up can mend it, so it is tried again.
        raise Held(f"the service did not take it (status {status}, code {code})")


def _code_of(answer: requests.Response) -> int:
    """The number that a robot's JSON gives for what went wrong; 0 where all is well or nothing is said."""
    try:
        said = answer.json()
    except ValueError:
        return 0
    if not isinstance(said, dict):
        return 0
    for name in ("errcode", "StatusCode", "code"):
        number = said.get(name)
        if isinstance(number, int) and not isinstance(number, bool):
            # Bark and PushPlus say 200 for success, where the others say 0.
            return 0 if number == 200 else number
    return 0


def _service(address: str) -> NotifyBase | None:
    try:
        found = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    except (TypeError, ValueError):
        return None
    return found if isinstance(found, NotifyBase) else None
