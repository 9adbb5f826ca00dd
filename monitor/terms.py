"""Terms of Chinese municipal news that general dictionaries cut apart: posts, bodies, policies, works, weather.

Words of one city alone do not belong here but in its home's ``words.txt``, one a line, as jieba's user dictionaries
are written: ``梧岗区 ns``. A line that begins with # says nothing.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

from crawler.faults import fault
from crawler.yamlfile import ConfigError

log = logging.getLogger(__name__)

_POSTS = """
市委书记 区委书记 县委书记 镇党委书记 村党支部书记 常务副市长 副市长 副区长 副县长 代市长 代县长 秘书长
政法委书记 纪委书记 组织部长 宣传部长 统战部长 驻村第一书记 第一书记 河湖长 林长 田长 链长 街长 路长 楼长 网格员
网格长 新闻发言人 首席数据官
"""
_BODIES = """
市委常委会 市政府常务会 人大常委会 政协 市监委 市纪委监委 发改委 卫健委 住建局 自然资源局 生态环境局 市场监管局
应急管理局 医保局 人社局 农业农村局 文旅局 行政审批局 数据局 城管局 退役军人事务局 政务服务中心 融媒体中心
疾控中心 综合行政执法局 公共资源交易中心 高新区 经开区 自贸区 自贸试验区 综合保税区 城投公司 巡察组 督察组 专班
工作专班
"""
_POLICIES = """
放管服 一网通办 最多跑一次 一件事一次办 高效办成一件事 专精特新 小巨人 新质生产力 双碳 碳达峰 碳中和 双减 双随机
一老一小 乡村振兴 乡村全面振兴 千万工程 共同富裕 营商环境 招商引资 以旧换新 两新 两重 消费券 家电以旧换新 保交楼
保交房 城中村改造 老旧小区改造 城市更新 棚户区改造 海绵城市 无废城市 低空经济 数字经济 夜经济 首店经济 银发经济
人工智能 大模型 医共体 医联体 家庭医生 长护险 惠民保 居民医保 异地就医 公积金贷款 保障性租赁住房 公租房 人才公寓
土地出让 规划许可 环评 安全生产 扫黑除恶 反诈 信访 主题教育 党纪学习教育 中央八项规定 中央环保督察 巡视 巡察
十五五规划 十四五规划 政府工作报告 两会 民生实事 接诉即办 市民热线 网格化管理 文明城市 卫生城市 创文 创卫
烟花爆竹 禁燃 垃圾分类 河长制 林长制 田长制 退林还耕 高标准农田 粮食安全 耕地保护 双抢 春耕 三夏 秋收 中考 高考
学区划分 义务教育招生 课后服务 营养餐
"""
_WORKS_AND_WEATHER = """
轨道交通 地铁 轻轨 快速路 绕城高速 城际铁路 高铁站 互通立交 跨江大桥 隧道 充电桩 新能源汽车 停车位 绿道 口袋公园
污水处理厂 水厂 水库 泵站 排涝 内涝 强降雨 暴雨红色预警 台风 寒潮 高温红色预警 防汛 抗旱 山洪 泥石流 地质灾害
应急响应 停课 停水 停电 停气 限行 限号 封闭施工 交通管制 食物中毒 登革热 流感 基孔肯雅热 森林火险
"""
_LONGEST = 24
_LINE = re.compile(r"(\S+)(?:\s+\d+)?(?:\s+([a-z]{1,4}))?")

TERMS: tuple[tuple[str, str], ...] = tuple(
    (word, tag)
    for text, tag in ((_POSTS, "n"), (_BODIES, "nt"), (_POLICIES, "nz"), (_WORKS_AND_WEATHER, "n"))
    for word in text.split()
)


def terms_of(home: Path) -> tuple[tuple[str, str], ...]:
    """The terms above and those of a home's ``words.txt``, if it has one. Raises ConfigError with file and line."""
    path = home / "words.txt"
    try:
        written = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return TERMS
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(fault("unreadable", error), f"{path}: ") from None
    own = []
    for number, line in enumerate(written.splitlines(), 1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        found = _LINE.fullmatch(said)
        if found is None or not 1 < len(found[1]) <= _LONGEST:
            raise ConfigError(fault("term", _LONGEST), f"{path}:{number}: ")
        own.append((found[1], found[2] or "nz"))
    return (*TERMS, *own)


def usable_terms(home: Path) -> tuple[tuple[str, str], ...]:
    """The same for who cannot wait for a person: a ``words.txt`` with a fault is told of and left out."""
    try:
        return terms_of(home)
    except ConfigError as error:
        log.error("%s; the digest goes without these words", error)
        return TERMS
