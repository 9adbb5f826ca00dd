"""The service's part of ``sites.yaml``: how often it looks, when the digest is written, and who hears of it.

Sections, each of which may be left out::

    service:     {tick: 30s, crawls: 2}
    digest:      {at: "07:30", lang: zh}
    web:         {host: 127.0.0.1, port: 8765, on: yes, hosts: [archive.example.cn], token: …, requests_per_minute: 300}
    mail:        {host: smtp.example.cn, port: 587, tls: starttls, from: "市讯 <desk@example.cn>", user: desk}
    alerts:      {watchwords: [供暖], pages: [http://…], kinds: [tampered]}
    subscribers:
      newsroom:
        to: [mail:desk@example.cn, file:newsroom, "wecombot://KEY"]
        what: [digest, weekly, alerts]
        sites: [loudi]
        kinds: [edited, removed]
        least_weight: 0.2
        words: [供暖, 学位]
        lang: en
        at: "08:30"

Secrets are better kept in the environment: SHIXUN_WEB_TOKEN, and SHIXUN_MAIL_PASSWORD or what ``password_env`` names.
They are ``SecretStr`` here, and no fault repeats what was written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from crawler.addresses import is_loopback
from crawler.faults import Wording, fault, found
from crawler.sites import Catalogue, Duration, WebAddress, refusal
from crawler.yamlfile import Place
from monitor.deliver.addresses import MAIL_ADDRESS, Address, Kind, read_address
from storage.changes import ChangeKind
from storage.crew import is_shared

HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|\[?[0-9A-Fa-f:.]{2,45}\]?")
SUBSCRIBER = re.compile(r"[\w][\w .-]{0,59}")
LEAST_TOKEN = 16
"""Characters of a token that nobody guesses within the limits on requests."""

PORTS: Mapping[str, int] = {"none": 25, "starttls": 587, "ssl": 465}


def _clock(value: object) -> object:
    if isinstance(value, str):
        try:
            return time.fromisoformat(value.strip())
        except ValueError:
            raise refusal("clock") from None
    return value


def _several(value: object) -> object:
    """One thing, or a list of them."""
    return (value,) if isinstance(value, str) else value


def _word(value: str) -> str:
    if not value.strip():
        raise refusal("empty-word")
    return value.strip()


def _host(value: str) -> str:
    if not HOST.fullmatch(value.strip()):
        raise refusal("host")
    return value.strip().lower()


def _sender(value: str) -> str:
    _, address = parseaddr(value)
    if not MAIL_ADDRESS.fullmatch(address) or not value.isprintable():
        raise refusal("sender")
    return value.strip()


def _token(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < LEAST_TOKEN:
        raise refusal("token", least=LEAST_TOKEN)
    return value


def _reached(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return read_address(value)
    except ValueError:
        # Which kind was meant stands before the colon.
        meant = value.strip().partition(":")[0]
        raise refusal({"mail": "mail-address", "file": "folder"}.get(meant, "reached")) from None


Clock = Annotated[time, BeforeValidator(_clock)]
Host = Annotated[str, AfterValidator(_host)]
Words = Annotated[tuple[Annotated[str, AfterValidator(_word)], ...], BeforeValidator(_several)]
Kinds = Annotated[tuple[ChangeKind, ...], BeforeValidator(_several)]
Reached = Annotated[Address, BeforeValidator(_reached)]
Lang = Literal["zh", "en"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty(cls, data: Any) -> Any:
        # An empty value is nothing at all, and the default holds.
        return {name: part for name, part in data.items() if part is not None} if isinstance(data, dict) else data


class ServiceSection(_Section):
    """``service:`` in ``sites.yaml``. ``tick`` is how often the service asks what is due.

    ``crawls`` 0 leaves all crawls to workers (``shixun worker``), which need PostgreSQL.
    """

    tick: Duration = timedelta(seconds=30)
    crawls: int = Field(default=2, ge=0, le=64)


class DigestSection(_Section):
    """``digest:`` in ``sites.yaml``. ``at`` is China time; the digest of the day before is written then."""

    at: Clock = time(7, 30)
    lang: Lang = "zh"


class WebSection(_Section):
    """``web:`` in ``sites.yaml``: the archive's pages.

    ``hosts`` are names by which the pages are called besides this machine's own. ``token`` is asked of whoever comes
    by an address that is not loopback; the environment's SHIXUN_WEB_TOKEN goes before it. ``address`` is how readers
    reach the pages (``https://archive.example.cn``): it stands in feeds and messages where it is given.
    """

    on: bool = True
    host: Host = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)
    token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    hosts: Annotated[tuple[Host, ...], BeforeValidator(_several)] = ()
    address: WebAddress | None = None
    requests_per_minute: int = Field(default=300, ge=1, le=100_000)

    @property
    def secret(self) -> str | None:
        """The token, from the environment or the file."""
        return os.environ.get("SHIXUN_WEB_TOKEN") or (self.token.get_secret_value() if self.token else None)


class MailSection(_Section):
    """``mail:`` in ``sites.yaml``: the server that takes our mail.

    ``timeout`` is how long each step may take; what the server says to a whole message is waited for longer.
    """

    host: Host
    sender: Annotated[str, AfterValidator(_sender)] = Field(alias="from")
    port: int | None = Field(default=None, ge=1, le=65535)
    tls: Literal["none", "starttls", "ssl"] = "starttls"
    user: str | None = None
    password: SecretStr | None = None
    password_env: str = "SHIXUN_MAIL_PASSWORD"
    timeout: Duration = Field(default=timedelta(seconds=30), gt=timedelta(0), le=timedelta(minutes=10))

    @property
    def door(self) -> int:
        """The port: as written, or the usual one."""
        return self.port or PORTS[self.tls]

    @property
    def address(self) -> str:
        """The bare address that messages come from."""
        return parseaddr(self.sender)[1]

    @property
    def domain(self) -> str:
        """The part of the sender's address behind the @: the name by which we greet and name our messages."""
        return self.address.rpartition("@")[2]

    @property
    def secret(self) -> str | None:
        """The password, from the environment or the file."""
        return os.environ.get(self.password_env) or (self.password.get_secret_value() if self.password else None)


class AlertsSection(_Section):
    """``alerts:`` in ``sites.yaml``: what subscribers to alerts hear at once.

    Changes of one of ``kinds``; a page of ``pages`` withdrawn; a word of ``watchwords`` in a new or edited article.
    """

    watchwords: Words = ()
    pages: Annotated[tuple[WebAddress, ...], BeforeValidator(_several)] = ()
    kinds: Kinds = (ChangeKind.TAMPERED,)


class SubscriberSection(_Section):
    """An entry of ``subscribers:``: who hears what, where, and of that which part.

    Empty ``sites``, ``kinds`` and ``words`` let everything through. ``at`` is China time: the digest is held until
    then; ``lang`` is the digest's own where it is left out.
    """

    to: Annotated[tuple[Reached, ...], BeforeValidator(_several)] = Field(min_length=1)
    what: Annotated[tuple[Literal["digest", "weekly", "alerts"], ...], BeforeValidator(_several)] = ("digest",)
    sites: Words = ()
    kinds: Kinds = ()
    least_weight: float = Field(default=0.0, ge=0.0, le=1.0)
    words: Words = ()
    lang: Lang | None = None
    at: Clock | None = None


class Settings(_Section):
    """Everything in ``sites.yaml`` that is not about sites."""

    service: ServiceSection = ServiceSection()
    digest: DigestSection = DigestSection()
    web: WebSection = WebSection()
    mail: MailSection | None = None
    alerts: AlertsSection = AlertsSection()
    subscribers: dict[str, SubscriberSection] = Field(default_factory=dict)


_PARTS: Mapping[str, type[_Section]] = {
    "service": ServiceSection,
    "digest": DigestSection,
    "web": WebSection,
    "mail": MailSection,
    "alerts": AlertsSection,
}


def load_settings(catalogue: Catalogue) -> Settings:
    """Check the service's sections. Raises ConfigError with file and line."""
    try:
        settings = Settings.model_validate(catalogue.sections)
    except ValidationError as error:
        wrong = min(error.errors(include_url=False, include_input=False), key=_importance)
        place: Place = tuple(step for step in wrong["loc"] if step != "[key]")
        raise catalogue.file.error(place, _said(wrong, place)) from None
    for place, what in _disagreements(settings, catalogue):
        raise catalogue.file.error(place, what)
    return settings


def _importance(wrong: Any) -> bool:
    # A misspelt key is also a missing one; the misspelling is what the person sees.
    return bool(wrong["type"] != "extra_forbidden")


def _said(wrong: Any, place: Place) -> Wording:
    """A fault in words. What was written there is not repeated: it may be a secret."""
    if wrong["type"] == "extra_forbidden":
        return fault("extra_forbidden", ", ".join(_allowed(place)))
    if wrong["type"] in {"model_type", "dict_type"}:
        return fault("must-be-mapping")
    return found(wrong["type"], wrong["msg"], wrong.get("ctx"))


def _allowed(place: Place) -> list[str]:
    if len(place) == 1:
        return ["sites", "defaults", "contact", "database", *Settings.model_fields]
    part = SubscriberSection if place[0] == "subscribers" else _PARTS[str(place[0])]
    return [field.alias or name for name, field in part.model_fields.items()]


def _disagreements(settings: Settings, catalogue: Catalogue) -> Iterator[tuple[Place, Wording]]:
    """What is right by itself and wrong beside the rest, each with its place."""
    mail = settings.mail
    if mail and (mail.user or mail.password) and mail.tls == "none" and not _is_this_machine(mail.host):
        yield ("mail", "tls"), fault("plain-password")
    if not settings.service.crawls and not is_shared(catalogue.database):
        yield ("service", "crawls"), fault("crawls-nowhere")
    folders: dict[Path, str] = {}
    for name, subscriber in settings.subscribers.items():
        place: Place = ("subscribers", name)
        if not SUBSCRIBER.fullmatch(name):
            yield place, fault("subscriber-name")
        for number, site in enumerate(subscriber.sites):
            if site not in catalogue.sites:
                known = ", ".join(catalogue.sites) or "none"
                yield (*place, "sites", number), fault("no-site", repr(site), known)
        for number, address in enumerate(subscriber.to):
            if address in subscriber.to[:number]:
                yield (*place, "to", number), fault("address-twice")
            elif (
                address.kind is Kind.FILE
                and (other := folders.setdefault(Path(catalogue.home, "out", address.target), name)) != name
            ):
                # What one of them wants would be written over what the other does.
                yield (*place, "to", number), fault("folder-twice", other)
            if address.kind is Kind.MAIL and mail is None:
                yield (*place, "to", number), fault("no-mail")
            if address.kind is Kind.HOOK and not _is_hook(address.target):
                yield (*place, "to", number), fault("no-hook")


def _is_this_machine(host: str) -> bool:
    bare = host.strip("[]")
    return is_loopback(f"http://[{bare}]/" if ":" in bare else f"http://{bare}/")


def _is_hook(address: str) -> bool:
    # Loaded only where somebody uses it.
    from monitor.deliver.hooks import is_hook

    return is_hook(address)
