"""The made city is honest: its pages say what its truth says, and nothing but declared noise moves besides."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from itertools import combinations
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.demo import City, Happening, Wording
from storage.demo.bodies import set_body
from storage.demo.newsroom import QUIET_ROUND
from storage.demo.systems import SYSTEMS, part_paths
from storage.demo.truth import Block, CityArticle, Condition, Form, State
from storage.records import ChangeKind

ROUNDS = range(1, City.rounds + 1)
STYLES = sorted({style for system in SYSTEMS.values() for style in system.bodies})
_MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(r"""(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


@pytest.fixture(scope="module")
def city() -> City:
    return City()


def plain(text: str) -> str:
    """Text without the differences that are never news: markup, white space, half- or full-width forms."""
    text = unicodedata.normalize("NFKC", html.unescape(_MARKUP.sub("", text)))
    return re.sub(r"\s+", "", text)


def page_text(city: City, site: str, path: str, round_: int) -> str:
    """The text of an article's pages, one after the other, as far as they answer 200."""
    known = set(city.addresses(site, round_))
    answers = [city.page(site, part, round_) for part in part_paths(path, 4) if part in known]
    return " ".join(plain(answer.text) for answer in answers if answer.status == 200)


def living(city: City, round_: int) -> list[tuple[CityArticle, State]]:
    """Every article that answers as an article in a round."""
    found = []
    for site in city.sites:
        for article in city.articles(site.key):
            state = article.at(round_)
            if state and (state.condition is Condition.LIVE or state.condition.hijacked):
                found.append((article, state))
    return found


def grams(wording: Wording) -> set[str]:
    text = "".join(wording.paragraphs)
    return {text[index : index + 5] for index in range(len(text) - 4)}


def likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


def happening(city: City, round_: int, kind: ChangeKind, site: str | None = None) -> list[Happening]:
    return [each for each in city.truth(round_) if each.kind is kind and site in (None, each.site)]


def test_the_city_is_large_and_mixed(city: City) -> None:
    assert len(city.sites) >= 9
    assert len({site.system for site in city.sites}) >= 7
    assert len(city.truth(1)) >= 220
    assert Counter(site.encoding for site in city.sites)["gb18030"] >= 2


def test_titles_are_of_a_headline_s_length_and_told_once(city: City) -> None:
    own = [article for site in city.sites for article in city.articles(site.key) if article.reprint_of is None]
    titles = [state.wording.title for article in own for state in [article.at(article.born)] if state]
    assert [title for title, count in Counter(titles).items() if count > 1] == []
    assert [title for title in titles if not 12 <= len(title) <= 40] == []


def test_unrelated_articles_are_clearly_different_and_reprints_clearly_alike(city: City) -> None:
    first: dict[tuple[str, str], set[str]] = {}
    families: dict[tuple[str, str], tuple[str, str]] = {}
    for site in city.sites:
        for article in city.articles(site.key):
            state = article.at(article.born)
            assert state is not None
            key = (site.key, state.path)
            first[key] = grams(state.wording)
            families[key] = article.reprint_of or key
    worst = max(
        (likeness(first[one], first[other]), one, other)
        for one, other in combinations(first, 2)
        if families[one] != families[other]
    )
    assert worst[0] < 0.35, worst
    copies = [key for key in first if families[key] != key]
    assert len(copies) >= 6
    assert min(likeness(first[key], first[families[key]]) for key in copies) > 0.6


@pytest.mark.parametrize("round_", ROUNDS)
def test_every_living_page_says_what_the_truth_says(city: City, round_: int) -> None:
    for article, state in living(city, round_):
        wording, text = state.wording, page_text(city, article.site, state.path, round_)
        parts = [plain(paragraph) for paragraph in map(html.escape, wording.paragraphs)]
        where = -1
        for part in parts:
            where = text.find(part, where + 1)
            assert where >= 0, (article.site, state.path, part)
        assert plain(wording.title) in text
        assert f"{wording.day.year}" in text
        if wording.source and article.site != "ribao":
            assert re.search(f"来源:{plain(wording.source)}", text)


def test_a_body_stands_in_one_piece(city: City) -> None:
    for article, state in living(city, 1):
        if (article.site == "xinwen") or any(block.form == "caption" for block in state.wording.blocks):
            continue
        whole = plain(html.escape("".join(state.wording.paragraphs)))
        assert whole in page_text(city, article.site, state.path, 1)


@pytest.mark.parametrize("round_", ROUNDS[1:])
def test_the_truth_tells_every_change_and_no_other(city: City, round_: int) -> None:
    told = {(each.site, each.path, each.kind) for each in city.truth(round_) if each.kind is not ChangeKind.REDESIGNED}
    seen = set()
    for site in city.sites:
        for article in city.articles(site.key):
            before, now = article.at(round_ - 1), article.at(round_)
            if now is not None and (kind := _kind(before, now)):
                seen.add((site.key, before.path if before and kind is ChangeKind.MOVED else now.path, kind))
    assert told == seen


def _kind(before: State | None, now: State) -> ChangeKind | None:
    """What became of an article, said by its states alone."""
    if before is None:
        return ChangeKind.NEW
    if now.condition.withdrawn != before.condition.withdrawn:
        return ChangeKind.REMOVED if now.condition.withdrawn else ChangeKind.RESTORED
    if now.condition.hijacked != before.condition.hijacked:
        return ChangeKind.TAMPERED if now.condition.hijacked else ChangeKind.RESTORED
    if now.path != before.path:
        return ChangeKind.MOVED
    old, new = before.wording, now.wording
    if (old.blocks, old.source, old.writers) != (new.blocks, new.source, new.writers):
        return ChangeKind.EDITED
    if old.title != new.title:
        return ChangeKind.RETITLED
    return ChangeKind.REDATED if old.day != new.day else None


def test_declared_words_change_on_the_page(city: City) -> None:
    edits = [each for round_ in ROUNDS[1:] for each in happening(city, round_, ChangeKind.EDITED)]
    names = ("numbers", "dates", "people", "documents", "negations")
    assert [name for name in names if not any(getattr(each.facts, name) for each in edits)] == []
    for each in edits:
        old = page_text(city, each.site, each.path, each.round - 1)
        new = page_text(city, each.site, each.path, each.round)
        before, after = plain(html.escape(each.before)), plain(html.escape(each.after))
        if before == after:
            assert old.index(before) < new.index(after)
            continue
        assert old.count(before) > new.count(before) or not before
        assert new.count(after) > old.count(after) or not after


def test_an_edit_that_is_undone_is_two_edits(city: City) -> None:
    undone = [each for each in happening(city, 4, ChangeKind.EDITED) if "undone" in each.note]
    assert len(undone) == 1
    key = (undone[0].site, undone[0].path)
    assert [
        (each.before, each.after) for each in happening(city, 2, ChangeKind.EDITED) if (each.site, each.path) == key
    ] == [(undone[0].after, undone[0].before)]
    assert city.wording(*key, 1) == city.wording(*key, 4)


@pytest.mark.parametrize(("how", "status"), [("404", 404), ("410", 410), ("soft-404", 200), ("redirect", 302)], ids=str)
def test_withdrawn_pages_answer_as_declared(city: City, how: str, status: int) -> None:
    gone = [each for round_ in ROUNDS for each in happening(city, round_, ChangeKind.REMOVED) if each.how == how]
    assert gone
    for each in gone:
        answer = city.page(each.site, each.path, each.round)
        assert answer.status == status
        wording = city.wording(each.site, each.path, each.round - 1)
        assert wording is not None
        assert plain(html.escape(wording.paragraphs[0])) not in plain(answer.text)
        assert answer.headers.get("Location") == ("/" if how == "redirect" else None)


def test_one_soft_404_is_gbk_on_a_utf_8_site(city: City) -> None:
    answers = [city.page(each.site, each.path, 3) for each in happening(city, 3, ChangeKind.REMOVED, "wugang")]
    assert ["已被删除" in answer.body.decode("gbk") for answer in answers] == [True]
    with pytest.raises(UnicodeDecodeError):
        answers[0].body.decode("utf-8")


def test_a_page_behind_a_firewall_is_not_told_as_removed(city: City) -> None:
    troubled = [
        (article, state)
        for site in city.sites
        for article in city.articles(site.key)
        if (state := article.at(3))
        and state.condition in (Condition.BLOCKED, Condition.CHALLENGED, Condition.UNAVAILABLE)
    ]
    assert Counter(state.condition for _, state in troubled) == {"blocked": 5, "challenged": 3, "503": 4}
    told = {(each.site, each.path) for round_ in ROUNDS[2:] for each in city.truth(round_)}
    for article, state in troubled:
        assert (article.site, state.path) not in told
        assert city.wording(article.site, state.path, 3) is None
        assert city.wording(article.site, state.path, 4) == city.wording(article.site, state.path, 2)


def test_hijacks_speak_to_search_engines_and_leave_the_text_alone(city: City) -> None:
    plainly, coded = (happening(city, 3, ChangeKind.TAMPERED, key)[0] for key in ("xinwen", "jiaoyu"))
    assert "时时彩" in city.page(plainly.site, plainly.path, 3).text
    source = city.page(coded.site, coded.path, 3).text
    assert "时时彩" not in source
    assert "时时彩" in html.unescape(source)
    for each in (plainly, coded):
        assert city.wording(each.site, each.path, 3) == city.wording(each.site, each.path, 2)
        for round_ in (2, 4):
            assert "时时彩" not in html.unescape(city.page(each.site, each.path, round_).text)


def test_a_redesign_keeps_addresses_and_texts(city: City) -> None:
    (told,) = happening(city, 4, ChangeKind.REDESIGNED)
    both = [article for article in city.articles(told.site) if article.at(3) and article.at(4)]
    assert len(both) >= 20
    for article in both:
        before, now = article.at(3), article.at(4)
        assert before is not None
        assert now is not None
        assert before.path == now.path
    old, new = (city.page(told.site, told.path, round_).text for round_ in (3, 4))
    assert 'class="public_head"' in old
    assert 'class="site-header"' in new


def test_the_quiet_round_rewrites_sources_and_says_nothing(city: City) -> None:
    assert city.truth(QUIET_ROUND) == ()
    kinds = Counter(state.markup for _, state in living(city, QUIET_ROUND))
    assert sum(kinds.values()) - kinds[0] >= 100
    assert {kind for kind in kinds if kind} == set(range(1, 7))


_PRINTED = st.text("栖川市会议于月日（）：；，。“”第%％&<> 0123456789.", min_size=1, max_size=40)


@given(st.lists(_PRINTED.filter(str.strip), min_size=1, max_size=4), st.sampled_from(STYLES), st.integers(1, 6))
def test_no_rewrite_of_a_source_changes_what_is_read(texts: list[str], style: str, markup: int) -> None:
    blocks = [Block(text, form) for text in texts for form in (Form.PLAIN, Form.SUBHEAD, Form.CAPTION, Form.ROW)]
    first, later = (set_body(blocks, style, kind, "/upload/1.jpg") for kind in (0, markup))
    assert plain(first) == plain(later) == plain(html.escape("".join(block.text for block in blocks)))


def test_a_moved_page_sends_its_readers_on(city: City) -> None:
    (told,) = happening(city, 4, ChangeKind.MOVED)
    answer = city.page(told.site, told.path, 4)
    assert (answer.status, answer.headers["Location"]) == (301, told.to_path)
    assert told.to_path is not None
    assert city.page(told.site, told.to_path, 4).status == 200
    assert city.page(told.site, told.to_path, 3).status == 404
    assert city.wording(told.site, told.to_path, 4) == city.wording(told.site, told.path, 3)


@pytest.mark.parametrize("round_", ROUNDS)
def test_all_links_resolve_and_lead_to_every_new_article(city: City, round_: int) -> None:
    for site in city.sites:
        linked: set[str] = set()
        for path in city.addresses(site.key, round_):
            linked |= internal_links(city, site.key, path, round_)
        broken = [path for path in linked if city.page(site.key, path, round_).status >= 400]
        assert [path for path in broken if not _troubled(city, site.key, path, round_)] == []
        new = {each.path for each in happening(city, round_, ChangeKind.NEW, site.key)}
        assert new <= linked


def internal_links(city: City, site: str, path: str, round_: int) -> set[str]:
    answer = city.page(site, path, round_)
    if answer.status != 200 or answer.encoding is None:
        return set()
    found = (html.unescape(one or other) for one, other in _LINK.findall(answer.text))
    absolute = (
        urljoin(f"http://city{path}", link.strip()) for link in found if not link.startswith(("#", "javascript:"))
    )
    split = (urlsplit(link) for link in absolute)
    return {each.path + (f"?{each.query}" if each.query else "") for each in split if each.netloc == "city"}


def _troubled(city: City, site: str, path: str, round_: int) -> bool:
    """A link to a page that is behind a firewall or overloaded in this round."""
    states = (article.at(round_) for article in city.articles(site))
    return any(state.path == path and not state.condition.withdrawn for state in states if state)


def test_old_articles_fall_off_a_list_and_still_answer(city: City) -> None:
    first, later = (internal_links(city, "guangdian", "/news/", round_) for round_ in (1, 6))
    fallen = [
        article.at(6)
        for article in city.articles("guangdian")
        if (state := article.at(1)) and state.path in first - later
    ]
    assert len([state for state in fallen if state and city.page("guangdian", state.path, 6).status == 200]) >= 5


def test_bytes_decode_strictly_by_the_true_encoding_only(city: City) -> None:
    not_gb2312 = Counter()
    for site in city.sites:
        for path in city.addresses(site.key, 2):
            answer = city.page(site.key, path, 2)
            assert answer.encoding is None or answer.text or answer.status == 301
            if site.encoding == "gb18030" and answer.encoding:
                assert "charset=gb2312" in answer.text
                with pytest.raises(UnicodeDecodeError):
                    answer.body.decode("utf-8")
                try:
                    answer.body.decode("gb2312")
                except UnicodeDecodeError:
                    not_gb2312[site.key] += 1
    assert min(not_gb2312[site.key] for site in city.sites if site.encoding == "gb18030") >= 10
    assert city.page("jiaotong", "/newslist.asp?classid=3", 1).headers["Content-Type"] == "text/html; charset=utf-8"
    assert city.page("tangting", "/a/xinwen/", 1).text.partition("</html>")[2].strip()


def test_equal_arguments_give_equal_bytes_and_visits_move_every_page(city: City) -> None:
    twin = City()
    for site in city.sites:
        for path in city.addresses(site.key, 3)[::5]:
            assert city.page(site.key, path, 3, 7) == twin.page(site.key, path, 3, 7)
    for article, state in living(city, 1):
        one, other = (city.page(article.site, state.path, 1, visit) for visit in (1, 2))
        assert one.body != other.body
        assert one.headers == other.headers


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000))
def test_any_seed_makes_a_city_that_plays_the_whole_script(seed: int) -> None:
    other = City(seed)
    kinds = {each.kind for round_ in ROUNDS for each in other.truth(round_)}
    assert kinds == set(ChangeKind)
    assert other.truth(QUIET_ROUND) == ()
