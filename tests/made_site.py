"""A made site of one template whose articles differ, for what sites teach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crawler.extraction.decode import decode
from crawler.extraction.learned import Learned
from crawler.extraction.learning import Sample, learn, sample_of
from crawler.extraction.outline import outline

TOPICS = (
    *("供水管网改造", "城北公园扩建", "老旧小区加装电梯", "夜间公交线路调整", "秋粮收购", "青年职业技能大赛"),
    *("清溪河清淤", "社区食堂开业", "冬季义务植树", "图书馆延时开放", "农贸市场升级", "校园足球联赛"),
)
PLACES = ("城东", "城西", "河口", "新港", "南山", "北湖")
TOLD = "张王李赵陈刘周吴郑孙钱冯"
ARTICLES = 10


def address(number: int) -> str:
    """The address of an article."""
    return f"http://127.0.0.1/xw/{number}.html"


def topic_of(number: int) -> str:
    """What an article is about; of 72 no two are about the same."""
    return PLACES[number // len(TOPICS) % len(PLACES)] + TOPICS[number % len(TOPICS)]


def story(number: int) -> list[str]:
    """An article's own paragraphs."""
    topic = topic_of(number)
    return [
        f"本报讯 {topic}工作日前全面启动，市有关部门负责人到现场察看进度，听取群众意见和建议。",
        f"据介绍，{topic}涉及全市{number + 3}个街道，预计投入资金{number * 17 + 120}万元，年底前可以完成。",
        f"市民{TOLD[number % len(TOLD)]}女士说，{topic}让大家的日子更加方便了。",
    ]


def article(
    number: int,
    paragraphs: Sequence[str] | None = None,
    *,
    head: str = "",
    foot: str = "",
    below: str = "",
    frame: str = "wrap",
    note: str = "",
) -> bytes:
    """An article's page: ``head`` and ``foot`` in the story's box, ``below`` behind it, ``note`` in the page's head.

    ``frame`` is what the template calls its boxes.
    """
    title = f"{topic_of(number)}全面启动"
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (story(number) if paragraphs is None else paragraphs))
    return (
        f'<html><head><meta charset="utf-8"><title>{title}-云溪新闻网</title>{note}</head><body>'
        f'<div class="{frame}-top"><div class="{frame}-logo"><img src="/i/logo.png"></div></div>'
        f'<div class="{frame}-nav"><ul class="{frame}-menu"><li><a href="/">首页</a></li></ul></div>'
        f'<div class="{frame}"><h1>{title}</h1>'
        f'<div class="{frame}-info">发布时间：2026-11-{number + 1:02d} 08:30 来源：云溪日报</div>'
        f'<div class="{frame}-text">{head}{text}{foot}</div>{below}</div>'
        f'<div class="{frame}-foot"><div class="{frame}-owner">云溪新闻网 版权所有</div></div></body></html>'
    ).encode()


def sample(number: int, body: bytes, version: int = 1) -> Sample:
    """What a page shows to the learner."""
    page = outline(decode(body).text)
    return sample_of(address(number), version, page.sheet, page.body.kept if page.body else ())


def teach(bodies: Iterable[bytes]) -> Learned:
    """What pages teach, one version each."""
    return learn(sample(number, body) for number, body in enumerate(bodies))
