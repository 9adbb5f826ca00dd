"""The catalogue: which sites are watched, and how gently. Read from ``sites.yaml`` in the home folder.

A site needs a name and the addresses of its columns; everything else has a default here, which ``defaults:`` changes
for all sites and a site's own entry for itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from crawler.addresses import INDEX_PAGE, is_loopback, plain_address
from crawler.faults import FAULTS, fault, found, joined
from crawler.yamlfile import ConfigError, Place, YamlFile, parse_yaml, read_text, to_yaml

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
LONGEST_SPAN = timedelta(days=3653)
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def refusal(key: str, **limits: object) -> PydanticCustomError:
    """What a check of ours raises: a fault of the table, which ``found`` knows again by its key."""
    return PydanticCustomError(key, FAULTS[key].en, limits)


def _duration(value: object) -> object:
    if not isinstance(value, str):
        return value
    written = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", value.strip())
    if not written:
        raise refusal("span")
    try:
        return min(timedelta(**{UNITS[written[2]]: float(written[1])}), LONGEST_SPAN)
    except OverflowError:
        raise refusal("span-long") from None


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value.strip())
        if parts.scheme in ("http", "https") and parts.hostname:
            return plain_address(value)
    except ValueError:
        # What cannot be parsed is no address either.
        pass
    raise refusal("address")


Duration = Annotated[timedelta, BeforeValidator(_duration)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Schedule(_Model):
    """How long until a page is looked at again, articles by their age, in a site's first days.

    Then it says how many requests a site is worth and how long an article may wait at most; see ``crawler.recrawl``.
    """

    column: Duration = timedelta(minutes=30)
    day: Duration = timedelta(hours=2)
    week: Duration = timedelta(hours=12)
    month: Duration = timedelta(days=2)
    older: Duration = timedelta(days=14)
    missing: Duration = timedelta(hours=2)
    failing: Duration = timedelta(minutes=15)


class Removal(_Model):
    """When a missing page counts as withdrawn: so many visits in a row found it gone, over at least so long."""

    visits: int = Field(default=2, ge=1, le=20)
    over: Duration = timedelta(hours=2)


class Limits(_Model):
    """What a crawl of a site may cost it and us, and a day of them where nobody asked for it by hand."""

    pages_per_run: int = Field(default=400, ge=1)
    requests_per_day: int = Field(default=2000, ge=1)
    list_pages: int = Field(default=3, ge=1, le=200)
    page_bytes: int = Field(default=10_000_000, ge=1_000)
    seconds: float = Field(default=30.0, gt=0)
    attachment_bytes: int = Field(default=20_000_000, ge=1_000)


class Site(_Model):
    """One watched site. ``delay`` is seconds between two requests to a host; ``None`` takes the polite default.

    ``attachments``: ``list`` names the files of an article, ``keep`` also fetches them and keeps them by hash.
    """

    key: str = ""
    name: str = Field(min_length=1)
    columns: tuple[WebAddress, ...] = Field(min_length=1)
    hosts: tuple[str, ...] = ()
    delay: float | None = Field(default=None, ge=0, le=600)
    attachments: Literal["list", "keep"] = "list"
    schedule: Schedule = Schedule()
    removal: Removal = Removal()
    limits: Limits = Limits()

    def owns(self, url: str) -> bool:
        """Whether an address is this site's own: a column's host, with or without ``www.``, or one of ``hosts``."""
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and _bare(parts.netloc) in self._own_hosts()

    def _own_hosts(self) -> frozenset[str]:
        named = [urlsplit(column).netloc for column in self.columns] + list(self.hosts)
        return frozenset(_bare(host) for host in named)

    @property
    def host(self) -> str:
        """The host whose patience the site shares with others; on this machine each port is a host of its own."""
        parts = urlsplit(self.columns[0])
        return parts.netloc if is_loopback(self.columns[0]) else _bare(parts.hostname or "")

    def is_home(self, url: str) -> bool:
        """Whether an address is the site's front page, or that of the folder its columns stand in."""
        path = INDEX_PAGE.sub("/", urlsplit(url).path)
        first = {f"/{urlsplit(column).path.lstrip('/').split('/')[0]}/" for column in self.columns}
        return self.owns(url) and (path in ("", "/") or path in first)


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.").removesuffix(":80").removesuffix(":443")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a home folder says: its sites in order, its database, whom a webmaster may write to, and the other sections.

    ``sections`` are the parts that belong to the service (digest, delivery), checked by ``monitor.config``.
    """

    home: Path
    database: str
    contact: str | None
    sites: dict[str, Site]
    sections: dict[str, object]
    file: YamlFile

    def choose(self, keys: Sequence[str]) -> list[Site]:
        """The sites with these keys. Raises ConfigError naming the ones that are not there."""
        unknown = [key for key in keys if key not in self.sites]
        if unknown:
            known = ", ".join(self.sites) or "none"
            raise ConfigError(fault("no-site", ", ".join(map(repr, unknown)), known), f"{self.file.path}: ")
        return [self.sites[key] for key in dict.fromkeys(keys)]

    def excerpt(self, keys: Sequence[str]) -> str:
        """``sites.yaml`` for a crawl of these sites: what a child reads must not grow with the sites it leaves alone.

        The service's own sections, and the secrets in them, are left out.
        """
        said = {name: part for name, part in self.file.data.items() if name in ("database", "contact", "defaults")}
        entries = self.file.data["sites"]
        assert isinstance(entries, dict)
        return to_yaml({**said, "sites": {key: entries[key] for key in keys if key in entries}})

    def needs_contact(self) -> bool:
        """Whether a site that is not on this machine is watched without telling it whom to write to."""
        columns = [column for site in self.sites.values() for column in site.columns]
        return self.contact is None and not all(is_loopback(column) for column in columns)


def database_address(home: Path) -> str:
    """Where the database is unless ``sites.yaml`` says otherwise."""
    return f"sqlite:///{home / 'shixun.db'}"


def load_catalogue(home: Path, path: Path | None = None) -> Catalogue:
    """Read and check ``sites.yaml``, or a copy of it that stands elsewhere.

    Raises ConfigError with file, line, what is wrong and what is allowed.
    """
    home = home.expanduser().resolve()
    path = path or home / "sites.yaml"
    return _catalogue(home, parse_yaml(path, read_text(path)))


class Rereading:
    """The catalogue of a home folder, read as often as one likes: checked again only where the file says otherwise.

    The text is compared and not the file's date: within one tick of its clock a file can change twice. To read the text
    of 5,000 sites takes 2 ms, to check it half a second.
    """

    def __init__(self, home: Path) -> None:
        self._home = home.expanduser().resolve()
        self._text: str | None = None
        self._found: Catalogue | ConfigError

    def catalogue(self) -> Catalogue:
        """What the file says now: the same object for as long as that is the same. Raises ConfigError."""
        path = self._home / "sites.yaml"
        text = read_text(path)
        if text != self._text:
            try:
                self._found = _catalogue(self._home, parse_yaml(path, text))
            except ConfigError as error:
                self._found = error
            self._text = text
        if isinstance(self._found, ConfigError):
            # Raised again and again, it would gather the frames of each time.
            raise self._found.with_traceback(None)
        return self._found


def _catalogue(home: Path, file: YamlFile) -> Catalogue:
    sections = dict(file.data)
    defaults = _as_mapping(file, ("defaults",), sections.pop("defaults", None))
    entries = _as_mapping(file, ("sites",), sections.pop("sites", None))
    if "sites" not in file.data:
        raise file.error((), fault("no-sites"))
    sites = {key: _site(file, key, entry, defaults) for key, entry in entries.items()}
    database = _text(file, "database", sections.pop("database", None))
    contact = _text(file, "contact", sections.pop("contact", None))
    address = os.environ.get("SHIXUN_DATABASE") or database or database_address(home)
    return Catalogue(home, address, contact, sites, sections, file)


def _as_mapping(file: YamlFile, place: Place, value: object) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise file.error(place, fault("must-be-mapping"))
    return value


def _text(file: YamlFile, name: str, value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise file.error((name,), fault("one-line"))
    return value or None


def _site(file: YamlFile, key: str, entry: object, defaults: dict[str, Any]) -> Site:
    place: Place = ("sites", key)
    if not KEY.fullmatch(key):
        raise file.error(place, fault("site-key"))
    own = _as_mapping(file, place, entry)
    if "key" in own:
        raise file.error((*place, "key"), fault("key-inside"))
    merged: dict[str, Any] = {"key": key, **defaults, **own}
    for part in ("schedule", "removal", "limits"):
        if isinstance(defaults.get(part), dict) and isinstance(own.get(part), dict):
            merged[part] = {**defaults[part], **own[part]}
    if isinstance(merged.get("columns"), str):
        raise file.error((*place, "columns"), fault("columns-list"))
    merged = {name: value for name, value in merged.items() if value is not None}
    try:
        return Site.model_validate(merged)
    except ValidationError as error:
        raise _told(file, place, own, error) from None


def _told(file: YamlFile, place: Place, own: dict[str, Any], error: ValidationError) -> ConfigError:
    # A misspelt key is also a missing one; the misspelling is what the person sees.
    wrong = min(error.errors(include_url=False), key=lambda told: told["type"] != "extra_forbidden")
    kind, given = wrong["type"], wrong["input"]
    where: Place = tuple(wrong["loc"])
    if kind == "extra_forbidden":
        what = fault(kind, ", ".join(_allowed(where)))
    else:
        what = found(kind, wrong["msg"], wrong.get("ctx"))
    if kind not in ("extra_forbidden", "missing") and given is not None and not isinstance(given, (dict, list, tuple)):
        what = joined(what, fault("it-says", repr(str(given))))
    base = place if (where and where[0] in own) or kind == "missing" else ("defaults",)
    return file.error((*base, *where), what)


def _allowed(where: Place) -> list[str]:
    parts: dict[str, type[_Model]] = {"schedule": Schedule, "removal": Removal, "limits": Limits}
    model = parts.get(str(where[0]), Site) if len(where) > 1 else Site
    return [name for name in model.model_fields if name != "key"]
