"""The lines that sum a day up, as an editor would: the gravest first, and what is out of the ordinary. Pure.

Every figure in a line is counted from the digest; a line whose count is nought is not said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from statistics import median

from monitor.digest.day import Digest
from monitor.digest.foremost import standing
from monitor.digest.item import Fact, Item
from monitor.digest.unlinked import defanged
from monitor.digest.wording import day_name, say
from monitor.notes import told_fact
from monitor.tell import FACT_NAMES, Lang, cut, kind_name, printable
from storage.records import ChangeKind

_TITLE = 30
_SIDE = 16
_WORDS = 5
_KNOWN_DAYS = 7
"""Days of the past from which a day is held against what is usual."""

_BUSY, _QUIET = 1.5, 0.6
_MOST = 3
"""Changes of one site from which it is named where they are more than half."""


def points(digest: Digest, lang: Lang) -> tuple[str, ...]:
    """The day in a few counted lines; of an empty day, what was visited in vain or not at all."""
    lines: tuple[Callable[[Digest, Lang], str], ...] = (
        _tampering,
        _overall,
        _withdrawals,
        _edits,
        _labels,
        _first_kept,
        _new_articles,
        _talk,
        _troubles,
    )
    return tuple(line for write in lines if (line := write(digest, lang)))


def _named(item: Item, lang: Lang) -> str:
    between = "" if lang == "zh" else " "
    return printable(item.site_name) + between + _title(item.title, lang)


def _title(text: str, lang: Lang) -> str:
    return say(lang, "quotes", cut(printable(text).strip(), _TITLE))


def _some(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def _tampering(digest: Digest, lang: Lang) -> str:
    if not digest.tampered:
        return ""
    number = len(digest.tampered)
    named = defanged(_named(digest.tampered[0], lang))
    well = _well_again(digest.tampered, lang, lasting=digest.last is not None)
    standing = any(item.restored_at is None for item in digest.tampered)
    if lang == "zh":
        check = "，请先核查" if standing else ""
        return f"{number} 个页面疑遭篡改{well}：{named}{'等' if number > 1 else ''}{check}。"
    return f"{_some(number, 'page')} may have been tampered with{well}: {named}{' and others' if number > 1 else ''}."


def _well_again(items: Sequence[Item], lang: Lang, *, lasting: bool) -> str:
    """How many of these hijacked or withdrawn pages were well again by the digest's end."""
    number = sum(item.restored_at is not None for item in items)
    if not number:
        return ""
    if lang == "zh":
        some = "" if len(items) == 1 else "均" if number == len(items) else f"其中 {number:,} 个"
        when = "已恢复" if lasting else "当日已恢复" if some != "均" else "当日均已恢复"
        return f"（{some if some != '均' or lasting else ''}{when}）"
    every = "restored" if number == 1 else "all restored"
    all_of = every if number == len(items) else f"{number:,} restored"
    return f" ({all_of}{'' if lasting else ' the same day'})"


def _overall(digest: Digest, lang: Lang) -> str:
    total = len(digest.changes)
    if not total:
        return _nothing(digest, lang)
    kinds = [(kind_name(kind, lang), number) for kind, number in digest.counts if number]
    usual = _against_the_usual(digest, lang)
    if lang == "zh":
        told = "，".join(f"{name} {number:,}" for name, number in kinds)
        some, watched = len(digest.tallies), len(digest.sites)
        where = f"{watched} 站都有变动，" if some == watched else f"{watched} 站中 {some} 站有变动，"
        return f"{where if watched > 1 else ''}共 {total:,} 件：{told}{usual}。"
    told = ", ".join(f"{number:,} {name}" for name, number in kinds)
    return f"{_some(total, 'change')} on {len(digest.tallies)} of {_some(len(digest.sites), 'site')}: {told}{usual}."


def _nothing(digest: Digest, lang: Lang) -> str:
    between = " " if lang == "en" else ""
    empty = say(lang, "empty_choice" if digest.chosen else "empty_week" if digest.last else "empty")
    visits = sum(health.visits for health in digest.health)
    if not visits:
        return empty if digest.chosen else empty + between + say(lang, "empty_unvisited")
    failed = sum(health.failures for health in digest.health)
    visited = sum(1 for health in digest.health if health.visits)
    return empty + between + say(lang, "empty_visits", visited, f"{visits:,}", f"{failed:,}")


def _against_the_usual(digest: Digest, lang: Lang) -> str:
    """How the day's changes stand to those of the days before, where that is worth a word."""
    before = {one.day: one.total for one in digest.days if one.day < digest.day}
    if digest.last or not before or (digest.day - min(before)).days < _KNOWN_DAYS:
        return ""
    first, total = min(before), len(digest.changes)
    span = [before.get(first + timedelta(days=n), 0) for n in range((digest.day - first).days)]
    usual = median(span)
    if total > max(span):
        return f"；为 {len(span) + 1} 天来最多" if lang == "zh" else f"; the most in {len(span) + 1} days"
    if usual and not _QUIET < total / usual < _BUSY:
        if lang == "zh":
            return f"；是平日（中位数 {usual:,.0f} 件）的 {total / usual:.1f} 倍"
        return f"; {total / usual:.1f} times the usual {usual:,.0f}"
    return ""


def _withdrawals(digest: Digest, lang: Lang) -> str:
    removed = digest.removed
    if not removed:
        return ""
    sites, number = len({item.change.site for item in removed}), len(removed)
    longest = max(removed, key=lambda item: sum(map(len, item.kept)))
    size = sum(map(len, longest.kept))
    alone = _alone(removed, lang) if sites > 1 else ""
    printed = sum(bool(digest.elsewhere(item.change.url)) for item in removed)
    named = _named(longest, lang)
    well = _well_again(removed, lang, lasting=digest.last is not None)
    if lang == "zh":
        told = named + (f"（{size:,} 字）" if size else "")
        still = f"；{printed:,} 篇在别处仍可读到" if printed else ""
        if number == 1:
            return f"1 个页面被撤下{well}：{told}{'，同稿在别处仍可读到' if printed else ''}。"
        return f"{sites} 站撤下 {number:,} 个页面{well}{alone}；{'篇幅最长的' if size else '其中一个'}是{told}{still}。"
    told = named + (f" ({size:,} characters)" if size else "")
    still = f"; still to be read elsewhere: {printed:,}" if printed else ""
    if number == 1:
        return f"1 page was withdrawn{well}: {told}{', still to be read elsewhere' if printed else ''}."
    return f"{_some(number, 'page')} withdrawn on {_some(sites, 'site')}{well}{alone}; the longest is {told}{still}."


def _alone(items: Sequence[Item], lang: Lang) -> str:
    """The site that has more than half of these, where they are several."""
    ((site, most),) = Counter(item.site_name for item in items).most_common(1)
    if most < _MOST or 2 * most <= len(items):
        return ""
    return f"，{printable(site)}一站占 {most:,} 个" if lang == "zh" else f", {most:,} of them on {printable(site)}"


def _edits(digest: Digest, lang: Lang) -> str:
    touching = [item for item in digest.edited if item.facts]
    number = len(digest.edited)
    if not number:
        return ""
    alone = _alone(digest.edited, lang).replace("个", "篇")
    if not touching:
        if lang == "zh":
            return f"{number:,} 篇文章有改动{alone}，未动数字、日期、人名与文号，也未改肯定与否定。"
        return f"{_some(number, 'article')} edited{alone}; no figure, date, name, document number or negation touched."
    families = Counter(family for item in touching for family in {fact.family for fact in item.facts})
    names = [f"{FACT_NAMES[lang][family]} {families[family]:,}" for family in FACT_NAMES["en"] if families[family]]
    # A figure that became another says more than one that came or went.
    weightiest = min(touching, key=standing)
    pair = _fact(min(weightiest.paired or weightiest.facts, key=lambda fact: fact.family != "negations"), lang)
    first = _named(weightiest, lang)
    if lang == "zh":
        share = "都" if len(touching) == number else f"其中 {len(touching):,} 篇"
        told = f"{number:,} 篇文章有改动{alone}，{share}动了事实（{'，'.join(names)}）"
        return f"{told}；最重的是{first}：{pair}。"
    told = f"{_some(number, 'article')} edited{alone}; facts touched in {len(touching):,} ({', '.join(names)})"
    return f"{told}; the weightiest is {first}: {pair}."


def _fact(fact: Fact, lang: Lang) -> str:
    before, after = cut(fact.before, _SIDE), cut(fact.after, _SIDE)
    name = FACT_NAMES[lang][fact.family]
    told = told_fact(before, after, lang)
    return told if lang == "zh" and not (before and after) else f"{name} {told}"


def _labels(digest: Digest, lang: Lang) -> str:
    """Headlines and dates that were altered, and dates put back."""
    zh = lang == "zh"
    told = []
    if digest.retitled:
        told.append(f"{len(digest.retitled):,} 篇改题" if zh else f"{len(digest.retitled):,} retitled")
    if digest.redated:
        told.append(f"{len(digest.redated):,} 篇改期" if zh else f"{len(digest.redated):,} redated")
    if digest.backdated:
        number = len(digest.backdated)
        days = max(int(str(item.change.evidence.get("days", 0))) for item in digest.backdated)
        told.append(
            f"{number:,} 篇新稿疑似倒填日期（最多早 {days:,} 天）"
            if zh
            else f"{_some(number, 'new article')} seemingly dated back (by up to {_some(days, 'day')})"
        )
    return say(lang, "comma").join(told) + say(lang, "stops") if told else ""


def _first_kept(digest: Digest, lang: Lang) -> str:
    """Where most of the new articles had been printed before: what was new is that we look, as on a first day."""
    fresh = [article for story in digest.stories for article in story.articles if article.fresh]
    before = (digest.day - timedelta(days=1)).isoformat()
    older = sum((article.published_at or "9999")[:10] < before for article in fresh)
    if len(fresh) < _MOST or 2 * older <= len(fresh):
        return ""
    if lang == "zh":
        return f"新增的 {len(fresh):,} 篇中 {older:,} 篇早已刊发，此时首次收录，不是当日新闻。"
    return f"Of the new articles {older:,} of {len(fresh):,} had been printed earlier: first kept now, not news."


def _new_articles(digest: Digest, lang: Lang) -> str:
    number = digest.count(ChangeKind.NEW)
    if not number or not digest.stories or digest.stories[0].sites < 2:
        return ""
    widest, told = digest.stories[0], len(digest.stories)
    title = _title(widest.title, lang)
    differing = sum(story.differing for story in digest.stories)
    behind = sum(story.behind for story in digest.stories)
    withdrawn = sum(story.withdrawn for story in digest.stories)
    if lang == "zh":
        fate = f"，{withdrawn:,} 份已撤下" if withdrawn else ""
        copies = f"；转载中 {differing:,} 份与首发不同{fate}" if differing else ""
        copies += f"；{behind:,} 份转载的是首发修改前的版本" if behind else ""
        return f"新稿 {number:,} 篇，归为 {told:,} 件事；刊发最广的是{title}（{widest.sites} 站）{copies}。"
    fate = f", {withdrawn:,} withdrawn since" if withdrawn else ""
    copies = f"; copies that differ: {differing:,}{fate}" if differing else ""
    copies += f"; copies of the first before it was changed: {behind:,}" if behind else ""
    stories = f"{told:,} stor{'y' if told == 1 else 'ies'}"
    return f"{_some(number, 'new article')}, {stories}; {widest.sites} sites print {title}{copies}."


def _talk(digest: Digest, lang: Lang) -> str:
    words = [printable(keyword.word) for keyword in digest.keywords[:_WORDS]]
    if not words or not digest.keywords[0].held:
        return ""
    return say(lang, "talk", ("、" if lang == "zh" else ", ").join(words))


def _troubles(digest: Digest, lang: Lang) -> str:
    zh = lang == "zh"
    down = sum(1 for health in digest.health if health.visits and health.failures >= health.visits)
    failing = sum(one.is_failing for one in digest.indicators) - down
    stale = sum(len(health.stale_columns) for health in digest.health)
    dead = sum(health.dead_links for health in digest.health)
    parts = []
    if down:
        parts.append(f"{down} 站未能打开" if zh else f"{_some(down, 'site')} did not answer")
    if failing > 0:
        parts.append(f"{failing} 站近七天常打不开" if zh else f"{_some(failing, 'site')} often failed this week")
    if stale:
        parts.append(f"{stale:,} 个栏目逾期未更新" if zh else f"{_some(stale, 'column')} overdue")
    if dead:
        parts.append(f"{dead:,} 个链接失效" if zh else f"{_some(dead, 'dead link')}")
    return say(lang, "comma").join(parts) + say(lang, "stops") if parts else ""


def choice_line(digest: Digest, lang: Lang) -> str:
    """What a chosen digest was narrowed to, in one line; empty where it holds all."""
    told = chosen_parts(digest, lang)
    return say(lang, "chosen", told) if told else ""


def chosen_parts(digest: Digest, lang: Lang) -> str:
    """The sites, kinds, weight and words that a digest was narrowed to; empty where it holds all."""
    chosen = digest.chosen
    if chosen is None:
        return ""
    between = "、" if lang == "zh" else ", "
    told = [
        between.join(printable(digest.name_of(site)) for site in chosen.sites),
        between.join(kind_name(kind, lang) for kind in chosen.kinds),
        say(lang, "least_weight", f"{chosen.least_weight:g}") if chosen.least_weight else "",
        say(lang, "saying", between.join(map(printable, chosen.words))) if chosen.words else "",
    ]
    return ("；" if lang == "zh" else "; ").join(part for part in told if part)


def title_of(digest: Digest, lang: Lang) -> str:
    """The digest's title: its masthead and its day, or its days."""
    return f"{say(lang, 'masthead')} {span_name(digest, lang)}"


def span_name(digest: Digest, lang: Lang) -> str:
    """The day in full, or the first and the last of several with their week's number."""
    if digest.last is None:
        return day_name(digest.day, lang)
    year, week, _ = digest.day.isocalendar()
    return say(lang, "week", year, week, f"{digest.day:%m-%d}", f"{digest.last:%m-%d}")
