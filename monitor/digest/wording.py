"""What the digest's screens say, in Chinese and English. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from monitor.digest.day import Digest
from monitor.tell import Lang, printable
from storage.records import CHINA, china_day

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "masthead": "市讯",
        "tagline": "城市新闻网页变动日报",
        "tagline_week": "城市新闻网页变动周报",
        "week": "{0} 年第 {1} 周（{2} 至 {3}）",
        "chosen": "选编：{0}",
        "saying": "提到 {0}",
        "least_weight": "轻重不低于 {0}",
        "as_of": "截至 {0}（北京时间）",
        "unfinished": "当日未完",
        "sites_watched": "监看 {0} 站",
        "points": "要点",
        "contents": "本期目录",
        "foremost": "要闻",
        "foremost_hint": "各类变动中最重的，详情见下。",
        "last_text": "撤下前写道：",
        "tampered": "疑遭篡改",
        "tampered_hint": "以下页面出现不属于原文的内容，为免误入，网址不设链接。",
        "removed": "撤下的页面",
        "removed_hint": "撤下前最后留存的正文附后。",
        "edited": "改动的文章",
        "edited_hint": "按轻重排列。",
        "mends": "另有 {0} 处小修小补",
        "steps": "先后改动 {0} 次，此处以首次改动前与末次改动后对照。",
        "undone": "先后改动 {0} 次，最后改回原样。",
        "each_step": "逐次改动",
        "well_again": "当日已恢复（{0}）",
        "well_since": "已恢复（{0}）",
        "retitled": "改题",
        "redated": "改期",
        "backdated": "倒填日期",
        "backdated_hint": "新出现的文章，所印日期却早于首次见到一周以上，而栏目早在监看之中。",
        "moved": "迁址",
        "restored": "恢复",
        "redesigned": "改版",
        "widely": "多站同稿",
        "widely_hint": "谁先刊发，谁转载，哪份与首发不同，哪份已撤。",
        "followed": "旧稿有变",
        "followed_hint": "早前多站刊发、当日有一处被改动或撤下的稿件。",
        "by_site": "各站新稿",
        "more_items": "其余 {0} 件",
        "more_sites": "其余 {0} 站",
        "more_articles": "其余 {0} 篇",
        "more_printings": "其余 {0} 份",
        "reprinted": "{0} 站刊发",
        "printed_at": "{0} 份",
        "first": "首发",
        "earlier": "此前已收录",
        "same": "与首发同",
        "since_then": "后来{0}",
        "behind": "与首发原先的版本相同，首发后来改了：{0}",
        "behind_too": "首发后来又改了：{0}",
        "withdrawn": "已撤下",
        "origin": "转自",
        "tallies": "各站变动",
        "days": "三十天变动",
        "days_desc": "{0} 至 {1} 每日变动件数；最多一日 {2} 件，{3} 当日 {4} 件。",
        "hours": "何时发现",
        "hours_desc": "当日各小时发现的变动件数；最多在 {0} 时，{1} 件。",
        "spark_desc": "{0} 三十天变动，最多一日 {1} 件",
        "day_total": "{0}：{1} 件",
        "hour_total": "{0} 时：{1} 件",
        "hour": "{0} 时",
        "most": "最多 {0} 件",
        "others": "其他",
        "keywords": "话题",
        "keywords_hint": "新稿中比此前 {0} 天说得异常多的词。",
        "keywords_first": "新稿留存第 {0} 天，尚无往日可比；满 {1} 天后列出话题。",
        "keywords_chosen": "话题按全部站点的新稿统计，选编中不列。",
        "keyword_texts": "{0} 篇",
        "keyword_usual": "每百篇 {0}，平日 {1}",
        "talk": "话题：{0}。",
        "health": "站点状况",
        "health_hint": "按《政府网站与政务新媒体检查指标》中可从外部观察的各项：一周内打不开的访问占 5% 以上，"
        "栏目两周（通知公告、政策半年）未更新，链接失效，倒填日期，遭篡改。",
        "site": "站点",
        "unreachable": "打不开",
        "unreachable_of": "{0} 次中 {1} 次",
        "stale_columns": "逾期栏目",
        "dead_links": "失效链接",
        "dated_back": "倒填日期",
        "well": "其余 {0} 站正常",
        "health_all_fine": "{0} 站全部正常。",
        "last_success": "最近成功",
        "never": "从未成功",
        "stale": "逾期未更新的栏目",
        "two_weeks": "（超过两周）",
        "half_year": "（超过半年）",
        "more_columns": "另有 {0} 个",
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
        "moved_from": "移动段落（第 {0} 段移到第 {1} 段）",
        "exchanged": "{0}已更换",
        "rest_of": "展开其余 {0} 字",
        "more_passages": "另有 {0} 处改动",
        "deleted": "删",
        "inserted": "增",
        "source": "来源：{0}",
        "empty": "这一天没有变化。",
        "empty_week": "这一周没有变化。",
        "empty_choice": "所选范围内没有变化。",
        "empty_visits": "访问 {0} 站共 {1} 次，失败 {2} 次。",
        "empty_unvisited": "这一天没有访问记录：没有变化并不等于页面未变。",
        "legend": "读法",
        "legend_deleted": "删去的文字",
        "legend_inserted": "新添的文字",
        "legend_text": "“…”处略去未变的文字。各处变动均由留存的版本逐字比对得出。",
        "new_window": "原文",
        "archive": "存档",
        "compared": "对照",
        "told_at": "变动",
        "cut_mail": "邮件篇幅所限，此处略去 {0} 件，全文见日报网页。",
        "whole": "在网页上看全文",
        "stops": "。",
        "elsewhere": "同稿仍在：",
        "listed": "、",
        "colon": "：",
        "comma": "，",
        "quotes": "《{0}》",
    },
    "en": {
        "masthead": "Shixun",
        "tagline": "What changed on the cities' news pages",
        "tagline_week": "A week of changes on the cities' news pages",
        "week": "{0}, week {1} ({2} to {3})",
        "chosen": "Chosen: {0}",
        "saying": "saying {0}",
        "least_weight": "of weight {0} and more",
        "as_of": "as of {0} China time",
        "unfinished": "day not over",
        "sites_watched": "Sites watched: {0}",
        "points": "In brief",
        "contents": "Contents",
        "foremost": "Foremost",
        "foremost_hint": "The weightiest changes of all kinds; each is told below.",
        "last_text": "It said: ",
        "tampered": "Suspected tampering",
        "tampered_hint": "These pages show what does not belong to them. Their addresses are not linked.",
        "removed": "Withdrawn pages",
        "removed_hint": "With the last text that was kept of each.",
        "edited": "Edited articles",
        "edited_hint": "Weightiest first.",
        "mends": "{0} small mends",
        "steps": "Altered {0} times; shown from before the first to after the last.",
        "undone": "Altered {0} times, and put back as it was.",
        "each_step": "Step by step",
        "well_again": "restored the same day ({0})",
        "well_since": "restored ({0})",
        "retitled": "Retitled",
        "redated": "Redated",
        "backdated": "Dated back",
        "backdated_hint": "New articles that bear a date more than a week before a watched column first showed them.",
        "moved": "Moved",
        "restored": "Restored",
        "redesigned": "Redesigned",
        "widely": "Printed by several sites",
        "widely_hint": "Who was first, who copied, which copies differ and which are gone.",
        "followed": "Earlier stories, touched",
        "followed_hint": "Printed by several sites before; edited or withdrawn on one of them now.",
        "by_site": "New articles by site",
        "more_items": "{0} more",
        "more_sites": "{0} more",
        "more_articles": "{0} more",
        "more_printings": "{0} more",
        "reprinted": "{0} sites",
        "printed_at": "{0} pages",
        "first": "first",
        "earlier": "known before",
        "same": "says the same",
        "since_then": "later {0}",
        "behind": "as the first was before; the first then changed: {0}",
        "behind_too": "the first then changed: {0}",
        "withdrawn": "withdrawn",
        "origin": "reprinted from",
        "tallies": "Changes by site",
        "days": "Thirty days",
        "days_desc": "Changes a day from {0} to {1}; the most on one day is {2}, on {3} there are {4}.",
        "hours": "When they were found",
        "hours_desc": "Changes found by the hour; the most at {0}, {1}.",
        "spark_desc": "{0}, changes of thirty days, at most {1} a day",
        "day_total": "{0}: {1}",
        "hour_total": "{0}:00: {1}",
        "hour": "{0}:00",
        "most": "at most {0}",
        "others": "others",
        "keywords": "What was talked about",
        "keywords_hint": "Share of new articles that say a word far more often than in the {0} days before.",
        "keywords_first": "Day {0} of new articles: too short a past to compare with; talk is told after {1} days.",
        "keywords_chosen": "Talk is counted over the new articles of all sites, and so is left out of a choice.",
        "keyword_texts": "{0} articles",
        "keyword_usual": "{0} %, usually {1} %",
        "talk": "Talked about: {0}.",
        "health": "The sites' health",
        "health_hint": "By those of the national inspection's indicators that can be watched from outside: five per "
        "cent of a week's visits failing, columns left alone for two weeks (notices and policies "
        "six months), dead links, forged dates, tampering.",
        "site": "Site",
        "unreachable": "Does not open",
        "unreachable_of": "{1} of {0}",
        "stale_columns": "Columns overdue",
        "dead_links": "Dead links",
        "dated_back": "Dated back",
        "well": "Other sites, all well: {0}",
        "health_all_fine": "Sites, all well: {0}.",
        "last_success": "Last success",
        "never": "never",
        "stale": "Columns overdue",
        "two_weeks": " (over two weeks)",
        "half_year": " (over six months)",
        "more_columns": "and {0} more",
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
        "moved_from": "Paragraph moved from {0} to {1}",
        "exchanged": "{0} exchanged:",
        "rest_of": "{0} more characters",
        "more_passages": "{0} more edits",
        "deleted": "deleted",
        "inserted": "inserted",
        "source": "source: {0}",
        "empty": "Nothing changed on this day.",
        "empty_week": "Nothing changed in this week.",
        "empty_choice": "Nothing changed within this choice.",
        "empty_visits": "Sites visited: {0}; visits: {1}; failed: {2}.",
        "empty_unvisited": "No visits are on record for this day: no change told does not mean that no page changed.",
        "legend": "How to read this",
        "legend_deleted": "deleted text",
        "legend_inserted": "inserted text",
        "legend_text": "An … stands for text that stayed. All of it comes from comparing kept versions.",
        "new_window": "page",
        "archive": "archive",
        "compared": "comparison",
        "told_at": "change",
        "cut_mail": "{0} left out here to keep the mail short; the digest's page has them all.",
        "whole": "Read it whole on the web",
        "stops": ".",
        "elsewhere": "Still to be read on: ",
        "listed": ", ",
        "colon": ": ",
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


def moment_name(moment: datetime, day: date | None, lang: Lang, *, dated: bool = False) -> str:
    """An aware moment in China time; on ``day`` itself the clock alone, unless it is always to be ``dated``."""
    local = moment.astimezone(CHINA)
    clock = f"{local:%H:%M}"
    return clock if local.date() == day and not dated else f"{date_name(local.date(), day, lang)} {clock}"


def printed_name(printed: str, day: date | None, lang: Lang) -> str:
    """A printed date for reading, as precise as it was printed; without the year where that is the digest's own."""
    found = _ISO.fullmatch(printed[:16])
    if found is None:
        return printable(printed)
    try:
        named = date_name(date(int(found[1]), int(found[2]), int(found[3])), day, lang)
    except ValueError:
        return printable(printed)
    return f"{named} {found[4]}" if found[4] else named


def date_name(shown: date, day: date | None, lang: Lang) -> str:
    """A day for reading, without the year where that is the year of ``day``."""
    known = day is not None and shown.year == day.year
    if lang == "en":
        return f"{shown.day} {_MONTHS[shown.month - 1][:3]}" + ("" if known else f" {shown.year}")
    return ("" if known else f"{shown.year}年") + f"{shown.month}月{shown.day}日"


def as_of(digest: Digest, lang: Lang) -> str:
    """When the digest was made, and whether its day was over by then."""
    made = say(lang, "as_of", moment_name(digest.generated_at, digest.until, lang))
    if china_day(digest.generated_at) > digest.until:
        return made
    return made + say(lang, "comma") + say(lang, "unfinished")
