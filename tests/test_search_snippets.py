"""Passages around the words, and the order of hits: pure, and of hostile text as well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from monitor.search.matching import places_of
from monitor.search.scoring import score
from monitor.search.snippets import AROUND, snippets, title_marks
from monitor.words import cut
from storage.folding import fold

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TEXT = st.text(alphabet="市长安全。，生产<b>&A於\n ", max_size=300)


@given(TEXT, st.sampled_from([("市长",), ("安全", "市长"), ("a",), ("于",), ("生", "产", "市")]))
def test_marks_show_the_words_where_they_stand(text: str, words: tuple[str, ...]) -> None:
    places = places_of(words, "", fold(text))
    if places is None:
        return
    shown = snippets(text, places)
    assert 1 <= len(shown) <= 2
    for snippet in shown:
        assert snippet.text in text
        assert len(snippet.text) <= 2 * AROUND
        ends = [0]
        for start, end in snippet.marks:
            assert ends[-1] <= start < end <= len(snippet.text)
            ends.append(end)
            assert places_of(words[:1], "", fold(snippet.text[start:end])) or any(
                fold(snippet.text[start:end]).replace(" ", "")[:1] == word[0] for word in words
            )
    assert any(snippet.marks for snippet in shown)


def test_a_snippet_begins_and_ends_where_a_word_does() -> None:
    for aside in range(6):
        between = "栖川市并就岁末年初重点行业领域"[: 2 * aside]
        text = "全市安全生产工作电视电话会议在栖川召开" * 6 + f"{between}秦德成出席" + "全面部署安全防范工作" * 12
        (snippet,) = snippets(text, found(["秦德成"], text))
        assert [snippet.text[a:b] for a, b in snippet.marks] == ["秦德成"]
        assert (snippet.cut_before, snippet.cut_after) == (True, True)
        start = text.index(snippet.text, text.index("秦德成") - 40)
        assert {start, start + len(snippet.text)} <= word_ends(text)


def word_ends(text: str) -> set[int]:
    """Where the words of a text end."""
    return set(accumulate(map(len, cut(text))))


def test_two_words_far_apart_are_two_snippets() -> None:
    text = "市长讲话。" + "文" * 400 + "现场考核。"
    one, two = snippets(text, found(["市长", "考核"], text))
    assert [one.text[a:b] for a, b in one.marks] == ["市长"]
    assert [two.text[a:b] for a, b in two.marks] == ["考核"]
    assert (one.cut_before, two.cut_after) == (False, False)


def test_words_in_the_title_alone_show_how_the_text_begins() -> None:
    places = places_of(["公告"], "招考公告", "正文\n次段")
    assert places is not None
    assert title_marks("招考公告", places) == ((2, 4),)
    (snippet,) = snippets("正文\n次段", places)
    assert (snippet.text, snippet.marks) == ("正文", ())
    assert snippets("", places)[0].text == ""


def found(words: list[str], text: str):  # type: ignore[no-untyped-def]
    """The places of words in a text without a title."""
    places = places_of(words, "", fold(text))
    assert places is not None
    return places


def scored(words: list[str], text: str, title: str = "", days: int = 0) -> float:
    """The score of a text so many days old."""
    places = places_of(words, title, text)
    assert places is not None
    return score(places, len(text), NOW - timedelta(days=days))


def test_what_ranks_before_what() -> None:
    filler = "文" * 300
    one = scored(["市长"], "市长" + filler)
    assert scored(["市长"], filler, title="市长") > one
    assert scored(["市长"], "市长" * 3 + filler) > one
    assert scored(["市长"], "市长" + filler * 20) < one
    assert scored(["市长"], "市长" + filler, days=100) < one
    assert scored(["市长"], filler, title="市长", days=100) > one
    assert scored(["市长", "会"], "市长会" + filler) > scored(["市长", "会"], f"市长{filler}会")


def test_age_never_turns_an_order() -> None:
    pairs = [scored(["会"], "会" * n + "文" * 90, days=3 * n) for n in range(1, 5)]
    later = [scored(["会"], "会" * n + "文" * 90, days=3 * n + 1000) for n in range(1, 5)]
    assert sorted(range(4), key=pairs.__getitem__) == sorted(range(4), key=later.__getitem__)
