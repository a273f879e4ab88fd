"""Lines that are not the story are found, and the story's own lines never are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.boilerplate import boilerplate_spans

STORY = "The council voted on Tuesday to repair the old bridge."


def taken(text: str) -> list[str]:
    return [text[start:end] for start, end in boilerplate_spans(text)]


@pytest.mark.parametrize(
    "line",
    [
        "Jane Doe photo",
        "(Jane Doe photo)",
        "Ana María Núñez-Ortiz file photo",
        "River Times photos",
        "Courtesy photo",
        "File Photo",
        "Photo by Jane Doe",
        "Photo by Jane Doe/Getty Images",
        "Photos by Jane Doe and John Roe",
        "Photo courtesy of the River Times",
        "Photo: Jane Doe",
        "Image credit: NASA",
        "AP Photo/John Roe",
        "(AP Photo/John Roe, File)",
        "Getty Images",
        "John Roe/AFP via Getty Images",
        "The mayor opens the new bridge on Monday. (Jane Doe photo)",
        "The mayor (left) opens the new bridge (AP Photo/John Roe)",
        "Mayor Roe, left, with Chief Moe [Photo by Jane Doe]",
        "Sign up for the River Times newsletter.",
        "Sign up for our free daily newsletters and never miss a story",
        "Sign up to get breaking news alerts",
        "Subscribe to the River Times",
        "Get the top river stories delivered to you each week. Sign up for our newsletter.",
        "Get the morning's news in your inbox",
        "Advertisement",
        "ADVERTISEMENT",
        "[Advertisement]",
        "Story continues below advertisement",
        "Read more: Bridge was closed in spring, engineers said",
        "Read more",
        "RELATED: Who pays for the bridge",
        "Share this article",
        "Share this story on Facebook, X",
        "© 2024 River Times",
        "Copyright © 2024 River Times. All rights reserved.",
        "Copyright 2024 The River Times",
        "Jane Doe contributed to this report.",
        "– Staff writers Jane Doe and John Roe contributed reporting.",
        "Local",
        "Top Stories",
    ],
)
def test_a_line_that_is_not_the_story_is_found(line: str) -> None:
    assert taken(f"{STORY}\n{line}\n{STORY}") == [line]
    assert taken(f"{line}\r\n\r\n{STORY}") == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Police released a photo of the man.",
        "Police Release Photo",
        "Hartford Police Seek Man In Photos",
        "The police photo",
        "Police want to see every photo",
        "He signed up for the newsletter last year and never read it.",
        "Sign up for the newsletter was slow, the editor said.",
        "“Sign up for the newsletter,” the mayor said.",
        "Getty Images sued the company on Monday.",
        "The photo was taken by Getty Images.",
        "Photo by photo, the album tells the story of the town.",
        "Photo by Jane Doe shows the bridge before the flood.",
        "The man wore a red coat (see the photo).",
        "The bridge (a photo of it hangs in the town hall) is old.",
        "Copyright law protects the plan, a lawyer said.",
        "Copyright 2016 was the title of the show.",
        "Subscribers to the paper pay less.",
        "Getting the parcels delivered to you costs more now.",
        "Advertisement costs rose last year.",
        "Local officials agreed.",
        "Read more books, the mayor told the pupils.",
        "Related charges were dropped.",
        "Bridge Reopens",
        "local",
    ],
)
def test_a_line_of_the_story_stays(line: str) -> None:
    assert taken(f"{STORY}\n{line}\n{STORY}") == []


def test_the_caption_after_a_credit_line_goes_with_it() -> None:
    text = f"Jane Doe photo\nThe mayor opens the bridge. Jane Doe photo\n\n{STORY}"
    assert taken(text) == text.splitlines()[:2]


def test_a_section_label_goes_only_with_such_a_line_or_where_it_is_a_known_one() -> None:
    newsletter = "Sign up for the River Times newsletter."
    assert taken(f"{STORY}\n{newsletter}\nRiver Valley\n{STORY}") == [newsletter, "River Valley"]
    assert taken(f"{STORY}\nRiver Valley\n{STORY}") == []
    assert taken(f"{newsletter}\nHe agreed.\n{STORY}") == [newsletter]


def test_where_everything_would_go_nothing_goes() -> None:
    assert boilerplate_spans("Jane Doe photo\n\nAdvertisement\n") == []
    assert boilerplate_spans("") == []


LINES = st.sampled_from([STORY, "Jane Doe photo", "Advertisement", "Local", "", "  ", "Read more"])
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\u2028", "\x85", " "])


@given(st.text() | st.lists(st.tuples(LINES | st.text(), ENDS)).map(lambda x: "".join(sum(x, ()))))
def test_spans_are_whole_lines_in_order(text: str) -> None:
    before = 0
    for start, end in boilerplate_spans(text):
        assert before <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
        assert not set(text[start:end]) & set("\r\n")
        before = end
