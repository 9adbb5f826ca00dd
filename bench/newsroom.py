"""Made words for made edits and made furniture: every call speaks anew, so that no string can be keyed on."""

from __future__ import annotations

from random import Random


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林梁郑谢唐许冯宋韩邓彭曹曾田于萧潘袁董叶杜丁蒋程余吕魏蔡苏任卢沈姜"
_GIVEN = "建国志强明哲晓东海燕丽娟文斌学军永红春梅国庆伟民秀英德胜玉兰子昂雨桐浩然思远佳怡俊杰立新少华振宇慧敏家栋"
_POSTS = _listed(
    "市长 副市长 县长 区委书记 市委书记 局长 副局长 主任 副主任 秘书长 镇长 厅长 处长 院长 校长 董事长 总经理 所长"
)
_DEEDS = _listed("主持 指出 强调 介绍 表示 说 出席 宣布")
_CITIES = _listed("栖霞 永宁 临川 东平 安源 武陵 丰泽 新安 石门 清河 长乐 太和 宜丰 南陵 海门 江阳 金坛 云阳 白河 青田")
_BODIES = _listed(
    "财政局 教育局 水利局 住建局 民政局 审计局 卫健委 发改委 市场监管局 生态环境局 农业农村局 文旅局 "
    "交通运输局 应急管理局 自然资源局 司法局 统计局 商务局 总工会 残联 人民医院 第一中学 妇联 供销社"
)
_THINGS = _listed(
    "河道整治 老旧小区改造 春耕备耕 防汛演练 人才招聘 文明创建 食品安全 农贸市场 公交线路 智慧停车 "
    "护林防火 非遗展演 健康义诊 电动车充电 校园周边 垃圾分类 技能培训 乡村旅游 科普宣传 道路养护 夜间经济 "
    "政务服务 水库除险 惠企政策"
)
_DONE = _listed(
    "圆满完成 全面启动 有序推进 受到好评 通过验收 再添新举措 现场观摩 专题推进 集中整治 交流座谈 送到家门口 稳步实施"
)
_TOWNS = _listed("城关镇 东湖街道 桃源镇 双溪乡 北岭镇 西塘街道 柳河镇 三合镇 龙泉乡 南门街道 沙坪镇 石桥镇")
_SPOTS = _listed("文化广场 体育中心 会展中心 人民公园 图书馆 博物馆 政务服务中心 滨江大道 火车站 客运枢纽")
_CROWD = _listed("网友 市民 读者 游客 用户 街坊 老乡 同城")
_OPINIONS = _listed(
    "写得真好 给家乡点赞 希望早日完工 支持 什么时候轮到我们小区 已转给家人 路过看看 期待后续报道 "
    "办事效率高了 建议多设几个点 交通确实方便多了 为一线人员加油"
)
_WARES = _listed("空调 地板 月饼 新车 家纺 旅行 体检 楼盘 家教 保险 茶叶 净水器 羽绒服 手机 眼镜 橱柜")
_OFFERS = _listed("限时直降 买一送一 预约有礼 送货上门 首付三成 品质之选 厂家直供 免费试用 全场半价 开业大吉")


def name(dice: Random) -> str:
    """A person's name of two or three characters."""
    return dice.choice(_SURNAMES) + "".join(dice.sample(_GIVEN, dice.choice((1, 2, 2, 2))))


def full_name(dice: Random) -> str:
    """A person's name of three characters."""
    return dice.choice(_SURNAMES) + "".join(dice.sample(_GIVEN, 2))


def post(dice: Random) -> str:
    """An office that stands before a name."""
    return dice.choice(_POSTS)


def deed(dice: Random) -> str:
    """What a report says that an official did."""
    return dice.choice(_DEEDS)


def city(dice: Random) -> str:
    """A city's or county's name without its rank."""
    return dice.choice(_CITIES)


def place(dice: Random) -> str:
    """A district, town or spot."""
    made = (f"{city(dice)}{dice.choice('县市区')}", dice.choice(_TOWNS), f"{city(dice)}{dice.choice(_SPOTS)}")
    return dice.choice(made)


def body(dice: Random) -> str:
    """An organisation."""
    return f"{dice.choice(('市', '县', '区', city(dice) + '市', city(dice) + '县'))}{dice.choice(_BODIES)}"


def thing(dice: Random) -> str:
    """What is reported on."""
    return dice.choice(_THINGS)


def headline(dice: Random) -> str:
    """Another article's headline."""
    forms = (
        f"{city(dice)}{dice.choice('县市区')}{thing(dice)}{dice.choice(_DONE)}",
        f"{body(dice)}:{thing(dice)}工作{dice.choice(_DONE)}",
        f"{name(dice)}调研{city(dice)}{thing(dice)}情况",
        f"{dice.choice(_TOWNS)}{dice.randint(2, 60)}个村{thing(dice)}{dice.choice(_DONE)}",
        f"图说|{city(dice)}{dice.choice(_SPOTS)}里的{thing(dice)}",
        f"关于{thing(dice)}有关事项的通知",
    )
    return dice.choice(forms)


def sentence(dice: Random) -> str:
    """A sentence as a report has it, without the facts that a bench looks for."""
    forms = (
        f"{thing(dice)}是群众关心的一件实事,各部门协同配合,工作{dice.choice(_DONE)}。",
        f"据了解,围绕{thing(dice)}和{thing(dice)},当地正在完善长效机制,推动各项任务落到实处。",
        f"工作人员走进社区讲解{thing(dice)}知识,居民听得认真,现场气氛热烈。",
        f"下一步,将继续聚焦{thing(dice)},把好事办好,让群众得到更多实惠。",
        f"活动现场,{dice.choice(_CROWD)}纷纷围拢过来,对{thing(dice)}赞许有加。",
        f"围绕{thing(dice)},大家畅所欲言,提出了许多中肯的意见和建议。",
    )
    return dice.choice(forms).replace(",", "，")


def comment(dice: Random) -> str:
    """What a reader left below an article."""
    return f"{dice.choice(_CROWD)}{dice.randint(100, 99999)}:{dice.choice(_OPINIONS)}，{dice.choice(_OPINIONS)}"


def slogan(dice: Random) -> str:
    """An advertiser's line."""
    return f"{city(dice)}{dice.choice(_WARES)}{dice.choice(_OFFERS)}"


def token(dice: Random, length: int = 32) -> str:
    """A session's or a form's token in hex digits."""
    return "".join(dice.choices("0123456789abcdef", k=length))
