"""How spam is worded, whatever it sells: names beside trade words, strung together, with a number to ask at.

A list of spam words (``spamwords``) is always behind its time; the manner is not. Here a text is judged by its manner
alone, and only where nobody reads it: a headline like 高校毕业生就业服务平台注册指南 would pass for half of one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.extraction.spamwords import matching_form, spam_words

STUFFED = 1.5
"""The weight of a text's manner from which it is stuffed for search engines."""

STRUNG = 0.7
"""What it weighs that a text is strung together; all else in its manner is a matter of single words."""

_LOUD = re.compile(
    r"官网|首存|返水|返利|彩金|提现|开户|试玩|充值|加微|多少钱|出售|货源|代办|包过|信誉|靠谱|字幕|全集|辅助|破解|上门|包邮|"
    r"货到付款|技巧|玩法|免费看|无需|秒到|即送|首充|必中|稳赚|真人|私聊",
)
_TRADE = re.compile(
    r"平台|客服|娱乐|网址|排行榜|登录|登陆|注册|下载|入口|网站|手机版|最新|安卓|客户端|app|办理|免费|直播|大全|在线|论坛|代理|加盟|计划|预测|体育|国际|会员|价格|正规|专业",
)
_ASK = re.compile(
    r"(?:qq|扣扣|微信|威信|薇信|v信|wx|电报|飞机|telegram|tg|whatsapp)(?:号|群)?\d*[:]?[a-z0-9_]{5,20}|1[3-9]\d{9}"
)
_PARTS = re.compile(r"[,，、|_\-—–;；/\s·★☆●◆■【】\[\]()（）<>«»!！?？]+")
_SENTENCE = re.compile(r"[。；]|，.{4,}，")
_HANZI = re.compile("[\u4e00-\u9fff]")
_SAME = 3
"""Parts of a text that have one stem, from which it is strung together (甲官网,甲登录,甲下载)."""
_MANY = 6
_LONGEST_LINE = 160
_SHORTEST_OFFER, _LONGEST_OFFER = 2, 30
_PLAIN = 0.4
"""A lottery bureau's links say 彩票 and 开奖结果; words below this alone sell nothing."""
_NUMBER = re.compile(r"[A-Za-z0-9_]{5}")
_NAME = 3
_BODY = re.compile(
    r"(?:政府|委员会|人大|政协|法院|检察院|局|厅|部|院|会|校|大学|学院|中心|银行|集团|公司|报|新闻|电视台|广播|网|在线|热线|传媒|馆|协会|文明办|频道|"
    r"论坛|查询|服务|预约|挂号|停车|缴纳|缴费|办理|下载|登录|注册|公交|天气|天气预报|地图|直播|访谈|客户端|微信|微博|抖音|邮箱|信箱|统计)$"
)
_SPAM, _SHARE = 0.6, 0.12
_WARNING = re.compile(
    "警方|公安|民警|涉案|抓获|打击|切勿|违法|犯罪|诈骗|防范|整治|举报|扫黄|治理|严禁|警惕|受骗|被骗|骗局|非法|"
    "被告人|判处"
)


def warns(text: str) -> bool:
    """Whether a text speaks of such things as police and prosecutors do."""
    return _WARNING.search(text) is not None


def manner(text: str) -> float:
    """How much a text is worded like spam, from 0; ``STUFFED`` and more is. The words of the list count for nothing."""
    bare = matching_form(text)
    loud, trade = set(_LOUD.findall(bare)), set(_TRADE.findall(bare))
    asks = _ASK.search(re.sub(r"\s+", "", text.lower()).replace("：", ":"))
    return 0.7 * len(loud) + 0.4 * len(trade) + (0.8 if asks else 0.0) + (STRUNG if is_strung(text) else 0.0)


def parts(text: str) -> list[str]:
    """The pieces that a strung text is made of, each once."""
    return list(dict.fromkeys(part for part in _PARTS.split(text) if len(part) > 1))


def is_strung(text: str) -> bool:
    """Whether several pieces of a text begin alike and end otherwise: one name with all that is searched beside it."""
    pieces = [part for part in parts(text) if len(part) < 16]
    if len(pieces) < _SAME:
        return False
    starts = [piece[:2] for piece in pieces]
    return max(starts.count(start) for start in set(starts)) >= max(_SAME, len(pieces) // 2)


def repeats(title: str) -> bool:
    """Whether two of a title's three or more parts begin with one name (甲馆报价-乙馆平台-甲馆注册)."""
    pieces = parts(title)
    starts = [piece[:_NAME] for piece in pieces if len(piece) > _NAME]
    return len(pieces) >= _SAME and len(starts) > len(set(starts))


def is_stuffed(text: str) -> bool:
    """Whether a text that no reader sees was put there for search engines: spam words, or their manner.

    A warning of the police is none; nor is a menu's 用户登录 or 客户端下载.
    """
    bare = matching_form(text)
    words, loud = spam_words(text), _LOUD.search(bare) is not None
    if not (words or loud) or warns(text):
        return False
    said = sum(len(word) for word in words)
    if sum(words.values()) >= _SPAM and said >= _SHARE * len(bare):
        return True
    return loud and manner(text) >= STUFFED and len(parts(text)) >= _SAME


def is_sales_talk(line: str) -> bool:
    """Whether a line that everybody sees is worded as spam is, with a number to ask at; a menu has none."""
    if len(line) > _LONGEST_LINE or not _NUMBER.search(line):
        return False
    return _ASK.search(line.lower()) is not None and manner(line) >= STUFFED and not warns(line)


@lru_cache(maxsize=8192)
def sells(words: str) -> bool:
    """Whether a link that everybody sees is worded as what hijackers sell: a word of the list, or a loud one."""
    if not _SHORTEST_OFFER <= len(words) <= _LONGEST_OFFER or warns(words):
        return False
    return is_loud(words) or any(weight >= _PLAIN for weight in spam_words(words).values())


def is_loud(text: str) -> bool:
    """Whether a text has a word that only who sells shouts (官网, 返水, 货到付款); one alone proves nothing."""
    return _LOUD.search(matching_form(text)) is not None


def is_spam_title(title: str) -> bool:
    """Whether a title sells what hijackers sell: enough words of the list, or all of their manner."""
    return not warns(title) and (sum(spam_words(title).values()) >= _SPAM or manner(title) >= STUFFED)


def is_list_of_names(text: str) -> bool:
    """Whether a text is many short Chinese pieces and no sentence, as a picture's caption never is."""
    pieces = [piece for piece in parts(text) if _HANZI.match(piece)]
    return len(pieces) >= _MANY and max(map(len, pieces)) <= 12 and not _SENTENCE.search(text)


def names_a_body(text: str) -> bool:
    """Whether the words of a link name a public body, a paper, a firm or a service: partners and menus, not spam."""
    return _BODY.search(text.strip()) is not None and not spam_words(text) and manner(text) < 1
