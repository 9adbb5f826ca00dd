"""The templates, and what they may call. One engine a language, made once; templates are shared with the digest.

All that pages say is hostile: every value is escaped by the engine and freed of signs that show nothing, and only http
and https addresses become links.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from monitor.digest import wording as digest_wording
from monitor.digest.html import LIMITS, filters, link, link_of, shown
from monitor.tell import Lang, cut, printable
from monitor.web import wording
from storage.records import CHINA


class Screens:
    """Templates by language. ``assets`` gives the addresses of style sheet and script by name."""

    def __init__(self, assets: Mapping[str, str]) -> None:
        self._engines = {lang: engine(lang) for lang in ("zh", "en")}
        for one in self._engines.values():
            one.globals["asset"] = assets.__getitem__

    def render(self, template: str, lang: Lang, values: Mapping[str, object]) -> str:
        """A page, or a part of one."""
        return self._engines[lang].get_template(template).render({**values, "lang": lang})


def engine(lang: Lang) -> Environment:
    """The template engine of one language."""
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("monitor.web"), PackageLoader("monitor.digest")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    environment.filters.update(filters(lang) | _words(lang))
    environment.filters.update(
        link=_link,
        cut=lambda text, most: cut(printable(text).strip(), most),
        site=_site,
        iso=lambda moment: moment.astimezone(CHINA).isoformat(timespec="seconds"),
        bytes=wording.bytes_name,
        last_path=wording.last_path,
    )
    environment.globals.update(
        LIMITS,
        say=_say(lang),
        # In the English site what pages say is still Chinese, and a reading voice has to know.
        zh=Markup(' lang="zh-Hans"') if lang == "en" else "",
    )
    return environment


def _say(lang: Lang) -> Callable[..., str]:
    def say(key: str, *values: object) -> str:
        """The words for ``key``: the site's own, else the digest's."""
        if key in wording.WORDS[lang]:
            return wording.say(lang, key, *values)
        return digest_wording.say(lang, key, *values)

    return say


def _words(lang: Lang) -> dict[str, Callable[..., object]]:
    @pass_context
    def moment(context: Context, value: datetime) -> str:
        digest = context.get("digest")
        return digest_wording.moment_name(value, _day(context), lang, dated=digest is not None and bool(digest.last))

    @pass_context
    def printed(context: Context, text: str) -> str:
        return digest_wording.printed_name(text, _day(context), lang)

    return {
        "moment": moment,
        "printed": printed,
        "day": lambda day: digest_wording.day_name(day, lang),
        "date": lambda day: digest_wording.date_name(day, day, lang),
        "outcome": lambda outcome: wording.outcome_name(outcome, lang),
        "told": lambda told: wording.told_name(told, lang),
        "flag": lambda flag: wording.flag_name(flag, lang),
    }


def _day(context: Context) -> date | None:
    """The day that a screen is about, whose date need not be said: the digest's own, else none."""
    digest = context.get("digest")
    return digest.day if digest is not None else None


@pass_context
def _link(context: Context, url: str) -> str | None:
    """Where a link to a page leads: to what this site tells of it, where a screen says so; else to the page.

    To a page that a digest must not link it leads nowhere else.
    """
    inside = context.get("inside") or {}
    told, digest = inside.get(url), context.get("digest")
    return str(told) if told else link_of(digest, url) if digest is not None else link(url)


@pass_context
def _site(context: Context, key: str) -> str:
    names = context.get("names") or {}
    name = names.get(key) or key
    return str(name)
