"""Each fact is one token, and an edit tells which facts it touches; a near miss of each kind is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.compare.align import Body, reading
from monitor.compare.edits import body_edits
from monitor.compare.facts import Kind, tokens
from storage.records import Facts


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.text, token.kind.value) for token in tokens(reading(text)) if token.kind is not Kind.WORD]


def facts(before: str, after: str) -> dict[str, Any]:
    said: Facts = body_edits(Body.of([before]), Body.of([after])).facts
    names = ("numbers", "dates", "people", "documents", "negations", "organisations", "places")
    return {name: list(getattr(said, name)) for name in names if getattr(said, name)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("共4156名新党员", ["4156名"]),
        ("投资6.89亿元,新增29715个", ["6.89亿", "29715个"]),
        ("1,234.5万元和５００元", ["1,234.5万", "500元"]),
        ("同比增长12.5%,上升0.3个百分点", ["12.5%", "0.3个百分点"]),
        ("百分之三十,三分之二", ["百分之三十", "三分之二"]),
        ("三十二名学员、一百二十户", ["三十二名", "一百二十户"]),
        ("40余家、1000余场次、3万余名", ["40余家", "1000余场次", "3万余"]),
        ("30-50名,5%~8%", ["30-50名", "5%~8%"]),
        ("30日内办结,5个工作日,6个月", ["30日", "5个工作日", "6个月"]),
        ("长100km、80公里,面积200平方米", ["100km", "80公里", "200平方米"]),
        ("电话0738-8312345", ["0738-8312345"]),
        ("第5次会议、第十巡回指导组", ["第5次", "第十"]),
        ("100周年", ["100周年"]),
    ],
)
def test_figures_with_their_units(text: str, found: list[str]) -> None:
    assert kinds(text) == [(figure, "number") for figure in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2021年4月8日上午9:30", ["2021年4月8日", "上午9:30"]),
        ("二〇二一年四月二十五日", ["二〇二一年四月二十五日"]),
        ("9月16日至18日", ["9月16日", "18日"]),
        ("2021-04-08和2021/4/8", ["2021-04-08", "2021/4/8"]),
        ("2021-2025年", ["2021-2025年"]),
        ("4月份、5月中旬、6月", ["4月份", "5月中旬", "6月"]),
        ("16日下午", ["16日"]),
        ("9时30分至11时", ["9时30分", "11时"]),
        ("下午3点开会", ["下午3点"]),
        ("第一季度和上半年", ["第一季度", "上半年"]),
        ("上世纪90年代", ["90年代"]),
        ("星期五,每周三下午", ["星期五", "每周三"]),
        ("今年和去年", ["今年", "去年"]),
    ],
)
def test_dates_and_times(text: str, found: list[str]) -> None:
    assert kinds(text) == [(date, "date") for date in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("根据国发〔2021〕5号文件", ["国发〔2021〕5号"]),
        ("《通知》(沪府办规〔2022〕3号)", ["沪府办规〔2022〕3号"]),
        ("贯彻国办发［2020］12号精神", ["国办发[2020]12号"]),
        ("三十二名同志学习国发〔2021〕5号", ["三十二名", "国发〔2021〕5号"]),
        ("2021年第12号公告", ["2021年第12号"]),
        ("(2021)京01民初123号", ["(2021)京01民初123号"]),
    ],
)
def test_document_numbers(text: str, found: list[str]) -> None:
    assert [text for text, _ in kinds(text)] == found
    assert kinds(text)[-1][1] == "document"


@pytest.mark.parametrize(
    "text", ["十分重视", "G60高速", "5G手机", "统一思想", "千方百计", "百分比", "万众一心", "四川"]
)
def test_no_figures(text: str) -> None:
    assert kinds(text) == []


@given(st.text(alphabet="共4156名,.年月日号〔2021〕三十二不得%亿至-:时点第周今 ", max_size=40))
def test_tokens_joined_give_the_text_back(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param("共4156名新党员", "共4165名新党员", {"numbers": [("4156名", "4165名")]}, id="a figure"),
        pytest.param("累计投资6.89亿元", "累计投资7.89亿元", {"numbers": [("6.89亿", "7.89亿")]}, id="a sum"),
        pytest.param("投资6.89亿元", "投资6.89亿美元", {"numbers": [("6.89亿元", "6.89亿美元")]}, id="a currency"),
        pytest.param("参会4156名", "参会4156人", {"numbers": [("4156名", "4156人")]}, id="a unit"),
        pytest.param("比例50%", "比例百分之六十", {"numbers": [("50%", "百分之六十")]}, id="a figure in words"),
        pytest.param("比例50%", "比例百分之五十", {}, id="the same figure in words"),
        pytest.param("有一个中心", "有两个中心", {"numbers": [("一个", "两个")]}, id="an everyday figure that changed"),
        pytest.param(
            "男30名,女20名",
            "男20名,女30名",
            {"numbers": [("30名", "20名"), ("20名", "30名")]},
            id="two figures swapped",
        ),
        pytest.param("召开大会。", "召开大会,100人参加。", {"numbers": [("", "100人")]}, id="a figure alone"),
        pytest.param("4月8日召开", "4月18日召开", {"dates": [("4月8日", "4月18日")]}, id="a date"),
        pytest.param(
            "4月8日上午9:30召开",
            "4月9日上午10:30召开",
            {"dates": [("4月8日", "4月9日"), ("上午9:30", "上午10:30")]},
            id="date and hour",
        ),
        pytest.param("昨日召开", "6月23日召开", {"dates": [("昨日", "6月23日")]}, id="a relative date"),
        pytest.param("市长王建国讲话", "市长王建平讲话", {"people": [("王建国", "王建平")]}, id="a name"),
        pytest.param("王建国的事迹", "王建平的事迹", {"people": [("王建国", "王建平")]}, id="a name without a witness"),
        pytest.param("市长王建国讲话", "副市长王建国讲话", {"people": [("市长王建国", "副市长王建国")]}, id="a post"),
        pytest.param("局长李明哲说", "书记李明哲说", {"people": [("局长李明哲", "书记李明哲")]}, id="another post"),
        pytest.param(
            "按国发〔2021〕5号执行",
            "按国发〔2021〕6号执行",
            {"documents": [("国发〔2021〕5号", "国发〔2021〕6号")]},
            id="文号",
        ),
        pytest.param("允许销售", "不允许销售", {"negations": [("允许", "不允许")]}, id="a negation"),
        pytest.param("经检验不合格", "经检验合格", {"negations": [("不合格", "合格")]}, id="a negation gone"),
        pytest.param("可以入内", "不得入内", {"negations": [("可以入内", "不得入内")]}, id="a prohibition"),
        pytest.param("不得入内", "严禁入内", {"negations": [("不得入内", "严禁入内")]}, id="another prohibition"),
        pytest.param(
            "他参加了考试", "他并未参加考试", {"negations": [("参加了考试", "并未参加考试")]}, id="by no means"
        ),
        pytest.param("气温34.7℃", "气温14.7℃", {"numbers": [("34.7°C", "14.7°C")]}, id="degrees"),
        pytest.param("发电64千瓦时", "发电69千瓦时", {"numbers": [("64千瓦时", "69千瓦时")]}, id="kilowatt-hours"),
        pytest.param(
            "“放心吧。”郑民学说。", "“放心吧。”马浩永说。", {"people": [("郑民学", "马浩永")]}, id="another person"
        ),
        pytest.param(
            "处长沈然国出席", "市委书记沈然国出席", {"people": [("处长沈然国", "市委书记沈然国")]}, id="promoted"
        ),
        pytest.param(
            "该项目由县民政局负责实施",
            "该项目由临川市统计局负责实施",
            {"organisations": [("县民政局", "临川市统计局")]},
            id="an organisation",
        ),
        pytest.param("由市总工会牵头", "由县总工会牵头", {"organisations": [("市总工会", "县总工会")]}, id="its rank"),
        pytest.param("活动在石桥镇举行", "活动在北岭镇举行", {"places": [("石桥镇", "北岭镇")]}, id="a place"),
        pytest.param(
            "来到栖霞客运枢纽察看", "来到金坛图书馆察看", {"places": [("栖霞客运枢纽", "金坛图书馆")]}, id="a spot"
        ),
        pytest.param("已经达标", "尚未达标", {"negations": [("已经达标", "尚未达标")]}, id="not yet"),
        pytest.param("情况不予公开", "情况予以公开", {"negations": [("不予公开", "予以公开")]}, id="what is refused"),
        pytest.param("不存在违规行为", "存在违规行为", {"negations": [("不存在", "存在")]}, id="what is not there"),
        pytest.param("面积低于标准", "面积不高于标准", {"negations": [("低于", "不高于")]}, id="below and at most"),
        pytest.param("免费开放", "不免费开放", {"negations": [("免费", "不免费")]}, id="不免 is not there"),
        pytest.param("同意变更", "不同意变更", {"negations": [("同意", "不同意")]}, id="不同 is not there"),
        pytest.param("不得再次申请", "可再次申请", {"negations": [("不得再次", "可再次")]}, id="a ban lifted"),
        pytest.param(
            "未经批准不得开工",
            "经批准可以开工",
            {"negations": [("未经批准", "经批准"), ("不得开工", "可以开工")]},
            id="two negations",
        ),
        pytest.param("应当具有户籍", "可以具有户籍", {"negations": [("应当具有", "可以具有")]}, id="a duty no more"),
        pytest.param("用电量增长。", "用电量下降。", {"negations": [("用电量增长", "用电量下降")]}, id="the contrary"),
        pytest.param("增长3.5%", "下降3.5%", {"numbers": [("增长3.5%", "下降3.5%")]}, id="a figure turned about"),
        pytest.param("上午九时开会", "下午三时开会", {"dates": [("上午九时", "下午三时")]}, id="an hour in words"),
        pytest.param("会议9时开始", "会议15时开始", {"dates": [("9时", "15时")]}, id="an hour"),
        pytest.param("周五开会。", "周六开会。", {"dates": [("周五", "周六")]}, id="a weekday that may be a surname"),
        pytest.param(
            "副县长秦德成在现场指挥。",
            "县委副书记秦德成在现场指挥。",
            {"people": [("副县长秦德成", "县委副书记秦德成")]},
            id="a post and a place",
        ),
        pytest.param(
            "副县长李明等参加。", "县长李明等参加。", {"people": [("副县长李明", "县长李明")]}, id="a post and others"
        ),
        pytest.param(
            "副县长欧阳建国一行检查。",
            "县长欧阳建国一行检查。",
            {"people": [("副县长欧阳建国", "县长欧阳建国")]},
            id="a compound surname behind a post",
        ),
        pytest.param(
            "欧阳建国局长表示", "欧阳建军局长表示", {"people": [("欧阳建国", "欧阳建军")]}, id="a compound surname"
        ),
        pytest.param(
            "副主任何胜晓介绍。",
            "所长何胜晓介绍。",
            {"people": [("副主任何胜晓", "所长何胜晓")]},
            id="a name that the cutter sees in one text",
        ),
        pytest.param(
            "就业科科长李明介绍。",
            "就业科副科长李明介绍。",
            {"people": [("科长李明", "副科长李明")]},
            id="a post without half an office",
        ),
        pytest.param(
            "由石门县局承办",
            "由石门县财政局承办",
            {"organisations": [("石门县局", "石门县财政局")]},
            id="a name that grew",
        ),
    ],
)
def test_what_an_edit_touches(before: str, after: str, told: dict[str, Any]) -> None:
    assert facts(before, after) == told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("共100名党员参加大会", "共100名党员同志参加大会", id="a figure beside the edit"),
        pytest.param(
            "100名党员起立,市长发表重要讲话并宣布大会开幕",
            "市长发表重要讲话并宣布大会开幕,100名党员起立",
            id="moved along",
        ),
        pytest.param("认真学习", "不断学习", id="不断"),
        pytest.param("文化遗产", "非物质文化遗产", id="非遗"),
        pytest.param("发展", "面向未来发展", id="未来"),
        pytest.param("会议在南京举行", "会议在无锡举行", id="无锡"),
        pytest.param("学习", "不忘初心学习", id="不忘"),
        pytest.param("大家参加", "第一批大家参加", id="an ordinal"),
        pytest.param("在徐汇举行", "在杨浦举行", id="districts are no people"),
        pytest.param("国发〔2021〕5号", "国发[2021]5号", id="brackets"),
        pytest.param("这是好事", "这是一件好事", id="一件"),
        pytest.param("唱得好听", "唱的好听", id="a particle is no name"),
        pytest.param("走进居民区", "走进住宅区", id="a kind of place alone"),
        pytest.param("打开局面,推动工作", "打开新局面,推动工作", id="局面 is no bureau"),
        pytest.param("召开大会。", "召开大会。县财政局介绍了经验,石桥镇作了发言。", id="whom a new sentence names"),
        pytest.param("申请人应当提供", "申请人应该提供", id="one duty for another"),
        pytest.param("高度重视的校长", "高度重视的副校长", id="a post without a name"),
        pytest.param("校长高度重视工作。", "副校长高度重视工作。", id="a word that begins as a surname"),
        pytest.param("主任时常走访群众。", "书记时常走访群众。", id="another"),
        pytest.param("学生平均成绩提高。", "家长平均成绩提高。", id="and another"),
        pytest.param("双河县完成。", "云台县、双河县完成。", id="a place that came beside another"),
        pytest.param("由陶长河带来的", "由陶长江带来的", id="a person whose name ends as a river's"),
        pytest.param("浓度PM2.5下降", "浓度PM10下降", id="figures of a name"),
        pytest.param("防控H7N9", "防控H5N1", id="figures of another"),
    ],
)
def test_near_misses_touch_no_fact(before: str, after: str) -> None:
    assert facts(before, after) == {}


def test_a_removed_paragraph_tells_its_figures_alone_and_only_its_prohibitions() -> None:
    gone = "据了解,4月份将开展60场活动,大家不要着急。严禁酒后驾车,违者罚款500元。"
    said = body_edits(Body.of(["甲段在此。", gone]), Body.of(["甲段在此。"])).facts
    assert said.numbers == (("60场", ""), ("500元", ""))
    assert said.dates == (("4月份", ""),)
    assert said.negations == (("严禁酒后", ""),)


def test_a_pair_is_told_once() -> None:
    assert facts("共100名。甲乙丙,共100名。", "共120名。甲乙丙,共120名。") == {"numbers": [("100名", "120名")]}


def test_a_passage_said_twice_is_no_new_fact() -> None:
    said = "陈立新强调,要坚持先体检、后更新,今年完成投资18.6亿元。"
    texts = ["会议在市政府召开。", said, "会议还研究了其他事项。"]
    told = body_edits(Body.of(texts), Body.of([*texts[:2], said, *texts[2:]]))
    assert told.paragraphs_added == 1
    assert told.facts == Facts()
    other = said.replace("18.6", "19.6")
    assert body_edits(Body.of(texts), Body.of([*texts, other])).facts.numbers == (("", "19.6亿"),)


def test_a_person_is_not_told_as_a_place_as_well() -> None:
    before = ["合作社理事长陶长河表示欢迎。", "工艺品由陶长河带来。"]
    after = [text.replace("长河", "长江") for text in before]
    told = body_edits(Body.of(before), Body.of(after)).facts
    assert (told.people, told.places) == ((("陶长河", "陶长江"),), ())
