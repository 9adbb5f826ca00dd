"""The service's part of ``sites.yaml``: how often it looks, how many crawls at once, when the digest is written."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from crawler.sites import Catalogue, Duration
from crawler.yamlfile import Place


def _clock(value: object) -> object:
    if isinstance(value, str):
        try:
            return time.fromisoformat(value.strip())
        except ValueError:
            raise ValueError("a time of day is written 07:30") from None
    return value


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ServiceSection(_Section):
    """``service:`` in ``sites.yaml``. ``tick`` is how often the service asks what is due."""

    tick: Duration = timedelta(seconds=30)
    crawls: int = Field(default=2, ge=1, le=64)


class DigestSection(_Section):
    """``digest:`` in ``sites.yaml``. ``at`` is China time; the digest of the day before is written then."""

    at: Annotated[time, BeforeValidator(_clock)] = time(7, 30)
    lang: Literal["zh", "en"] = "zh"


class Settings(_Section):
    """Everything in ``sites.yaml`` that is not about sites."""

    service: ServiceSection = ServiceSection()
    digest: DigestSection = DigestSection()


def load_settings(catalogue: Catalogue) -> Settings:
    """Check the service's sections. Raises ConfigError with file and line."""
    try:
        return Settings.model_validate({name: part for name, part in catalogue.sections.items() if part is not None})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place: Place = tuple(fault["loc"])
        what = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            known = ["sites", "defaults", "contact", "database", *Settings.model_fields]
            parts: dict[str, type[_Section]] = {"service": ServiceSection, "digest": DigestSection}
            allowed = list(parts[str(place[0])].model_fields) if len(place) > 1 else known
            what = f"is not known here; allowed: {', '.join(allowed)}"
        raise catalogue.file.error(place, what) from None
