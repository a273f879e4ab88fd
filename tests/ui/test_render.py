"""What the chat shows: quotes in their sentences, sources with marks, and no text as markup."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from fakes_ui import (
    ARTICLES,
    BANNER,
    BRIDGE,
    BUDGET,
    COST,
    HOSTILE,
    HOSTILE_SENTENCE,
    HOSTILE_TITLE,
    MAYOR,
    OVER_TIME,
    cite,
    hits,
)
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.types import Article
from pullquote.qa.types import Answer, Explanation, Look, Moment, Quote, Speaker, Timeline, TimeNote
from pullquote.ui import words
from pullquote.ui.chart import chart_html
from pullquote.ui.collection import Collection
from pullquote.ui.json_format import answer_json, hits_json
from pullquote.ui.markup import literal
from pullquote.ui.places import Place
from pullquote.ui.render import answer_html, message_html
from pullquote.ui.schemas import AnswerBody
from pullquote.ui.sources import linked_panel_html, marked_html, quoted_panel_html

# What may stand in a page: everything but halves of a surrogate pair.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
TAGS_OF_OURS = {
    *("a", "article", "blockquote", "br", "button", "cite", "circle", "details", "div"),
    *("figcaption", "figure", "form", "h2", "header", "input", "label", "li", "line", "mark"),
    *("nav", "ol", "p", "path", "section", "span", "strong", "summary", "sup", "svg", "text"),
    *("time", "title", "ul"),
}
EMPTY = {"br", "circle", "input", "line", "path"}


class Page(HTMLParser):
    """Collects the text, the tags, and the text and attributes inside each tag."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.inside: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(markup)
        self.close()
        assert not self._open, "every tag is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element: tuple[str, dict[str, str | None], list[str]] = (tag, dict(attrs), [])
        self.inside.append(element)
        if tag not in EMPTY:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY:  # <line/> is said to end, too
            return
        assert self._open.pop()[0] == tag, "tags do not cross"

    def handle_data(self, data: str) -> None:
        for _, _, text in self._open:
            text.append(data)

    def texts(self, tag: str, **attributes: str) -> list[str]:
        return [
            "".join(text)
            for name, attrs, text in self.inside
            if name == tag and attributes.items() <= attrs.items()
        ]

    def tags(self) -> set[str]:
        return {tag for tag, _, _ in self.inside}


def answer(*quotes: Quote, articles: tuple[Article, ...] = (BRIDGE, BUDGET)) -> Answer:
    return Answer("?", quotes[0].text, quotes[0].confidence, quotes, hits(*articles))


def test_quote_is_bold_inside_its_sentence() -> None:
    page = Page(answer_html(answer(COST)))
    assert page.texts("blockquote") == [COST.sentence + "12"]
    assert page.texts("strong") == ["$14.2 million"]
    assert page.texts("sup") == ["1", "2"]
    assert page.texts("span", **{"class": "citation"}) == [
        "1 Harbor bridge reopens after a year of repairs Riverton Courier · May 12, 2023",
        "2 Council passes budget, closing a gap no date given",
    ]
    assert page.texts("span", title="confidence 0.93") == ["very likely right"]


def test_the_cited_one_of_two_equal_words_is_bold() -> None:
    sentence = COST.sentence
    at = sentence.rindex("14 crews")
    start = BRIDGE.text.index(sentence) + at
    citation = replace(cite(1, BRIDGE, "14"), start=start, end=start + 2)
    quote = Quote("14", sentence, 0.5, (citation,))
    assert f"{literal(sentence[:at])}<strong>14</strong>" in answer_html(answer(quote))
    # Without the article at hand, the first one has to do.
    first = literal(sentence[: sentence.index("14")])
    assert f"{first}<strong>14</strong>" in answer_html(answer(quote, articles=()))


def test_who_says_it_stands_behind_the_source() -> None:
    start = BRIDGE.text.index("Mayor Ines Okafor")
    speaker = Speaker(start, start + 17, "Mayor Ines Okafor", "Ines Okafor", "Mayor")
    cited = replace(COST.citations[0], speaker=speaker)
    page = Page(answer_html(answer(replace(COST, citations=(cited,)))))
    (shown,) = page.texts("span", **{"class": "citation"})
    assert shown.endswith("Riverton Courier · May 12, 2023 · said by Mayor Ines Okafor")
    told = answer_json(answer(replace(COST, citations=(cited, COST.citations[1]))), 0.1)
    first, second = told["answers"][0]["citations"]
    assert first["speaker"]["name"] == "Ines Okafor"
    place = slice(first["speaker"]["start"], first["speaker"]["end"])
    assert BRIDGE.text[place] == first["speaker"]["text"] == "Mayor Ines Okafor"
    assert second["speaker"] is None


def test_quote_that_is_not_in_its_sentence_stands_alone() -> None:
    page = Page(answer_html(answer(replace(COST, sentence="Something else."))))
    assert page.texts("strong") == ["$14.2 million"]


def test_notice_stands_above() -> None:
    page = Page(answer_html(replace(answer(COST), notice="Only <2023> was searched.")))
    assert page.texts("p", **{"class": "notice"}) == ["Only <2023> was searched."]


FRIDAY = TimeNote(44, 50, "Friday", "May 12, 2023")
DIFFER = Timeline(
    "2 articles <differ>.",
    (
        Moment(date(2023, 5, 12), date(2024, 1, 2), MAYOR),
        Moment(None, None, replace(COST, times=(FRIDAY, FRIDAY))),
    ),
)


def test_times_of_a_quote_are_explained_outside_of_it() -> None:
    page = Page(answer_html(answer(replace(COST, times=(FRIDAY,)))))
    assert page.texts("span", **{"class": "times"}) == ["“Friday” is May 12, 2023"]
    assert page.texts("blockquote") == [COST.sentence + "12"]
    hostile = replace(FRIDAY, text="<b>\nthis", meaning="<i>")
    page = Page(answer_html(answer(replace(COST, times=(hostile,)))))
    assert page.texts("span", **{"class": "times"}) == ["“<b> this” is <i>"]


def test_answers_over_time_are_a_list_under_their_dates() -> None:
    quotes = tuple(moment.quote for moment in DIFFER.moments)
    several = replace(answer(*quotes, BANNER), timeline=DIFFER)
    page = Page(answer_html(several))
    assert page.tags() <= TAGS_OF_OURS
    assert page.texts("p", **{"class": "differ"}) == ["2 articles <differ>."]
    assert page.texts("p", **{"class": "when"}) == [
        "May 12, 2023 to January 2, 2024",
        "no date given",
    ]
    assert page.texts("time", datetime="2024-01-02") == ["January 2, 2024"]
    first, second = page.texts("li")
    assert "Ines Okafor" in first
    assert "$14.2 million" in second
    # Each time is explained once, and each quote shown once: the one of no date below the others.
    assert page.texts("span", **{"class": "times"}) == ["“Friday” is May 12, 2023"]
    assert page.texts("strong") == ["Ines Okafor", "$14.2 million", BANNER.text]


def test_abstention_shows_the_three_nearest_passages_cut_to_fifty_words() -> None:
    page = Page(answer_html(Answer("?", None, 0.1, (), hits(BRIDGE, BUDGET, HOSTILE, BRIDGE))))
    assert page.texts("p", **{"class": "plain"}) == ["The articles don't answer that."]
    assert page.texts("p", **{"class": "nearest"}) == [words.NEAREST]
    passages = page.texts("li")
    assert len(passages) == 3
    assert passages[0].endswith(" ".join(BRIDGE.text.split()[:50]) + " …")
    assert passages[1].endswith("Libraries will open on Sundays again.")
    assert not page.texts("strong")


def test_abstention_without_passages() -> None:
    assert words.NEAREST not in answer_html(Answer("?", None, 0.0, (), ()))


@pytest.mark.parametrize(
    ("confidence", "said"),
    [(1, "very likely right"), (0.8, "very likely right"), (0.5, "likely"), (0.49, "uncertain")],
)
def test_confidence_in_words(confidence: float, said: str) -> None:
    assert words.confidence(confidence) == said


@given(TEXT)
def test_literal_text_reads_back_unchanged(text: str) -> None:
    page = Page(f'<p title="{literal(text)}">{literal(text)}</p>')
    assert page.inside == [("p", {"title": text}, [text] if text else [])]


def test_hostile_text_is_text() -> None:
    by = Speaker(0, 1, HOSTILE_TITLE, HOSTILE_TITLE)
    said = replace(BANNER, citations=tuple(replace(c, speaker=by) for c in BANNER.citations))
    one = answer(said, articles=(HOSTILE,))
    for markup in (
        answer_html(one),
        answer_html(replace(one, text=None, quotes=())),
        quoted_panel_html(HOSTILE, BANNER.citations, BANNER.citations[0], 0),
        linked_panel_html(HOSTILE, Place(HOSTILE.id, 3, 9)),
        message_html(HOSTILE_SENTENCE),
    ):
        page = Page(markup)
        assert page.tags() <= TAGS_OF_OURS
        assert not any(name.startswith("on") for _, attrs, _ in page.inside for name in attrs)
        assert "\n" not in markup
        assert "$" not in markup
        assert "](" not in markup
        assert "{{" not in markup
    assert HOSTILE_TITLE in Page(answer_html(one)).texts("cite")
    assert HOSTILE_SENTENCE[:-14] in Page(answer_html(one)).texts("strong")


def panel(number: int, articles: Mapping[str, Article] = ARTICLES) -> Page:
    active = COST.citations[number - 1]
    shown = articles.get(active.article_id)
    return Page(quoted_panel_html(shown, COST.citations, active, turn=3))


def test_source_marks_exactly_the_quote() -> None:
    page = panel(1)
    assert page.texts("mark", id="quote-1") == ["$14.2 million"]
    assert page.texts("mark") == ["$14.2 million"]  # the second citation is of another article
    assert page.texts("div", **{"class": "body"}) == [BRIDGE.text]
    assert page.texts("h2") == [BRIDGE.title]


def test_overlapping_and_equal_citations_each_have_an_anchor() -> None:
    both = [
        cite(1, BRIDGE, "cost $14.2 million"),
        cite(2, BRIDGE, "$14.2 million, Mayor"),
        cite(3, BRIDGE, "cost $14.2 million"),
    ]
    page = Page(quoted_panel_html(BRIDGE, both, both[1], 0))
    assert "".join(page.texts("mark")) == "cost $14.2 million, Mayor"
    assert page.texts("mark", **{"class": "active"}) == ["$14.2 million", ", Mayor"]
    anchors = [
        attrs["id"] for tag, attrs, _ in page.inside if tag in ("mark", "span") and "id" in attrs
    ]
    assert sorted(filter(None, anchors)) == ["quote-1", "quote-2", "quote-3"]
    assert page.texts("div", **{"class": "body"}) == [BRIDGE.text]


def test_all_quotes_of_one_article_are_listed() -> None:
    quotes = [
        cite(1, BRIDGE, "14 crews"),
        cite(2, BUDGET, "7 to 2"),
        cite(3, BRIDGE, "$14.2 million"),
    ]
    page = Page(quoted_panel_html(BRIDGE, quotes, quotes[2], 0))
    listed = page.texts("ul", **{"class": "here"})
    assert listed == ["1 14 crews3 $14.2 million"]
    assert page.texts("a", **{"aria-current": "true"}) == ["3 $14.2 million"]
    assert sorted(page.texts("mark")) == ["$14.2 million", "14 crews"]


def test_steps_lead_through_all_quotes_of_the_answer() -> None:
    first, second = panel(1), panel(2)
    assert "Quote 1 of 2" in first.texts("nav")[0]
    (after,) = [attrs for _, attrs, _ in first.inside if attrs.get("aria-label") == words.NEXT]
    (before,) = [
        attrs for _, attrs, _ in second.inside if attrs.get("aria-label") == words.PREVIOUS
    ]
    assert (after["data-number"], before["data-number"]) == ("2", "1")
    start = BUDGET.text.index("$14.2 million")
    assert after["href"] == f"?article=budget&start={start}&end={start + 13}"
    (section,) = [attrs for tag, attrs, _ in second.inside if tag == "section"]
    assert (section["data-address"], section["data-turn"]) == (after["href"], "3")
    alone = quoted_panel_html(BRIDGE, MAYOR.citations, MAYOR.citations[0], 0)
    assert "nav" not in Page(alone).tags()


@given(TEXT, st.lists(st.tuples(st.integers(-5, 220), st.integers(-5, 220)), max_size=6))
def test_body_is_the_article_and_marks_are_the_citations(
    text: str, spans: list[tuple[int, int]]
) -> None:
    citations = [
        replace(cite(1, BRIDGE, "cost"), number=number, start=start, end=end)
        for number, (start, end) in enumerate(spans, 1)
    ]
    page = Page(f"<p>{marked_html(text, citations, 1)}</p>")
    cited = {at for start, end in spans for at in range(max(start, 0), end)}
    assert page.texts("p") == [text]
    assert "".join(page.texts("mark")) == "".join(
        sign for at, sign in enumerate(text) if at in cited
    )


def test_only_web_addresses_become_links() -> None:
    links = [attrs for tag, attrs, _ in panel(1).inside if attrs.get("target") == "_blank"]
    assert [(one["href"], one["rel"]) for one in links] == [(BRIDGE.url, "noopener noreferrer")]
    assert not [attrs for _, attrs, _ in panel(2).inside if attrs.get("target")]


def test_panel_names_the_other_files_of_an_article() -> None:
    copied = replace(BRIDGE, other_paths=("copy.md", "<b>wire</b>.jsonl:3"))
    page = panel(1, {BRIDGE.id: copied})
    assert "The same text is in copy.md, <b>wire</b>.jsonl:3." in page.texts("p")[1]
    assert page.texts("mark") == ["$14.2 million"]


def test_panel_of_a_lost_and_of_a_changed_article() -> None:
    assert words.MISSING in panel(1, {}).texts("p")
    changed = {BRIDGE.id: replace(BRIDGE, text="A new lead. " + BRIDGE.text)}
    page = panel(1, changed)
    assert words.CHANGED in page.texts("p")
    assert page.texts("mark") == []


def test_a_link_marks_its_characters() -> None:
    page = Page(linked_panel_html(BRIDGE, Place("bridge", 11, 29)))
    assert page.texts("mark", **{"class": "active"}) == [BRIDGE.text[11:29]]
    assert page.texts("div", **{"class": "body"}) == [BRIDGE.text]
    (section,) = [attrs for tag, attrs, _ in page.inside if tag == "section"]
    assert section["data-address"] == "?article=bridge&start=11&end=29"


@pytest.mark.parametrize("place", [(5, 5), (9, 5), (0, 10**8), (10**8, 10**9)])
def test_a_link_out_of_range_marks_nothing_and_says_so(place: tuple[int, int]) -> None:
    page = Page(linked_panel_html(BRIDGE, Place("bridge", *place)))
    assert page.texts("mark") == []
    assert words.NO_SUCH_PLACE in page.texts("p")
    assert page.texts("div", **{"class": "body"}) == [BRIDGE.text]


def test_a_link_to_no_article() -> None:
    page = Page(linked_panel_html(None, Place("gone", 1, 2)))
    assert words.NO_SUCH_ARTICLE in page.texts("p")
    assert "button" in page.tags()  # to close it


def test_collection_in_words() -> None:
    first, last = date(2017, 1, 12), date(2024, 8, 5)
    four = Collection(4, ("NBC Connecticut",), first, last)
    assert four.facts() == [
        "4 articles",
        "1 source: NBC Connecticut",
        "January 12, 2017 to August 5, 2024",
    ]
    assert Collection(1, (), first, first).facts() == ["1 article", "January 12, 2017"]
    many = Collection(1200, ("A", "B", "C", "D", "E"), None, None)
    assert many.facts() == ["1,200 articles", "5 sources"]


def test_timeline_is_drawn_as_lanes_with_a_dot_for_each_article() -> None:
    page = Page(chart_html(OVER_TIME))
    assert page.texts("text", **{"class": "answer"}) == ["Ines Okafor", "Bo Stern"]
    dots = [attrs["cx"] for tag, attrs, _ in page.inside if tag == "circle"]
    assert dots == ["98.00%", "2.00%"]  # the last day and the first
    assert page.texts("title") == ["Ines Okafor · May 12, 2023", "Bo Stern · March 9, 2017"]
    assert page.texts("text", **{"class": "year"})[0] == "2017"
    (drawn,) = [attrs for tag, attrs, _ in page.inside if tag == "svg"]
    assert drawn["role"] == "img"
    assert "Bo Stern, March 9, 2017" in str(drawn["aria-label"])
    hostile = replace(MAYOR, text=HOSTILE_TITLE)
    moments = (replace(OVER_TIME.moments[0], quote=hostile), OVER_TIME.moments[1])
    page = Page(chart_html(replace(OVER_TIME, moments=moments)))
    assert page.tags() <= TAGS_OF_OURS


def test_answers_of_one_day_need_no_chart() -> None:
    same = tuple(replace(one, first=date(2023, 5, 12), last=None) for one in DIFFER.moments)
    assert chart_html(Timeline("They differ.", same)) == ""


def test_answer_as_json() -> None:
    told = answer_json(answer(COST), 0.25, id="q1")
    assert told["answer"] == told["answers"][0]["text"] == "$14.2 million"
    assert (told["id"], told["seconds"], told["notice"]) == ("q1", 0.25, None)
    citation = told["answers"][0]["citations"][0]
    assert BRIDGE.text[citation["start"] : citation["end"]] == citation["quote"]
    assert [one["published"] for one in told["answers"][0]["citations"]] == ["2023-05-12", None]
    passage = told["passages"][0]
    assert BRIDGE.text[passage["start"] : passage["end"]] == passage["text"]


def test_times_and_timeline_as_json() -> None:
    assert answer_json(answer(COST), 0.1)["timeline"] is None
    quotes = (DIFFER.moments[1].quote, MAYOR)
    told = answer_json(replace(answer(*quotes), timeline=DIFFER), 0.1)
    note = {"start": 44, "end": 50, "text": "Friday", "meaning": "May 12, 2023"}
    assert [one["times"] for one in told["answers"]] == [[note, note], []]
    assert told["timeline"] == {
        "summary": "2 articles <differ>.",
        "moments": [
            {"first": "2023-05-12", "last": "2024-01-02", "answer": 1},
            {"first": None, "last": None, "answer": 0},
        ],
    }


def test_abstention_as_json() -> None:
    told = answer_json(Answer("?", None, 0.1, (COST,), hits(BRIDGE), "Notice."), 0.1)
    assert (told["answer"], told["answers"], told["notice"]) == (None, [], "Notice.")
    assert len(told["passages"]) == 1


def test_hits_as_json() -> None:
    first, second = hits_json(hits(BRIDGE, BUDGET))
    assert (first["rank"], first["title"], first["published"]) == (1, BRIDGE.title, "2023-05-12")
    assert (second["rank"], second["source"], second["published"]) == (2, None, None)


def test_how_a_follow_up_was_understood_is_said_and_can_be_undone() -> None:
    leaning = replace(answer(COST), understood="Why (<b>Okafor</b>)?")
    page = Page(answer_html(leaning))
    said = next(text for tag, _, text in page.inside if tag == "p")
    assert "".join(said) == "Understood as: Why (<b>Okafor</b>)? Take it literally"
    (button,) = [attrs for _, attrs, _ in page.inside if "data-literally" in attrs]
    assert (button["data-event"], button["data-question"]) == ("select", leaning.question)
    assert "data-literally" not in answer_html(answer(COST))
    assert answer_json(leaning, 0.1)["understood"] == "Why (<b>Okafor</b>)?"
    assert answer_json(answer(COST), 0.1)["understood"] is None


def test_how_an_answer_came_about_can_be_opened_below_it() -> None:
    (hit,) = hits(HOSTILE)
    found = replace(hit, by_words=2)
    looks = (
        Look(found, 1.5, HOSTILE_SENTENCE, 3.25),
        Look(found, 1.5),
        Look(replace(found, by_vectors=7)),
    )
    explanation = Explanation(
        "Why <b>now</b>?", "It asks about 2017.", "It <i>leans</i>.", 0.12, "“x” is it.", looks
    )
    page = Page(answer_html(replace(answer(COST), explanation=explanation)))
    said = ["".join(text) for tag, _, text in page.inside if tag == "details"]
    assert len(said) == 1
    assert "“x” is it." in said[0]
    assert "The articles were asked: Why <b>now</b>?" in said[0]
    assert "below 0.12" in said[0]
    assert "by words no. 2, by vectors not found; the reader’s score 1.5, with all else" in said[0]
    assert HOSTILE_SENTENCE in said[0]
    assert "nothing in it counts" in said[0]
    assert "by vectors no. 7; not read" in said[0]
    assert {tag for tag, _, _ in page.inside} <= TAGS_OF_OURS

    told = answer_json(replace(answer(COST), explanation=explanation), 0.1, explain=True)
    assert told["explanation"]["reason"] == "“x” is it."
    assert [
        (one["by_words"], one["by_vectors"], one["reader"], one["score"])
        for one in told["explanation"]["passages"]
    ] == [(2, None, 1.5, 3.25), (2, None, 1.5, None), (2, 7, None, None)]
    AnswerBody.model_validate(told)
    assert answer_json(replace(answer(COST), explanation=explanation), 0.1)["explanation"] is None
