"""The words that hijackers write into other people's pages, by family and with a weight.

A weight says how strongly the word alone, where a municipal page's title, keywords, description or hidden links did
not have it before, speaks for a hijack: 0.9 is never said honestly there, 0.3 is also said by honest pages (a lottery
bureau, a bank, a police story) and needs company. Judge a page by the sum over the words it *newly* shows and does not
say in its own headline and body: 0.6 and more is a hijack (``monitor.compare.tampering``). The list is the editors'
own, from the families that the field guide names (FIELD: "Hijacked pages"); it is no one page's list.

Words are NFKC, lower case, without inner spaces; traditional forms stand beside simplified ones, since a title is
matched as it is printed.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

_BY_WEIGHT: dict[str, tuple[tuple[float, str], ...]] = {
    "彩票": (
        (0.3, "彩票 开奖结果 足彩"),
        (0.4, "新澳门 正版资料"),
        (0.5, "彩票网 北京赛车 北京賽車 pk10 六合彩 开奖直播"),
        (0.6, "彩票平台 快三平台 快三开奖 六合特码 一肖一码 赛车计划"),
        (0.7, "时时彩 時時彩 幸运飞艇 香港六合"),
        (0.8, "分分彩"),
    ),
    "赌博": (
        (0.2, "捕鱼 永利 app下载"),
        (0.3, "赌博 轮盘 牛牛 棋牌 太阳城 申博 斗地主 投注 下注 赌球 云顶 注册登录 登录入口 官网入口 手机版下载"),
        (0.4, "赌场 賭場 娱乐平台 博彩 线上体育 威尼斯人"),
        (0.5, "娱乐官网 葡京 老虎机 老虎機 棋牌游戏 注册送"),
        (0.6, "娱乐城 娛樂城 澳门娱乐 澳門娛樂 百家乐 百家樂 棋牌官网 真钱棋牌 滚球盘"),
        (0.7, "真人娱乐 真人娛樂 澳门真人 皇冠体育 银河娱乐 金沙国际 华体会 半岛体育 万博体育"),
        (0.8, "亚博体育 乐鱼体育 开云体育 金沙娱乐"),
        (0.9, "澳门新葡京 皇冠现金 bet365 188bet 博天堂 送彩金"),
    ),
    "色情": (
        (0.3, "色情"),
        (0.4, "裸聊 国产精品"),
        (0.5, "无码 無碼 黄色网站 一夜情 亚洲精品 同城交友"),
        (0.6, "在线看片 亚洲欧美"),
        (0.7, "成人电影 三级片"),
        (0.8, "成人视频 成人影片 约炮 小姐上门 人妻视频"),
        (0.9, "无码高清 av在线 巨乳 楼凤"),
    ),
    "代开发票": (
        (0.3, "刻章"),
        (0.5, "办假证 办理毕业证"),
        (0.6, "代开发票 代開發票 发票代理 代写论文 论文代发"),
        (0.8, "增值税发票代开 代办文凭"),
    ),
    "私服": (
        (0.5, "游戏外挂"),
        (0.6, "私服 开服表"),
        (0.7, "外挂下载"),
        (0.9, "传奇私服 传奇sf sf发布网 魔域私服"),
    ),
    "贷款": (
        (0.1, "贷款"),
        (0.2, "小额贷款"),
        (0.4, "配资"),
        (0.5, "无抵押贷款 信用卡提额 股票配资"),
        (0.6, "信用卡套现 杠杆炒股"),
        (0.8, "秒下款"),
        (0.9, "黑户贷款 网贷口子"),
    ),
    "医药": (
        (0.3, "减肥药"),
        (0.5, "丰胸 白癜风医院 无痛人流"),
        (0.6, "壮阳 迷药"),
        (0.7, "伟哥 春药 催情"),
        (0.9, "包小姐"),
    ),
    "黑产": (
        (0.2, "刷单 翻墙"),
        (0.3, "高仿 窃听器"),
        (0.5, "刷粉"),
        (0.8, "黑客接单 泛目录 复刻手表"),
        (0.9, "黑帽seo"),
    ),
}

SPAM_FAMILIES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        family: MappingProxyType({word: weight for weight, words in rows for word in words.split()})
        for family, rows in _BY_WEIGHT.items()
    }
)
"""Family name → word → weight, 0..1."""

SPAM_WORDS: Mapping[str, float] = MappingProxyType(
    {word: weight for family in SPAM_FAMILIES.values() for word, weight in family.items()}
)
"""Every word with its weight, over all families."""

_LONGEST_FIRST = re.compile("|".join(re.escape(word) for word in sorted(SPAM_WORDS, key=len, reverse=True)))
_FILLING = re.compile(r"[\W_]+")


def matching_form(text: str) -> str:
    """``text`` in the form the words stand in: entities decoded, NFKC, lower case, no space or decoration inside."""
    return _FILLING.sub("", unicodedata.normalize("NFKC", html.unescape(text)).lower())


def spam_words(text: str) -> dict[str, float]:
    """The spam words that ``text`` says, each once with its weight, in order; the longest word wins where several fit.

    ``彩票平台注册登录`` gives ``彩票平台`` and ``注册登录``, not ``彩票`` besides. An honest sentence may hold some
    (``打击网络赌博``): the caller compares with what the page says for itself.
    """
    return {found: SPAM_WORDS[found] for found in _LONGEST_FIRST.findall(matching_form(text))}
