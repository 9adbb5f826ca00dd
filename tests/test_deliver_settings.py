"""The service's sections of ``sites.yaml``: read, defaulted, and refused with file, line and reason."""

from __future__ import annotations

import os
from datetime import time, timedelta
from pathlib import Path

import pytest

from crawler.sites import load_catalogue
from crawler.yamlfile import ConfigError
from monitor.config import Settings, load_settings
from monitor.deliver.addresses import Address, Kind, read_address
from storage.records import ChangeKind

SITES = "sites:\n  yunxi: {name: 云溪, columns: ['http://127.0.0.1/a/']}\n"
KEY = "0a1b2c3d-secret-secret-secret"
FULL = f"""\
web: {{on: no, host: 0.0.0.0, port: 80, token: sixteen-characters-, hosts: [a.example.cn], requests_per_minute: 9}}
mail:
  host: smtp.example.cn
  from: "市讯 <desk@example.cn>"
  user: desk
  password: {KEY}
  tls: ssl
  timeout: 5s
alerts: {{watchwords: [供暖, 学位], pages: 'http://127.0.0.1/a/1.html', kinds: [tampered, removed]}}
subscribers:
  记者组:
    to: [mail:li@example.cn, file:press, 'wecombot://{KEY}']
    what: [digest, weekly, alerts]
    sites: yunxi
    kinds: [edited, removed]
    least_weight: 0.25
    words: 供暖
    lang: en
    at: "08:30"
"""


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SHIXUN")]:
        monkeypatch.delenv(name)


def load(home: Path, text: str) -> Settings:
    (home / "sites.yaml").write_text(SITES + text, "utf-8")
    return load_settings(load_catalogue(home))


def test_everything_has_a_default(tmp_path: Path) -> None:
    settings = load(tmp_path, "mail:\nweb:\nalerts: {watchwords: }\n")
    assert (settings.web.on, settings.web.host, settings.web.port) == (True, "127.0.0.1", 8765)
    assert settings.web.secret is None
    assert settings.mail is None
    assert settings.alerts.kinds == (ChangeKind.TAMPERED,)
    assert settings.subscribers == {}


def test_everything_can_be_said(tmp_path: Path) -> None:
    settings = load(tmp_path, FULL)
    assert (settings.web.on, settings.web.port, settings.web.hosts) == (False, 80, ("a.example.cn",))
    assert settings.web.secret == "sixteen-characters-"
    mail = settings.mail
    assert mail is not None
    assert (mail.door, mail.address, mail.domain, mail.secret) == (465, "desk@example.cn", "example.cn", KEY)
    assert mail.timeout == timedelta(seconds=5)
    assert settings.alerts.pages == ("http://127.0.0.1/a/1.html",)
    reader = settings.subscribers["记者组"]
    assert [address.kind for address in reader.to] == [Kind.MAIL, Kind.FILE, Kind.HOOK]
    assert (reader.sites, reader.words, reader.at, reader.lang) == (("yunxi",), ("供暖",), time(8, 30), "en")
    assert reader.kinds == (ChangeKind.EDITED, ChangeKind.REMOVED)


def test_no_secret_is_in_what_a_log_would_print(tmp_path: Path) -> None:
    settings = load(tmp_path, FULL)
    assert KEY not in repr(settings) + str(settings)
    assert "li@example.cn" not in repr(settings)
    assert "sixteen" not in repr(settings)


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIXUN_WEB_TOKEN", "from-the-environment")
    monkeypatch.setenv("SHIXUN_MAIL_PASSWORD", "too")
    monkeypatch.setenv("OTHER", "another")
    settings = load(tmp_path, FULL)
    assert settings.web.secret == "from-the-environment"
    assert settings.mail is not None
    assert settings.mail.secret == "too"
    renamed = load(tmp_path, FULL.replace("password: ", "password_env: OTHER\n  password: "))
    assert renamed.mail is not None
    assert renamed.mail.secret == "another"


MAIL = "mail: {host: smtp.example.cn, from: a@b.cn}\n"
READER = "subscribers:\n  li:\n    to: file:li\n"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("web: {tken: x}\n", 3, "web.tken: is not known here; allowed: on, host, port, token"),
        ("web:\n  token: short\n", 4, "web.token: a token has at least 16 characters"),
        ("web: {host: 'http://x/'}\n", 3, "web.host: a host is a name or an address"),
        ("web: {port: 99999}\n", 3, "web.port: "),
        ("web: {on: perhaps}\n", 3, "web.on: "),
        ("mail: {host: x}\n", 3, "mail.from: is missing"),
        ("mail: {host: x, from: nobody}\n", 3, "mail.from: a sender is written"),
        ("mail: {host: x, from: a@b.cn, tls: maybe}\n", 3, "mail.tls: must be one of none, starttls, ssl"),
        ("mail: {host: x, from: a@b.cn, timeout: 5}\n", 3, "mail.timeout: a span of time is"),
        (f"mail: {{host: x.cn, from: a@b.cn, tls: none, user: u, password: {KEY}}}\n", 3, "sent for all to read"),
        ("alerts: {kinds: [burnt]}\n", 3, "alerts.kinds[0]: must be one of new, edited, "),
        ("alerts: {pages: [www.x.cn]}\n", 3, "alerts.pages[0]: an address begins with http"),
        ("alerts: {watchwords: [' ']}\n", 3, "alerts.watchwords[0]: an empty word"),
        ("subscribers: [li]\n", 3, "subscribers: must be a mapping"),
        ("subscribers:\n  li:\n", 4, "subscribers.li: must be a mapping"),
        ("subscribers:\n  li: {what: digest}\n", 4, "subscribers.li.to: is missing"),
        ("subscribers:\n  a/b: {to: file:x}\n", 4, "a subscriber's name is made of"),
        (READER + "    sites: [lanqiao]\n", 6, "subscribers.li.sites[0]: no site 'lanqiao'; there are: yunxi"),
        (READER + "    what: [news]\n", 6, "subscribers.li.what[0]: "),
        (READER + "    at: noon\n", 6, "subscribers.li.at: a time of day is written 07:30"),
        (READER + "    least_weight: 3\n", 6, "subscribers.li.least_weight: "),
        (READER + "    two: mail:x@y.cn\n", 6, "subscribers.li.two: is not known here; allowed: to, what, sites"),
        ("subscribers:\n  li:\n    to:\n      - file:x\n      - file:x\n", 7, "the same address stands here twice"),
        (
            "subscribers:\n  li: {to: 'file:x'}\n  zhao: {to: ['file:y', 'file:./x/']}\n",
            5,
            "subscribers.zhao.to[1]: that folder is li's: one folder for one subscriber",
        ),
        ("subscribers:\n  li: {to: 'mail:x@y.cn'}\n", 4, "there is no `mail:` section"),
        (MAIL + "subscribers:\n  li: {to: 'mail:x y@z.cn'}\n", 5, "a mail address is written mail:name@example.org"),
        (MAIL + 'subscribers:\n  li: {to: "mail:x@y.cn\\nBcc: z@y.cn"}\n', 5, "a mail address is written"),
        ("subscribers:\n  li: {to: 'file:../x'}\n", 4, "a folder is written"),
        ("subscribers:\n  li: {to: x@y.cn}\n", 4, "an address begins with mail:, file: or a chat service"),
        (f"subscribers:\n  li: {{to: 'nonsense://{KEY}'}}\n", 4, "no chat service has such an address"),
    ],
)
def test_a_fault_is_told_with_its_line_and_without_secrets(tmp_path: Path, text: str, line: int, what: str) -> None:
    with pytest.raises(ConfigError) as told:
        load(tmp_path, text)
    assert f"sites.yaml:{line}: " in str(told.value)
    assert what in str(told.value)
    assert KEY not in str(told.value)


def test_on_this_machine_a_password_may_go_in_the_open(tmp_path: Path) -> None:
    load(tmp_path, "mail: {host: 127.0.0.1, from: a@b.cn, tls: none, user: u, password: p}\n")
    load(tmp_path, "mail: {host: '::1', from: a@b.cn, tls: none, user: u, password: p}\n")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail:li.si@example.cn", "mail:l…@example.cn"),
        ("file:press/daily", "file:press/daily"),
        (f"wecombot://{KEY}", "wecombot://…"),
        (f"json://user:{KEY}@127.0.0.1/x", "json://…"),
    ],
)
def test_an_address_is_shown_masked_and_named_by_a_fingerprint(text: str, masked: str) -> None:
    address = read_address(text)
    assert address.masked == masked
    assert address.channel == read_address(f" {text} ").channel
    assert address.channel != Address(address.kind, address.target + "x").channel
    assert KEY not in address.channel + repr(address)
