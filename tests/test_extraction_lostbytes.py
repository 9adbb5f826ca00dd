"""Bytes that a wrong conversion lost: put back where only one character fits, and left where that is not sure."""

from __future__ import annotations

import pytest

from crawler.extraction.lostbytes import repair

TRADITIONAL = "自黨史學習教育開展以來，我市按照總要求，認真貫徹落實中央決策部署，取得了黨員幹部受教育的良好成效。"


class TestLostBytes:
    @pytest.mark.parametrize(
        ("printed", "repaired"),
        [
            ("落到實處?！痹邳h史學習", "落到實處。”在黨史學習"),
            ("落到實處?!痹邳h史學習", "落到實處。”在黨史學習"),
            ("落到實處\ufffd！痹邳h史學習", "落到實處。”在黨史學習"),
        ],
        ids=["as lost", "made half width since", "replacement character"],
    )
    def test_the_run_behind_the_lost_byte_is_read_again(self, printed: str, repaired: str) -> None:
        assert repair(printed) == repaired

    @pytest.mark.parametrize("mark", ["，", "。", "、"])
    @pytest.mark.parametrize("text", [TRADITIONAL, "会议指出{}要坚持以人民为中心的发展思想A类清单"])
    def test_a_mark_that_lost_its_first_byte(self, text: str, mark: str) -> None:
        before, _, after = text.replace("，", "{}", 1).partition("{}")
        whole = before + mark + after
        body = bytearray(whole.encode("gbk"))
        body[len(before.encode("gbk"))] = ord("?")
        printed = body.decode("gb18030", "replace")

        assert printed != whole
        assert repair(printed) == whole

    def test_the_last_character_of_a_run_stays_lost_where_its_half_is(self) -> None:
        body = "他说，会议很重要,下午".encode("gbk")
        printed = (body[:4] + b"?" + body[5:]).decode("gb18030", "replace").replace("\ufffd", "?")

        assert repair(printed) == "他说，会议很重?,下午"

    @pytest.mark.parametrize(
        "honest",
        [
            "真的?！我们走",
            "为什么？！我们要学习党史",
            "为什么?我们要学习党史。",
            "你是郴州人吗?郴州邳州亳州都来了",
            "怎么办?“办法总比困难多”",
            "是吗?!好的",
            "?",
            "??？",
            "?！",
            "谁?甄嬛饰演者?瞿颖?",
            "为什么?!服务★★★★★　环境★★★★",
            "是谁?○○○先生",
            "去哪儿?カラオケ店",
        ],
    )
    def test_honest_question_marks_stay(self, honest: str) -> None:
        assert repair(honest) == honest

    @pytest.mark.parametrize(
        "honest",
        [
            "谁参加了?⒈活动对象",
            "吗?①老人②孩子",
            "如何办理?㈠现场",
            "性质?⒊性及?",
            "颜色?⒈黄?",
            "副局長?卜健?以此",
            "去过?\ue0df刳鯣樌羦澁,",
            "?\ue0f5耝\ue375鹂",
        ],
    )
    def test_numbers_and_rare_characters_behind_a_question_stay(self, honest: str) -> None:
        assert repair(honest) == honest

    @pytest.mark.parametrize(
        "whole",
        [
            "他说“要坚持为人民服务”会议指出这是大家的事A",
            "会议学习了《中国共产党章程》的有关内容并要求A",
            "书记强调：“要为人民服务”。",
            "他问“这是为什么？”大家都说这是为了人民A",
        ],
    )
    @pytest.mark.parametrize("mark", list("“”《》：？"))
    def test_a_mark_is_restored_only_where_its_other_half_or_its_place_tells_it(self, whole: str, mark: str) -> None:
        if mark not in whole:
            return
        body = bytearray(whole.encode("gbk"))
        body[len(whole[: whole.index(mark)].encode("gbk"))] = ord("?")

        assert repair(body.decode("gb18030", "replace")).startswith(whole[:-3])

    def test_a_character_that_lost_its_half_stays_lost_though_the_rest_is_restored(self) -> None:
        body = bytearray("会议听取了全市党史学习教育工作情况的汇报A".encode("gbk"))
        body[0] = ord("?")

        assert repair(body.decode("gb18030")) == "?议听取了全市党史学习教育工作情况的汇报A"

    def test_a_line_of_question_marks_is_left_alone(self) -> None:
        damaged = "落到實處?！痹邳h史學習"

        assert repair("?汉" * 998 + damaged) != "?汉" * 998 + damaged
        assert repair("?汉" * 1_000 + damaged) == "?汉" * 1_000 + damaged

    def test_a_run_beyond_bounds_is_left_alone(self) -> None:
        body = ("，" + "会议要求各单位认真学习" * 50 + "A").encode("gbk")
        printed = "他说?" + body[1:].decode("gb18030")

        assert repair(printed) == printed
        assert repair(printed[:200] + "A") != printed[:200] + "A"
