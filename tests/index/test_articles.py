"""What a folder of files gives: articles, and a clear reason for each file that gives none."""

import gzip
import json
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer

from pullquote.index.articles import Skipped, fingerprint, read_articles
from pullquote.index.boilerplate import boilerplate_spans
from pullquote.index.decoding import decoded
from pullquote.index.errors import SourceError
from pullquote.index.formats import json_draft, text_draft
from pullquote.index.metadata import date_in, title_of
from pullquote.index.passages import passage_spans
from pullquote.index.types import Article

STORY = (
    "The council voted on Tuesday to repair the old stone bridge over the river before winter. "
    "Engineers had found cracks in three of its arches, and lorries were kept off it all spring."
)


def read(source: Path) -> tuple[list[Article], dict[str, str]]:
    items = list(read_articles(source))
    skipped = {item.path: item.reason for item in items if isinstance(item, Skipped)}
    return [item for item in items if isinstance(item, Article)], skipped


def only(source: Path) -> Article:
    articles, skipped = read(source)
    assert not skipped
    (article,) = articles
    return article


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# Folders


def test_a_folder_is_read_in_the_order_of_its_paths(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/b/c.txt", ".hidden.txt", ".git/x.txt"):
        write(tmp_path, name, f"{name}. {STORY}")
    articles, skipped = read(tmp_path)
    assert [article.path for article in articles] == ["a/b/c.txt", "a/z.md", "b.txt"]
    assert [article.id for article in articles] == ["a/b/c.txt", "a/z.md", "b.txt"]
    assert not skipped


def test_links_in_a_circle_do_no_harm(tmp_path: Path) -> None:
    write(tmp_path, "a/b.txt", STORY)
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    articles, skipped = read(tmp_path)
    assert [article.id for article in articles] == ["a/b.txt"]
    assert list(skipped) == ["a/self"]


def test_a_single_file_is_a_source_too(tmp_path: Path) -> None:
    article = only(write(tmp_path, "deep/story.txt", STORY))
    assert (article.id, article.path, article.text) == ("story.txt", "story.txt", STORY)


@pytest.mark.parametrize("made", [False, True])
def test_no_folder_or_an_empty_one_is_an_error_that_names_it(tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "news"
    if made:
        (folder / ".hidden").mkdir(parents=True)
    with pytest.raises(SourceError, match="news"):
        read_articles(folder)
    with pytest.raises(SourceError, match="news"):
        fingerprint(folder)


def test_one_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    write(tmp_path, "a-empty.txt", b"")
    write(tmp_path, "b-blank.md", " \n\n")
    write(tmp_path, "c-binary.txt", b"\x89PNG\r\n\0\0\0")
    write(tmp_path, "d-noise.txt", bytes(range(128, 256)) * 20)
    write(tmp_path, "e-picture.png", b"\x89PNG")
    write(tmp_path, "f-broken.pdf", b"%PDF-1.7\nnot really")
    write(tmp_path, "g-page.html", "<html><body></body></html>")
    write(tmp_path, "h-front.md", "---\ntitle: [unclosed\n---\nBody.")
    (tmp_path / "i-link.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "j-pipe.txt")
    with (tmp_path / "k-large.txt").open("wb") as stream:
        stream.truncate(20_000_000)
    (tmp_path / "l.txt").mkdir()
    write(tmp_path, "l.txt/story.txt", STORY)
    write(tmp_path, "m-copy.txt", STORY)
    write(tmp_path, "README", "Read me.")
    articles, skipped = read(tmp_path)
    assert [article.id for article in articles] == ["l.txt/story.txt"]
    expected = {
        "a-empty.txt": "no text",
        "b-blank.md": "no text",
        "c-binary.txt": "NUL",
        "d-noise.txt": "decoded",
        "e-picture.png": ".txt, .md",
        "f-broken.pdf": "damaged",
        "g-page.html": "No article",
        "h-front.md": "front matter",
        "i-link.txt": "link leads nowhere",
        "j-pipe.txt": "not an ordinary file",
        "k-large.txt": "20.0 MB and the limit is 10 MB",
        "m-copy.txt": "the same text as l.txt/story.txt",
        "README": ".jsonl",
    }
    assert skipped.keys() == expected.keys()
    for name, words in expected.items():
        assert words in skipped[name], skipped[name]
        assert skipped[name].endswith((".", ")."))


def test_a_file_name_with_odd_bytes_is_read_and_shown(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(path)).write_text(STORY)
    article = only(tmp_path)
    assert article.id == article.path == "caf\ufffd.txt"
    assert fingerprint(tmp_path)


def test_the_fingerprint_changes_with_the_folder(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", STORY)
    first = fingerprint(tmp_path)
    assert fingerprint(tmp_path) == first
    write(tmp_path, ".hidden", "x")
    assert fingerprint(tmp_path) == first
    os.utime(path, ns=(1, 1))
    touched = fingerprint(tmp_path)
    write(tmp_path, "b.txt", STORY)
    assert len({first, touched, fingerprint(tmp_path)}) == 3


# Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-32"])
def test_every_usual_encoding_gives_the_same_characters(tmp_path: Path, encoding: str) -> None:
    text = "It’s the café’s “best” day —\r\nso far.\rIt cost €5.\n"
    assert only(write(tmp_path, "a.txt", text.encode(encoding))).text == text


def test_old_encodings_are_told_apart() -> None:
    long = "It’s not all that the town wanted, said the mayor.\r\n" * 500
    assert decoded(long.encode("cp1252")) == long
    russian = "Мэр города сказал, что старый мост закроют на ремонт в понедельник утром."
    assert decoded(russian.encode("cp1251")) == russian


@pytest.mark.parametrize(
    ("content", "published", "text"),
    [
        (" date 2024-08-05 Two men came.", date(2024, 8, 5), "Two men came."),
        ("Date: 2017-01-12\n\nThe city met.\n", date(2017, 1, 12), "The city met.\n"),
        ("\ufeffdate 2024-08-05\tHe came.", date(2024, 8, 5), "He came."),
        ("date 2024-13-40 He came.", None, "date 2024-13-40 He came."),
        ("The date 2024-08-05 is near.", None, "The date 2024-08-05 is near."),
        ("date 2024-08-05, he said.", None, "date 2024-08-05, he said."),
        ("  No date. ", None, "  No date. "),
    ],
)
def test_a_leading_date_is_the_date_and_not_the_text(
    tmp_path: Path, content: str, published: date | None, text: str
) -> None:
    article = only(write(tmp_path, "a.txt", content))
    assert (article.published, article.text) == (published, text)


@given(st.dates(min_value=date(1000, 1, 1)), st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_and_its_date_come_back(day: date, story: str) -> None:
    draft = text_draft(f" date {day} X{story}".replace("\0", "").encode())
    assert (draft.published, draft.text) == (day, f"X{story}".replace("\0", ""))


# Titles and dates


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Bridge to be repaired\n\nThe council voted.", "Bridge to be repaired"),
        ("Jane Doe photo\nBridge  to be\trepaired\n\nThe council voted.", "Bridge to be repaired"),
        (STORY, "The council voted on Tuesday to repair the old stone bridge over the river "
                "before winter."),
        ("The council has voted\nfor the repair. It was late.",
         "The council has voted for the repair."),
        ("word, " * 50, "word, " * 19 + "word…"),
        ("Advertisement", "Advertisement"),
    ],
)  # fmt: skip
def test_a_title_is_made_of_the_first_words(text: str, title: str) -> None:
    assert title_of(text) == title


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_title_is_made_of_any_text(text: str) -> None:
    title = title_of(text)
    assert bool(title) == bool(text.strip())
    assert len(title.split()) <= 20


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-08-05", date(2024, 8, 5)),
        ("2024-08-05T23:30:00-05:00", date(2024, 8, 5)),
        ("2024-08-05 10:00:00", date(2024, 8, 5)),
        ("August 5, 2024", date(2024, 8, 5)),
        ("5 August 2024", date(2024, 8, 5)),
        ("Aug. 5, 2024", date(2024, 8, 5)),
        ("2024-02-30", None),
        ("2024", None),
        ("last Thursday", None),
        ("05/08/2024", None),
        ("", None),
    ],
)
def test_only_a_date_that_is_certain_is_a_date(written: str, day: date | None) -> None:
    assert date_in(written) == day


# Markdown


def test_front_matter_gives_the_facts_and_the_body_stays_verbatim(tmp_path: Path) -> None:
    body = "\n\n  # No title\r\n\r\nThe body.  \n---\nMore.\n\n"
    front = "---\ntitle: 'The bridge: a story'\nsource: River Times\npublished: 2024-08-05\n"
    front += "url: https://example.org/bridge\nbyline: null\n---\n"
    article = only(write(tmp_path, "a.md", front + body))
    assert article.title == "The bridge: a story"
    assert article.source == "River Times"
    assert article.published == date(2024, 8, 5)
    assert article.url == "https://example.org/bridge"
    assert article.text == body


@pytest.mark.parametrize(
    ("front", "published"),
    [
        ("published: 2024-08-05T10:00:00Z", date(2024, 8, 5)),
        ('published: "August 5, 2024"', date(2024, 8, 5)),
        ("published: 2024-13-40", None),
        ("published: yesterday", None),
        ("published: null", None),
        ("", None),
    ],
)
def test_a_date_in_front_matter(tmp_path: Path, front: str, published: date | None) -> None:
    article = only(write(tmp_path, "a.md", f"---\ntitle: 1984\n{front}\n---\nBody."))
    assert (article.published, article.title, article.text) == (published, "1984", "Body.")


@pytest.mark.parametrize("front", ["title: [a, b]", "just words", "title: 'open", "a: b: c"])
def test_wrong_front_matter_is_named(tmp_path: Path, front: str) -> None:
    _, skipped = read(write(tmp_path, "a.md", f"---\n{front}\n---\nBody."))
    assert "front matter" in skipped["a.md"]


def test_a_heading_is_the_title_where_there_is_no_other(tmp_path: Path) -> None:
    text = "# The *old* bridge #\n\nThe council voted.\n"
    article = only(write(tmp_path, "a.markdown", text))
    assert (article.title, article.text) == ("The *old* bridge", text)


# Web pages

PARAGRAPHS = "".join(
    f"<p>{STORY} Work on part {n} will begin soon, the surveyor said.</p>" for n in range(3)
)


def page(head: str = "", body: str = "", foot: str = "") -> str:
    return (
        f"<html><head><title>Bridge to be repaired</title>{head}</head><body><nav>Home</nav>"
        f"<article><h1>Bridge to be repaired</h1>{body}{PARAGRAPHS}</article>"
        f"<footer>{foot}</footer></body></html>"
    )


def test_a_page_gives_its_article_and_what_it_says_of_it(tmp_path: Path) -> None:
    head = (
        '<meta property="og:site_name" content="River Times">'
        '<link rel="canonical" href="https://example.org/bridge">'
        '<meta property="article:published_time" content="2024-08-05T23:30:00-05:00">'
    )
    article = only(write(tmp_path, "a.html", page(head)))
    assert article.title == "Bridge to be repaired"
    assert article.source == "River Times"
    assert article.url == "https://example.org/bridge"
    assert article.published == date(2024, 8, 5)
    assert STORY in article.text
    assert "Home" not in article.text


@pytest.mark.parametrize(
    "stated",
    [
        {"body": '<time datetime="2024-08-05">Monday</time>'},
        {"body": '<p class="byline">By Jo Roe, Published: August 5, 2024</p>'},
        {"head": '<script type="application/ld+json">{"@type": "NewsArticle", '
                 '"datePublished": "2024-08-05"}</script>'},
    ],
)  # fmt: skip
def test_a_date_that_the_page_states(tmp_path: Path, stated: dict[str, str]) -> None:
    assert only(write(tmp_path, "a.htm", page(**stated))).published == date(2024, 8, 5)


@pytest.mark.parametrize(
    "guess",
    [
        {},
        {"body": "<p>In a flood on 2019-03-04 the bridge was damaged, the town's records say.</p>"},
        {"foot": "Copyright 2023 River Times. Updated 1 March 2023"},
        {"head": '<meta property="article:modified_time" content="2024-08-05T10:00:00Z">'},
        {"head": '<meta property="og:image" content="https://example.org/2021/03/04/x.jpg">'},
        {"body": '<img src="/2021/03/04/x.jpg">'},
    ],
)
def test_a_date_is_never_guessed(tmp_path: Path, guess: dict[str, str]) -> None:
    assert only(write(tmp_path, "a.html", page(**guess))).published is None


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("cp1252", "iso-8859-1"), ("utf-8", "utf-8"), ("cp1251", "windows-1251"), ("utf-8", "utf-16")],
)
def test_a_page_is_decoded_as_it_says(tmp_path: Path, encoding: str, declared: str) -> None:
    letters = "Мост старый" if encoding == "cp1251" else "It’s “old”"
    content = page(f'<meta charset="{declared}">', f"<p>{letters}, {STORY.lower()}</p>")
    assert letters in only(write(tmp_path, "a.html", content.encode(encoding))).text


# PDF


def write_pdf(path: Path, pages: Sequence[Sequence[str]], title: str | None = None) -> Path:
    style = getSampleStyleSheet()["Normal"]
    flow = []
    for paragraphs in pages:
        flow += [part for text in paragraphs for part in (Paragraph(text, style), Spacer(1, 12))]
        flow.append(PageBreak())
    SimpleDocTemplate(str(path), title=title).build(flow or [Spacer(1, 1)])
    return path


def test_a_pdf_gives_its_text_without_its_line_ends(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [["Old bridge", STORY], [STORY]], "Bridge to be repaired")
    article = only(path)
    assert article.text == f"Old bridge\n\n{STORY}\n\n{STORY}"
    assert article.title == "Bridge to be repaired"
    assert article.published is None  # the day the file was made is not that of the news


def test_a_pdf_without_a_title_gets_its_first_words(tmp_path: Path) -> None:
    assert only(write_pdf(tmp_path / "a.pdf", [["Old bridge", STORY]])).title == "Old bridge"


def test_a_pdf_that_cannot_be_read_says_why(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = write_pdf(tmp_path / "a-whole.pdf", [[STORY]])
    data = whole.read_bytes()
    write(tmp_path, "b-cut.pdf", data[: len(data) // 2])
    writer = pypdf.PdfWriter(clone_from=whole)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "c-locked.pdf")
    write_pdf(tmp_path / "d-scan.pdf", [])
    articles, skipped = read(tmp_path)
    assert [article.path for article in articles] == ["a-whole.pdf"]
    assert "save" in skipped["b-cut.pdf"] or "no text" in skipped["b-cut.pdf"]
    assert "password" in skipped["c-locked.pdf"]
    assert "scan" in skipped["d-scan.pdf"]
    assert capfd.readouterr().err == ""


# JSON lines


def test_json_lines_are_read_one_by_one(tmp_path: Path) -> None:
    lines = [
        '{"id": "one", "text": "First text.", "title": "First", "published": "2024-08-05"}',
        '{"id": 7, "text": "Second text.", "source": "River Times", "url": null}',
        '{"id": "one", "text": "Third text."}',
        "",
        '{"text": "Fifth \\ud83d\\ude00 text \\ud800."}',
        '{"text": "broken"',
        '{"text": 5}',
        '{"text": "x", "title": ["y"]}',
        "[1]",
        '{"title": "no text"}',
        '{"text": "First text."}',
        '{"text": "' + "x" * 12_000_000 + '"}',
        '{"text": "Last text."}',
    ]
    content = "\n".join(lines).encode()
    for path in (
        write(tmp_path, "plain/a.jsonl", content),
        write(tmp_path, "packed/a.jsonl.gz", gzip.compress(content, 1)),
    ):
        articles, skipped = read(path)
        name = path.name
        assert [article.id for article in articles] == [
            "one",
            "7",
            f"{name}#3",
            f"{name}#5",
            f"{name}#13",
        ]
        assert {article.path for article in articles} == {name}
        assert articles[0].published == date(2024, 8, 5)
        assert articles[1].source == "River Times"
        assert articles[3].text == "Fifth 😀 text \ufffd."
        assert [int(place.removeprefix(f"{name}:")) for place in skipped] == [
            6,
            7,
            8,
            9,
            10,
            11,
            12,
        ]
        assert "`title`" in skipped[f"{name}:8"]
        assert "the same text as one" in skipped[f"{name}:11"]
        assert "12.0 MB" in skipped[f"{name}:12"]


def test_a_damaged_packed_file_gives_what_it_can(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"{os.urandom(20).hex()} {n}"}) for n in range(5000)]
    packed = gzip.compress("\n".join(lines).encode())
    write(tmp_path, "a.jsonl.gz", packed[: len(packed) // 2])
    write(tmp_path, "b.jsonl.gz", b"not packed at all")
    write(tmp_path, "c.jsonl", '{"text": "x"}\n'.encode("utf-16"))
    write(tmp_path, "d.txt", STORY)
    articles, skipped = read(tmp_path)
    assert len(articles) > 1000
    assert articles[-1].id == "d.txt"
    assert [place.partition(":")[0] for place in skipped] == ["a.jsonl.gz", "b.jsonl.gz", "c.jsonl"]


def test_an_id_is_never_used_twice(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", '{"id": "b.txt", "text": "One."}\n{"id": "a.jsonl#3", "text": "2."}')
    write(tmp_path, "b.txt", STORY)
    articles, _ = read(tmp_path)
    assert len({article.id for article in articles}) == len(articles) == 3


VALUES = st.text(st.characters(exclude_categories=["Cs"]))


@given(VALUES, VALUES, VALUES | st.none(), st.dates(min_value=date(1000, 1, 1)), st.booleans())
def test_a_line_of_json_comes_back(
    article_id: str, text: str, source: str | None, day: date, plain: bool
) -> None:
    fields = {"id": article_id, "text": text, "source": source, "published": str(day)}
    draft = json_draft(json.dumps(fields, ensure_ascii=not plain).encode())
    assert (draft.id, draft.text, draft.source) == (article_id, text, source)
    assert draft.published == day


# The articles that the product was first asked about

ARCHIVE = Path(__file__).parents[2].parent / "shared" / "articles"


@pytest.mark.skipif(not ARCHIVE.is_dir(), reason=f"{ARCHIVE} is not here")
def test_the_first_four_articles() -> None:
    articles, skipped = read(ARCHIVE)
    assert not skipped
    assert [article.published for article in articles] == [
        None,
        date(2024, 8, 5),
        None,
        date(2017, 1, 12),
    ]
    for article in articles:
        assert article.text in (ARCHIVE / article.path).read_bytes().decode()
        skip = boilerplate_spans(article.text)
        for start, end in passage_spans(article.text, skip):
            assert "photo)" not in article.text[start:end]
            assert "newsletter" not in article.text[start:end]
