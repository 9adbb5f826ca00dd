"""What the digest's screens say, in Chinese and English, and the lines that sum a day up. Pure.

Every figure in a line is counted from the digest; a line whose count is nought is not said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

from monitor.digest.day import Digest, in_trouble
from monitor.tell import FACT_NAMES, Lang, arrow, cut, kind_name, printable
from storage.records import CHINA, ChangeKind, china_day

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "masthead": "市讯",
        "tagline": "城市新闻网页变动日报",
        "as_of": "截至 {0}（北京时间）",
        "unfinished": "当日未完",
        "sites_watched": "监看 {0} 站",
        "points": "今日要点",
        "contents": "本期目录",
        "tampered": "疑遭篡改",
        "tampered_hint": "以下页面出现不属于原文的内容，为免误入，网址不设链接。",
        "removed": "撤下的页面",
        "removed_hint": "撤下前最后留存的正文附后。",
        "edited": "改动的文章",
        "edited_hint": "按轻重排列。",
        "mends": "另有 {0} 处小修小补",
        "retitled": "改题",
        "redated": "改期",
        "moved": "迁址",
        "restored": "恢复",
        "redesigned": "改版",
        "widely": "多站同稿",
        "by_site": "各站新稿",
        "more_articles": "其余 {0} 篇",
        "reprinted": "{0} 站刊发",
        "first": "首发",
        "earlier": "早前",
        "origin": "转自",
        "tallies": "各站变动",
        "keywords": "不寻常的词",
        "keywords_hint": "每百篇新稿中提到的篇数；括号内为此前三十天。",
        "usual": "（平日 {0}）",
        "health": "站点状况",
        "health_fine": "其余 {0} 站正常。",
        "health_all_fine": "{0} 站全部正常。",
        "last_success": "最近成功",
        "never": "从未成功",
        "failures": "失败/访问",
        "stale": "逾期未更新的栏目",
        "blocked": "被拦截 {0} 次",
        "kept": "最后留存的正文与依据（{0} 段，{1} 字）",
        "not_kept": "没有留存正文。",
        "cut_off": "……余 {0} 字见存档。",
        "published": "原发布于 {0}",
        "found": "{0} 发现",
        "versions": "第 {0} 版 → 第 {1} 版",
        "added": "新增段落",
        "removed_paragraph": "删去段落",
        "moved_paragraph": "移动段落",
        "rest_of": "展开其余 {0} 字",
        "more_passages": "另有 {0} 处改动",
        "deleted": "删",
        "inserted": "增",
        "source": "来源：{0}",
        "empty": "这一天没有变化。",
        "empty_visits": "访问 {0} 站共 {1} 次，失败 {2} 次。",
        "empty_unvisited": "这一天没有访问记录：没有变化并不等于页面未变。",
        "legend": "读法",
        "legend_deleted": "删去的文字",
        "legend_inserted": "新添的文字",
        "legend_text": "“…”处略去未变的文字。各处变动均由留存的版本逐字比对得出。",
        "new_window": "原文",
        "stops": "。",
        "comma": "，",
        "quotes": "《{0}》",
    },
    "en": {
        "masthead": "Shixun",
        "tagline": "What changed on the cities' news pages",
        "as_of": "as of {0} China time",
        "unfinished": "day not over",
        "sites_watched": "Sites watched: {0}",
        "points": "The day in brief",
        "contents": "Contents",
        "tampered": "Suspected tampering",
        "tampered_hint": "These pages show what does not belong to them. Their addresses are not linked.",
        "removed": "Withdrawn pages",
        "removed_hint": "With the last text that was kept of each.",
        "edited": "Edited articles",
        "edited_hint": "Weightiest first.",
        "mends": "{0} small mends",
        "retitled": "Retitled",
        "redated": "Redated",
        "moved": "Moved",
        "restored": "Restored",
        "redesigned": "Redesigned",
        "widely": "Printed by several sites",
        "by_site": "New articles by site",
        "more_articles": "{0} more",
        "reprinted": "{0} sites",
        "first": "first",
        "earlier": "earlier",
        "origin": "reprinted from",
        "tallies": "Changes by site",
        "keywords": "Unusual words",
        "keywords_hint": "New articles in a hundred that say the word; in brackets, the thirty days before.",
        "usual": " (usually {0})",
        "health": "The sites' health",
        "health_fine": "Other sites, all well: {0}.",
        "health_all_fine": "Sites, all well: {0}.",
        "last_success": "Last success",
        "never": "never",
        "failures": "Failed/visits",
        "stale": "Columns overdue",
        "blocked": "blocked {0} times",
        "kept": "Last text kept, and evidence ({0} paragraphs, {1} characters)",
        "not_kept": "No text was kept.",
        "cut_off": "… {0} more characters are in the archive.",
        "published": "published {0}",
        "found": "found {0}",
        "versions": "version {0} → {1}",
        "added": "Paragraph added",
        "removed_paragraph": "Paragraph removed",
        "moved_paragraph": "Paragraph moved",
        "rest_of": "{0} more characters",
        "more_passages": "{0} more edits",
        "deleted": "deleted",
        "inserted": "inserted",
        "source": "source: {0}",
        "empty": "Nothing changed on this day.",
        "empty_visits": "Sites visited: {0}; visits: {1}; failed: {2}.",
        "empty_unvisited": "No visits are on record for this day: no change told does not mean that no page changed.",
        "legend": "How to read this",
        "legend_deleted": "deleted text",
        "legend_inserted": "inserted text",
        "legend_text": "An … stands for text that stayed. All of it comes from comparing kept versions.",
        "new_window": "page",
        "stops": ".",
        "comma": ", ",
        "quotes": "“{0}”",
    },
}

_WEEKDAYS: Mapping[Lang, str] = {"zh": "一二三四五六日", "en": "Mon Tue Wed Thu Fri Sat Sun"}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?")


def say(lang: Lang, key: str, *values: object) -> str:
    """The words for ``key`` with the values put in."""
    return WORDS[lang][key].format(*values)


def day_name(day: date, lang: Lang) -> str:
    """A day in full: ``2026年11月22日 星期日``; ``Sun 22 November 2026``."""
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日 星期{_WEEKDAYS['zh'][day.weekday()]}"
    return f"{_WEEKDAYS['en'].split()[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment_name(moment: datetime, day: date, lang: Lang) -> str:
    """An aware moment in China time; on ``day`` itself the clock alone."""
    local = moment.astimezone(CHINA)
    clock = f"{local:%H:%M}"
    return clock if local.date() == day else f"{_date_name(local.date(), day, lang)} {clock}"


def printed_name(printed: str, day: date, lang: Lang) -> str:
    """A printed date for reading, as precise as it was printed; without the year where that is the digest's own."""
    found = _ISO.fullmatch(printed[:16])
    if found is None:
        return printable(printed)
    try:
        named = _date_name(date(int(found[1]), int(found[2]), int(found[3])), day, lang)
    except ValueError:
        return printable(printed)
    return f"{named} {found[4]}" if found[4] else named


def _date_name(shown: date, day: date, lang: Lang) -> str:
    if lang == "en":
        return f"{shown.day} {_MONTHS[shown.month - 1][:3]}" + ("" if shown.year == day.year else f" {shown.year}")
    return ("" if shown.year == day.year else f"{shown.year}年") + f"{shown.month}月{shown.day}日"


def as_of(digest: Digest, lang: Lang) -> str:
    """When the digest was made, and whether its day was over by then."""
    made = say(lang, "as_of", moment_name(digest.generated_at, digest.day, lang))
    if china_day(digest.generated_at) > digest.day:
        return made
    return made + say(lang, "comma") + say(lang, "unfinished")


def headlines(digest: Digest, lang: Lang) -> tuple[str, ...]:
    """The day in a few counted lines, the gravest first; of an empty day, what was visited in vain or not at all."""
    lines: tuple[Callable[[Digest, Lang], str], ...] = (
        _tampering,
        _overall,
        _withdrawals,
        _edits,
        _new_articles,
        _troubles,
    )
    return tuple(line for write in lines if (line := write(digest, lang)))


def _title(text: str, lang: Lang) -> str:
    return say(lang, "quotes", cut(printable(text).strip(), 30))


def _overall(digest: Digest, lang: Lang) -> str:
    total = len(digest.changes)
    if not total:
        visits = sum(health.visits for health in digest.health)
        if not visits:
            return say(lang, "empty") + (" " if lang == "en" else "") + say(lang, "empty_unvisited")
        failed = sum(health.failures for health in digest.health)
        visited = sum(1 for health in digest.health if health.visits)
        between = " " if lang == "en" else ""
        return say(lang, "empty") + between + say(lang, "empty_visits", visited, visits, failed)
    kinds = [(kind_name(kind, lang), number) for kind, number in digest.counts if number]
    if lang == "zh":
        told = "，".join(f"{name} {number}" for name, number in kinds)
        return f"{len(digest.sites)} 站中 {len(digest.tallies)} 站有变动，共 {total} 件：{told}。"
    told = ", ".join(f"{number} {name}" for name, number in kinds)
    return f"{total} change{_s(total)} on {len(digest.tallies)} of {len(digest.sites)} sites: {told}."


def _tampering(digest: Digest, lang: Lang) -> str:
    if not digest.tampered:
        return ""
    first, number = digest.tampered[0], len(digest.tampered)
    named = f"{printable(first.site_name)}{_title(first.title, lang)}"
    if lang == "zh":
        return f"{number} 个页面疑遭篡改：{named}{'等' if number > 1 else ''}，请先核查。"
    return f"{number} page{_s(number)} may have been tampered with: {named}{' and others' if number > 1 else ''}."


def _withdrawals(digest: Digest, lang: Lang) -> str:
    if not digest.removed:
        return ""
    sites, number = len({item.change.site for item in digest.removed}), len(digest.removed)
    first = _title(digest.removed[0].title, lang)
    if lang == "zh":
        return f"{sites} 站撤下 {number} 个页面，包括{first}。" if number > 1 else f"1 个页面被撤下：{first}。"
    among = "among them " if number > 1 else ""
    return f"{number} page{_s(number)} withdrawn on {sites} site{_s(sites)}, {among}{first}."


def _edits(digest: Digest, lang: Lang) -> str:
    touching = [item for item in digest.edited if item.facts]
    if not touching:
        return ""
    number, fact = len(touching), touching[0].facts[0]
    pair = f"{FACT_NAMES[lang][fact.family]} {arrow(cut(fact.before, 16), cut(fact.after, 16))}"
    first = f"{printable(touching[0].site_name)}{_title(touching[0].title, lang)}"
    if lang == "zh":
        return f"{number} 篇改动涉及数字、日期、人名、文号或否定词，最重的是{first}：{pair}。"
    return f"{number} edit{_s(number)} touch facts; the weightiest is {first}: {pair}."


def _new_articles(digest: Digest, lang: Lang) -> str:
    number = digest.count(ChangeKind.NEW)
    if not number or not digest.stories or digest.stories[0].sites < 2:
        return ""
    widest, told = digest.stories[0], len(digest.stories)
    title = _title(widest.title, lang)
    if lang == "zh":
        return f"新稿 {number} 篇，归为 {told} 件事；刊发最广的是{title}（{widest.sites} 站）。"
    return f"{number} new articles tell {told} stories; {widest.sites} sites print {title}."


def _troubles(digest: Digest, lang: Lang) -> str:
    troubled = [health for health in digest.health if in_trouble(health)]
    down = sum(1 for health in troubled if health.visits and health.failures >= health.visits)
    stale = sum(len(health.stale_columns) for health in troubled)
    parts = []
    if down:
        parts.append(f"{down} 站全天未能打开" if lang == "zh" else f"{down} site{_s(down)} did not answer all day")
    if stale:
        parts.append(f"{stale} 个栏目逾期未更新" if lang == "zh" else f"{stale} column{_s(stale)} overdue")
    return say(lang, "comma").join(parts) + say(lang, "stops") if parts else ""


def _s(number: int) -> str:
    return "" if number == 1 else "s"
