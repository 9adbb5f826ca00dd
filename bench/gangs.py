"""Made hijackers: the words of their trades, how they spell them, and domains bought by the hundred.

Half of each trade's words are held out: the detector's list has none of them, so that what finds a page with such words
is the manner and the place, not the list. Everything is drawn from a seeded ``random.Random``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

TRADES: Mapping[str, tuple[str, str]] = {
    "gambling": (
        "娱乐城 百家乐 老虎机 真人娱乐 棋牌游戏 澳门新葡京",
        "金鲨银鲨 大满贯水果机 德扑俱乐部 推筒子 炸金花房卡 森林舞会机",
    ),
    "sports": ("皇冠体育 亚博体育 滚球盘 足彩 投注", "让球水位 欧赔初盘 走地大小 串关倍率 波胆单"),
    "lottery": ("时时彩 六合彩 北京赛车 幸运飞艇 分分彩", "龙虎和值 三码定胆 极速六码 冠亚和 平特生肖"),
    "porn": ("无码高清 成人视频 一夜情 约炮 三级片", "福利姬 蜜桃影院 深夜小剧场 外围模特 红灯秘境"),
    "papers": ("代开发票 办假证 代办文凭 代写论文 刻章", "补办学位证书 餐饮票据代出 克隆驾照 挂靠资质证 代考四级"),
    "loans": ("黑户贷款 信用卡套现 秒下款 网贷口子 股票配资", "花呗取现 包装流水 白户提额 大额私借 养卡代还"),
    "medicine": ("壮阳 春药 迷药 伟哥 白癜风医院", "听话水 昏睡喷雾 延时神油 祖传牛皮癣方 增大贴"),
    "games": ("传奇私服 游戏外挂 私服 魔域私服 外挂下载", "透视自瞄 变态手游服 单职业开区 刷钻神器 王者脚本"),
    "chess": ("棋牌官网 斗地主 牛牛 捕鱼 棋牌", "血流麻将房 四人红中馆 跑得快茶馆 千炮摸鱼 温州二人扛"),
}
"""Trade → words the detector's list has, and words it has not."""

ENDS = (
    "官网",
    "平台",
    "下载",
    "注册",
    "登录入口",
    "客服",
    "安装",
    "旗舰店",
    "报价",
    "导航",
    "秘籍",
    "一条龙",
    "试玩",
    "多少钱",
)
_TRADITIONAL = str.maketrans(
    "娱乐乐龙虎万发财国体育开网银机码单书区单职业无线点击头车证贷药质资",
    "娛樂樂龍虎萬發財國體育開網銀機碼單書區單職業無線點擊頭車證貸藥質資",
)
_PINYIN = (
    "bocai pingtai",
    "qipai guanwang",
    "shishicai jihua",
    "laohuji xiazai",
    "zhenren yule",
    "daikai fapiao",
    "sifu fabuwang",
)
SYLLABLES = [
    "bo",
    "cai",
    "le",
    "fa",
    "da",
    "ying",
    "xin",
    "wan",
    "jin",
    "sha",
    "hao",
    "yun",
    "tai",
    "hong",
    "long",
    "ke",
    "mi",
    "na",
]
CHEAP = ("top", "vip", "xyz", "cc", "club", "win")
_PLAIN = ("com", "net", "cn", "com.cn")


@dataclass
class Gang:
    """One hijacker: a trade, half of its words, a way to spell them, and domains. ``dice`` decides all of it."""

    dice: Random
    held_out: bool
    spelling: str

    def __post_init__(self) -> None:
        self.trade = self.dice.choice(sorted(TRADES))

    def words(self, count: int) -> list[str]:
        """So many of its words, spelled its way."""
        own = TRADES[self.trade][int(self.held_out)].split()
        return (
            [self._spelled(self.dice.choice(own)) for _ in range(count)]
            if count > len(own)
            else [self._spelled(word) for word in self.dice.sample(own, count)]
        )

    def _spelled(self, word: str) -> str:
        if self.spelling == "traditional":
            return word.translate(_TRADITIONAL)
        if self.spelling == "spaced":
            return " ".join(word)
        if self.spelling == "decorated":
            return self.dice.choice("·★.-").join(word)
        if self.spelling == "pinyin":
            return self.dice.choice(_PINYIN)
        return word

    def phrase(self) -> str:
        """A word with what is searched beside it."""
        return self.words(1)[0] + self.dice.choice(ENDS)

    def title(self) -> str:
        """A title for search engines: names and ends, strung together."""
        mark = self.dice.choice("-_|,")
        first, second = self.words(2)
        ends = self.dice.sample(ENDS, 3)
        if self.dice.random() < 0.5:
            return mark.join(first + end for end in ends)
        return mark.join((first + ends[0], second + ends[1], first + ends[2]))

    def keywords(self) -> str:
        return ",".join(word + self.dice.choice(("", *ENDS)) for word in self.words(5))

    def description(self) -> str:
        first, second, third = self.words(3)
        ask = self.dice.choice(("客服QQ", "加微信", "电报", "咨询微信"))
        number = self.dice.randrange(10**8, 10**9)
        gift = self.dice.randrange(18, 999)
        offer = f"{first}{self.dice.choice(ENDS)}为您提供{second}、{third}等服务"
        return f"{offer},注册即送{gift}元,{ask}{number}。"

    def host(self) -> str:
        """A domain: two in three bought cheap or mixed with figures, one with a name like any other's."""
        name = "".join(self.dice.choice(SYLLABLES) for _ in range(self.dice.randint(2, 3)))
        kind = self.dice.randrange(3)
        if kind == 0:
            return f"www.{name}{self.dice.randrange(10, 99)}.{self.dice.choice(CHEAP)}"
        if kind == 1:
            return f"www.{name[:3]}{self.dice.randrange(1000, 99999)}.{self.dice.choice(_PLAIN)}"
        return f"www.{name}.{self.dice.choice(_PLAIN)}"

    def address(self) -> str:
        return (
            f"http://{self.host()}/{self.dice.choice(('', 'go/', 'index.html', f'a/{self.dice.randrange(999)}.html'))}"
        )

    def links(self, count: int) -> str:
        mark = self.dice.choice((" ", "|", "<br>"))
        return mark.join(f'<a href="{self.address()}" target="_blank">{self.phrase()}</a>' for _ in range(count))


SPELLINGS = ("plain", "plain", "traditional", "spaced", "decorated", "pinyin")


def gang_of(seed: int, style: str, number: int) -> Gang:
    """The hijacker of one case: every other one has held-out words, and the spellings take turns."""
    return Gang(Random(f"{seed} {style} {number}"), bool(number % 2), SPELLINGS[number // 2 % len(SPELLINGS)])
