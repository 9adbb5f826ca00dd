"""Words: cutting Chinese text, the telling words of a day, people's names, and words that sound the same.

The only file that knows jieba and rjieba. rjieba gives jieba's own cuts fifteen times faster; of jieba itself only the
table of inverse document frequencies is used, and that only where an archive has no past to go by: it takes most of a
second and 120 MB. Each is loaded when it is first asked.

Names are found by a surname (the commonest four hundred, and the compound ones) together with what stands around it,
because the tagger alone calls 高明县 and 华为 persons: a post or role before (市长、记者), a deed or an address after
(主持、表示、同志), or another name beside it in a list.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温常康施文牛樊葛"
    "邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉蓝路游"
    "辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟"
    "应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢"
    "劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮"
    "都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯"
    "元束檀衣萧信展阴昝智幸奉植衡富尧闭由习丌锁凤酆芦逄呙瞿亶郗蒯桓闫伦逯钮"
)
_COMPOUND_SURNAMES = frozenset(
    _listed(
        "欧阳 上官 司马 诸葛 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 东方 独孤 南宫 端木 百里 呼延 轩辕 长孙 宇文 澹台 "
        "公冶 太史 申屠 闾丘 司空 亓官 钟离 赫连 拓跋 西门 东郭 左丘 第五 濮阳 淳于 单于 纳兰"
    )
)
_POSTS = tuple(
    _listed(
        "书记 市长 县长 区长 省长 州长 盟长 旗长 镇长 乡长 村长 局长 厅长 部长 司长 处长 科长 股长 所长 站长 院长 "
        "校长 园长 行长 会长 理事长 秘书长 主任 主席 主委 常委 委员 组长 队长 政委 经理 董事长 总裁 厂长 馆长 台长 "
        "社长 总编辑 总编 总监 巡视员 调研员 检察长 检察官 院士 教授 博士 研究员 工程师 专员 代表 负责人 干事 记者 "
        "通讯员 作者 编辑 主持人 主播 律师 民警 警官 法官 医生 医师 护士 护士长 老师 教师 班主任 辅导员 同志 先生 "
        "女士 村民 居民 市民 党员 职工 工人 农民 选手 教练 演员 导演 大使 总理 参赞 将军 司令员 烈士 战士 志愿者 "
        "家长 专家 讲解员 店员 传承人 带头人 店主 创始人 发言人 联系人 法定代表人 司机 学生 同学"
    )
)
_DEEDS = tuple(
    _listed(
        "主持 出席 表示 说 指出 强调 介绍 参加 带队 率队 率领 讲话 致辞 作报告 调研 汇报 宣布 认为 告诉 摄 陪同 传达 "
        "通报 主讲 走访 慰问 会见 签署 当选 同志 先生 女士 坦言 回忆 称 任 兼任 报道 撰文 讲述 作 代表 带领 主刀 "
        "提醒 呼吁 感慨 笑 建议 解释 透露 赶到 来到 要求 深入 一行"
    )
)
_NEVER_ENDS = frozenset("县市区省镇乡村办厅局委部校院室率型式化性感会站")
_PLACE_ENDS = frozenset("州路街旗桥山河湖江岛港城园馆寺楼峪关章团节队社军家库堂树")
_NO_NAMES = frozenset(
    _listed(
        "华为 高新 文明 安全 和平 平安 高端 荣誉 党员 全体 全面 全国 国家 时代 成立 成功 强调 解放 方案 方面 "
        "高水平 高素质 高质量 晋升为 晋升 王朝 师傅 孙女 孙子 周转 左翼 周密 智能化 许可证 幸福感"
    )
)
_ADVERBS = frozenset(
    _listed("首先 也 还 已 已经 都 先后 分别 亲自 代表 随后 最后 接着 在 就 将 又 一行 今天 日前 近日")
)
_LIST_MARKS = frozenset("、和与及 ")
_STOP_WORDS = frozenset(
    _listed(
        "我们 他们 你们 自己 这个 那个 这些 那些 一个 以及 通过 进行 开展 其中 可以 同时 已经 目前 表示 对于 关于 "
        "根据 按照 为了 因为 所以 但是 如果 没有 不是 就是 什么 怎么 记者 编辑 来源 作者 责任编辑 点击 浏览 时间 日期 "
        "本报讯 nbsp http https www com cn"
    )
)
_UNTELLING = ("c", "d", "f", "m", "p", "q", "r", "t", "u", "y", "z", "h", "k", "o")
"""Parts of speech that say when, where, how much and how, but not what."""

_SURELY = 20_000
"""How often a word of a list is held to occur: often enough that the cutter keeps it whole."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """The words ``first``..``last``, which together could be a name."""

    name: str
    first: int
    last: int

    @property
    def place_like(self) -> bool:
        return self.name[-1] in _PLACE_ENDS


@lru_cache(maxsize=1)
def _cutter() -> Any:
    import rjieba

    # It comes with its dictionary loaded; an object of its class would load a second one.
    return rjieba


def cut(text: str) -> list[str]:
    """The words of ``text`` in order; joined, they give ``text`` back."""
    return list(_cutter().cut(text))


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of ``text`` in order, each with jieba's part of speech (ns a place, nt an organisation)."""
    return list(_cutter().tag(text))


class Lexicon:
    """A cutter that also knows proper names which the dictionary lacks: posts, places, terms, a city's slogans.

    It is apart from the cutter that all comparison shares, so that what changed never depends on anybody's list.
    ``terms`` are (word, part of speech) pairs; of a word given twice the later counts. ``name`` tells one list from
    another.
    """

    def __init__(self, terms: Iterable[tuple[str, str]] = ()) -> None:
        self._terms = dict(terms)
        self._known = frozenset(self._terms)
        spelt = "\n".join(f"{word} {tag}" for word, tag in sorted(self._terms.items()))
        self.name = blake2b(spelt.encode(), digest_size=4).hexdigest()

    @cached_property
    def _own(self) -> Any:
        import rjieba

        own = rjieba.Jieba()
        for word, tag in self._terms.items():
            own.add_word(word, _SURELY, tag)
        return own

    def said(self, text: str) -> frozenset[str]:
        """The words of two characters and more that a text says, without figures and the trade's own (记者、来源)."""
        return frozenset(word for word in set(self._own.cut(text)) if _may_tell(word))

    def names_something(self, word: str) -> bool:
        """Whether a word by itself can say what a day was about: neither when, how much nor how."""
        if word in self._known:
            return True
        tags = [tag for _, tag in self._own.tag(word)]
        return bool(tags) and not tags[-1].startswith(_UNTELLING)


def rarity(word: str) -> float:
    """How rare a word is in Chinese at large: jieba's inverse document frequency, or that of a middling word."""
    table: Mapping[str, float] = _tf_idf().idf_freq
    return table.get(word, _tf_idf().median_idf)


def _may_tell(word: str) -> bool:
    return len(word) > 1 and not word[0].isdigit() and word.isalnum() and word not in _STOP_WORDS


@lru_cache(maxsize=1)
def _tf_idf() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
        from jieba.analyse import TFIDF

        # jieba leaves its table of frequencies open for the collector to close, hence inside the quiet block.
        jieba.setLogLevel(logging.CRITICAL)
        return TFIDF()


def words_and_names(text: str) -> list[tuple[str, float]]:
    """The words of ``text``, a person's name always one word, each with how surely it is a name.

    1.0 where something around marks it as one, 0.5 where it only has the form of a name, else 0. Joined, the words give
    ``text`` back.
    """
    cuts = tagged(text)
    words = [word for word, _ in cuts]
    candidates = list(_candidates(cuts))
    accepted = _accepted(words, candidates)
    said: list[tuple[str, float]] = []
    position = 0
    for mark in candidates:
        said += [(word, 0.0) for word in words[position : mark.first]]
        said += [(name, 1.0 if mark in accepted else 0.5) for name in _single_names(mark)]
        position = mark.last + 1
    return said + [(word, 0.0) for word in words[position:]]


def people(text: str) -> list[str]:
    """The names of people in ``text``, each once, in order of first mention.

    Precision before recall: a name with nothing around it that marks it as one is left out.
    """
    return list(dict.fromkeys(word for word, sureness in words_and_names(text) if sureness == 1.0))


def is_post(word: str) -> bool:
    """Whether ``word`` names a post or a role that a person's name may follow (市长、副书记、记者)."""
    return word.endswith(_POSTS)


@lru_cache(maxsize=4096)
def _sounds(character: str) -> frozenset[str]:
    from pypinyin import Style, pinyin

    return frozenset(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


def is_surname(text: str) -> bool:
    """Whether ``text`` is a surname of one character, or a compound one."""
    return text in _SURNAMES or text in _COMPOUND_SURNAMES


def has_a_meaning(text: str) -> bool:
    """Whether ``text`` is one word that means something else than a person's name (方案, 许可证, 社会)."""
    cuts = tagged(text)
    alone = len(cuts) == 1 and len(text) > 1 and not cuts[0][1].startswith(("nr", "x"))
    return text in _NO_NAMES or (alone and is_known(text))


def is_known(word: str) -> bool:
    """Whether the dictionary has ``word``; the cutter also guesses words that it has not."""
    return bool(_cutter().has_word(word))


def marks_a_name(following: str) -> bool:
    """Whether the words that follow say that a person was named before them (说, 主持, 老师)."""
    words = [word for word in cut(following) if word not in _ADVERBS]
    return bool(words) and (words[0].startswith(_DEEDS) or is_post(words[0]))


def same_sound(one: str, other: str) -> bool:
    """Whether two texts of equal length can be read aloud alike, tones aside: 的/得, 帐户/账户."""
    return len(one) == len(other) and all(_sounds(a) & _sounds(b) for a, b in zip(one, other, strict=True))


def _accepted(words: Sequence[str], candidates: Sequence[_Candidate]) -> set[_Candidate]:
    accepted = {mark for mark in candidates if _has_post_before(words, mark) or _has_deed_after(words, mark)}
    for run in _lists(words, candidates):
        full_names = sum(len(mark.name) == 3 and not mark.place_like for mark in run)
        if accepted.intersection(run) or (len(run) >= 3 and full_names * 2 > len(run)):
            accepted.update(mark for mark in run if not mark.place_like)
    return accepted


def _candidates(cuts: Sequence[tuple[str, str]]) -> Iterator[_Candidate]:
    position = 0
    while position < len(cuts):
        length = _name_length(cuts, position)
        if length:
            name = "".join(word for word, _ in cuts[position : position + length])
            yield _Candidate(name, position, position + length - 1)
        position += max(length, 1)


def _name_length(cuts: Sequence[tuple[str, str]], position: int) -> int:
    """How many tokens from ``position`` form a name: 0 for none, 2 where the cutter split surname and given name."""
    word, tag = cuts[position]
    following, following_tag = cuts[position + 1] if position + 1 < len(cuts) else ("", "")
    if word in _NO_NAMES or word[-1] in _NEVER_ENDS:
        return 0
    surname = word in _COMPOUND_SURNAMES or (len(word) == 1 and word in _SURNAMES)
    if surname and following_tag.startswith("nr") and len(following) <= 2 and following[0].isalpha():
        return 2
    if surname and tag.startswith("nr") and following and len(following) <= 2 and following_tag in {"r", "n", "a"}:
        return 2 if not is_post(following) else 0
    longest = 4 if word[:2] in _COMPOUND_SURNAMES or _two_names(word) else 3
    if tag.startswith("nr") and 2 <= len(word) <= longest and (word[0] in _SURNAMES or word[:2] in _COMPOUND_SURNAMES):
        return 1
    return 0


def _two_names(word: str) -> bool:
    return len(word) == 4 and word[0] in _SURNAMES and word[2] in _SURNAMES and word[:2] not in _COMPOUND_SURNAMES


def _single_names(mark: _Candidate) -> list[str]:
    if _two_names(mark.name) and mark.first == mark.last:
        return [mark.name[:2], mark.name[2:]]
    return [mark.name]


def _has_post_before(words: Sequence[str], mark: _Candidate) -> bool:
    before = [word for word in words[max(0, mark.first - 3) : mark.first] if word not in {" ", ":", "："}]
    return bool(before) and is_post(before[-1])


def _has_deed_after(words: Sequence[str], mark: _Candidate) -> bool:
    following = [word for word in words[mark.last + 1 : mark.last + 4] if word not in _ADVERBS]
    after = following[0] if following else ""
    return not mark.place_like and (after.startswith(_DEEDS) or is_post(after))


def _lists(words: Sequence[str], candidates: Sequence[_Candidate]) -> Iterator[list[_Candidate]]:
    """Runs of candidates that only list marks, or nothing, part."""
    run: list[_Candidate] = []
    for mark in candidates:
        if run and not set(words[run[-1].last + 1 : mark.first]) <= _LIST_MARKS:
            yield run
            run = []
        run.append(mark)
    if run:
        yield run
