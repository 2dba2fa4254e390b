# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""Pages, feeds and Markdown: text, furniture, metadata."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.ingest.drafts import Piece
from stance.ingest.furniture import list_kind, refine, wording_kind
from stance.ingest.html import fragment_pieces, parse
from stance.ingest.markdown import front_matter, markdown_pieces
from stance.ingest.metadata import page_data
from stance.ingest.zones import is_body, zone_of
from stance.paragraphs import split
from stance.records import BlockKind

from .conftest import LEAD, PROSE, SECOND, article

LAST = "By evening a fishing boat had brought sixty loaves from the mainland, and they were gone in eleven minutes."
THIRD = "The company declined to comment on the vote, and its office in the capital did not answer the telephone."


def found(markup: str) -> list[tuple[str, str]]:
    return [(piece.kind.value, piece.text) for piece in fragment_pieces(markup)]


def prose(markup: str) -> list[str]:
    return [text for kind, text in found(markup) if kind == "paragraph"]


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>{LEAD}</p><p>{SECOND}</p>",
        f"{LEAD}<br><br>{SECOND}",
        f"<div>{LEAD}<br/>\n<br/>{SECOND}</div>",
        f"<div>{LEAD}</div><div>{SECOND}</div>",
        f"<div><span>{LEAD}</span></div><div><span>{SECOND}</span></div>",
        f"{LEAD}<br>&nbsp;&nbsp;&nbsp;{SECOND}",
        f"{LEAD}<br>{SECOND}",
        f"<table><tr><td>{LEAD * 2}</td></tr></table>".replace(LEAD * 2, f"<p>{LEAD}</p><p>{SECOND}</p>"),
        f"<pre>{LEAD}\n\n{SECOND}</pre>",
        f"<a href='#'><p>ignored: a teaser of another article</p></a><p>{LEAD}</p><p>{SECOND}</p>",
    ],
)
def test_paragraphs_in_all_ways_of_marking_them(markup):
    assert prose(markup) == [LEAD, SECOND]


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ("<h2>What happens next?</h2>", "heading"),
        ("<p><strong>What is known</strong></p>", "heading"),
        ("<figure><img src=x><figcaption>The harbour at dawn.</figcaption></figure>", "caption"),
        ("<div class='wp-caption-text'>The harbour at dawn.</div>", "caption"),
        ("<div class='byline'>Mira Holt</div>", "byline"),
        ("<div class='related-posts'><p>Another story of some length, told well.</p></div>", "related"),
        ("<ul><li><a href='#'>Another story</a></li><li><a href='#'>And one more</a></li></ul>", "related"),
        ("<div id='comments'><p>I was there and saw it all myself.</p></div>", "comments"),
        ("<div class='cookie-banner'><p>We like to remember you.</p></div>", "cookie"),
        ("<div class='share-buttons'>Send it to a friend</div>", "share"),
        ("<div class='tags'>harbour, ferry</div>", "tags"),
        ("<div class='agency'>Delta Press</div>", "credit"),
        ("<aside class='pullquote'>Nobody seemed surprised.</aside>", "other"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "other"),
        ("<p><em>Mira Holt is a reporter at the Quay Post.</em></p>", "byline"),
    ],
)
def test_furniture_by_its_mark_up(markup, kind):
    assert {one for one, _ in found(markup)} == {kind}


def test_lists_and_quotations_are_kept_whole():
    items = ["The first point is a sentence of its own.", "The second is another one, a little longer."]
    assert prose("<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>") == ["\n".join(items)]
    assert prose(f"<blockquote><p>{LEAD}</p><p>{SECOND}</p></blockquote>") == [f"{LEAD}\n{SECOND}"]


def test_a_pull_quote_that_repeats_the_text_is_furniture():
    quote = "the crews went on selling tickets"
    markup = f"<p>{LEAD}</p><blockquote>“{quote}”</blockquote><p>{SECOND}</p>"
    kinds = {text: kind for kind, text in found(markup)}
    assert kinds[f"“{quote}”"] == "other"


def test_inline_marks_do_not_part_words():
    assert prose("<p><span>T</span>he <b>gov</b>ern<i>ment</i> <a href=x>said</a> so and meant it, too.</p>") == [
        "The government said so and meant it, too."
    ]


@pytest.mark.parametrize(
    "attributes", ["class='sc-77igqf-0 bOfvBY'", "class='is-ad'", "class='has-comments'", "class='story-body'"]
)
def test_hashed_names_and_states_mean_nothing(attributes):
    element = parse(f"<div {attributes}><p>x</p></div>").find(".//div")
    assert zone_of(element) is None


def test_body_names_are_known():
    assert all(
        is_body(parse(f"<div class='{name}'>x</div>").find(".//div"))
        for name in ("article__text", "entry-content", "articleBody", "post_body")
    )
    assert not is_body(parse("<div class='article__meta'>x</div>").find(".//div"))


@pytest.mark.parametrize("around", ["tag-politics category-news", "comment-open sidebar-right", "no-js promo"])
def test_an_element_that_holds_most_of_the_page_is_no_furniture_whatever_its_name(read_bytes, around):
    page = f"<html><body><div class='{around}'><p>{LEAD}</p><p>{SECOND}</p><p>{THIRD}</p></div><div class='promo'><p>{THIRD[:60]}</p></div></body></html>"
    if around.startswith("comment"):
        page = page.replace("comment-open ", "")
    assert [p.text for p in split(article(read_bytes(page)))] == [LEAD, SECOND, THIRD]


def test_what_stands_outside_the_article_is_no_paragraph(read_bytes):
    page = (
        f"<html><body><header><p>{THIRD}</p></header><nav><p>{THIRD}</p></nav><main><article><h1>Ferry</h1><div class='x'><p>{LEAD}</p><p>{SECOND}</p>"
        f"<p>{LAST}</p></div></article></main><div class='y'><h3>More from the quay</h3><p>{THIRD}</p></div><footer><p>{THIRD}</p></footer></body></html>"
    )
    assert [p.text for p in split(article(read_bytes(page)))] == [LEAD, SECOND, LAST]


def test_json_ld_has_the_last_word_and_meta_tags_fill_in():
    linked = {"@graph": [{"@type": "WebSite", "name": "x"}, {"@type": ["NewsArticle"], "headline": "The headline", "author": [{"name": "A"}, {"name": "B"}],
              "datePublished": "2025-01-02", "publisher": {"name": "Quay Post"}, "mainEntityOfPage": {"@id": "https://a.example/1"}}]}  # fmt: skip
    data = page_data(
        parse(
            f"<html lang='en-GB'><head><title>Other | Site</title><meta property='og:title' content='Other'>"
            f"<meta name='author' content='C'><script type='application/ld+json'>{json.dumps(linked)}</script></head><body></body></html>"
        )
    )
    assert (data.title, data.author, data.published, data.outlet, data.url, data.language) == (
        "The headline", "A, B", "2025-01-02", "Quay Post", "https://a.example/1", "en-GB",
    )  # fmt: skip


@pytest.mark.parametrize("script", ["{", '["x"]', '{"@graph": ' * 50 + "1" + "}" * 50, "null", '{"@type": 3}'])
def test_broken_json_ld_leaves_the_meta_tags(script):
    data = page_data(
        parse(
            f"<html><head><script type='application/ld+json'>{script}</script><meta name='date' content='2025-01-02'></head></html>"
        )
    )
    assert data.published == "2025-01-02"


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title>Ferry to run | Quay Post</title>", "Ferry to run"),
        ("<title>Quay Post - Ferry to run all winter</title>", "Ferry to run all winter"),
        ("<title>Ferry to run | Quay Post</title></head><body><h1>Ferry to run</h1><h1>Quay</h1>", "Ferry to run"),
    ],
)
def test_the_title_is_without_the_name_of_the_site(markup, title):
    assert page_data(parse(f"<html><head>{markup}</body></html>")).title == title


def test_a_page_that_shows_less_than_its_json_ld_is_read_from_there(read_bytes):
    linked = json.dumps({"@type": "NewsArticle", "headline": "Ferry", "articleBody": PROSE})
    page = f"<html><head><script type='application/ld+json'>{linked}</script></head><body><p>Subscribe to read on.</p></body></html>"
    assert [p.text for p in split(article(read_bytes(page)))] == [LEAD, SECOND]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Comments", "comments"), ("12 comments", "comments"), ("Readers’ comments (3)", "comments"), ("Leave a comment", "comments"),
        ("Read more", "related"), ("Read also: The other ferry", "related"), ("Related stories", "related"), ("You may also like", "related"),
        ("We use cookies to make this site work. Accept all cookies", "cookie"),
        ("Share", "share"), ("Share this article", "share"), ("Facebook Twitter WhatsApp Email", "share"), ("Follow us on Telegram", "share"),
        ("Tags: harbour, ferry", "tags"), ("#harbour #ferry", "tags"),
        ("Source: Steppe Wire", "credit"), ("(AP)", "credit"), ("© 2025 Quay Post", "credit"), ("This article was first published in March.", "credit"),
        ("Photo: Mira Holt", "caption"), ("The harbour at dawn. Photo by Mira Holt", "caption"), ("The quay, seen from the sea / Getty Images", "caption"),
        ("By Mira Holt", "byline"), ("By Mira Holt and Jan Ruda in Port Ansel", "byline"), ("Published: 12 March 2024, 10:40 GMT", "byline"), ("March 12, 2024", "byline"),
        ("Advertisement", "other"), ("Subscribe to our newsletter", "other"), ("* * *", "other"), ("Correction: the ferry sails at nine.", "other"),
        ("By the time the ferry sailed, the shops were empty.", "paragraph"), ("Read out, the letter took an hour.", "paragraph"),
        ("Comments like these cost him his office.", "paragraph"), ("Share prices fell by four per cent.", "paragraph"),
        ("Sources close to the minister deny it.", "paragraph"), ("Source of the trouble was a pipe.", "paragraph"), ("No.", "paragraph"),
        ("Tags were sewn into every coat.", "paragraph"), ("More than 40 people died.", "paragraph"), ("Photographs were forbidden.", "paragraph"),
        ("From Tuesday on, nobody paid.", "paragraph"), ("Related charges were dropped in May.", "paragraph"), ("Email was down for a week.", "paragraph"),
        ("Recommended doses were exceeded, the court heard.", "paragraph"), ("Previously the minister had denied it.", "paragraph"),
        ("Update: what the word means to a soldier is another matter entirely.", "paragraph"), ("Next week the court will rule.", "paragraph"),
    ],
)  # fmt: skip
def test_furniture_by_its_wording(text, kind):
    assert wording_kind(text).value == kind


def test_headings_are_told_by_their_shape_and_sections_by_their_headings():
    pieces = [
        Piece(BlockKind.PARAGRAPH, text)
        for text in (
            LEAD,
            "A bill without a meter",
            SECOND,
            "Read also",
            "The other ferry",
            "A third one",
            "Comments",
            "It is a shame.",
        )
    ]
    assert [piece.kind.value for piece in refine(pieces)] == [
        "paragraph", "heading", "paragraph", "related", "related", "related", "comments", "comments",
    ]  # fmt: skip


def test_a_note_on_the_author_at_the_end_is_no_paragraph():
    notes = ["Mira Holt is the paper’s correspondent.", "Jan Ruda, who bakes, is a columnist."]
    for author, note in zip(("Mira Holt", ""), notes[:1] * 2, strict=True):
        assert (
            refine([Piece(BlockKind.PARAGRAPH, LEAD), Piece(BlockKind.PARAGRAPH, note)], author=author)[-1].kind
            is BlockKind.BYLINE
        )


@pytest.mark.parametrize(
    ("items", "kind"),
    [
        (["Banks: closed until Thursday.", "Airport: no flights."], "other"),
        (["Bread", "Milk"], "other"),
        (["The banks stay closed until Thursday.", "The airport has power but no officers."], "paragraph"),
    ],
)
def test_lists_of_labelled_facts_and_bare_phrases_are_furniture(items, kind):
    assert list_kind(items).value == kind


@given(
    st.lists(
        st.sampled_from(
            [
                "<div>",
                "</div>",
                "<p>",
                "<br>",
                "text and more. ",
                "<b>",
                "</b>",
                "<table>",
                "<td>",
                "<ul>",
                "<li>",
                "&nbsp;",
                "<!--",
                "-->",
            ]
        )
    )
)
def test_any_soup_of_tags_is_walked(parts):
    for piece in fragment_pieces("".join(parts)):
        assert piece.text == piece.text.strip() != ""


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: 'A title'\ndate: 2025-01-02\nauthor: [A, B]\n---\n",
        '+++\ntitle = "A title"\ndate = 2025-01-02\nauthor = ["A", "B"]\n+++\n',
    ],
)
def test_front_matter_in_yaml_and_toml(read_bytes, front):
    item = article(read_bytes(f"{front}\n{PROSE}", from_format="markdown"))
    assert (item.title, item.author, f"{item.published:%F}") == ("A title", "A, B", "2025-01-02")


@pytest.mark.parametrize("front", ["title: [", "- a\n- b", "a: &a [*a, *a]\n", "[" * 300])
def test_broken_front_matter_is_malformed(read_bytes, front):
    (item,) = read_bytes(f"---\n{front}\n---\n{PROSE}", from_format="markdown")
    assert getattr(item, "reason", "article") in ("malformed", "article")
    assert isinstance(front_matter(f"---\n{front}\n---\n{PROSE}")[0], dict | str)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("The *council* of the **town** ~~voted~~ `so`.", "The council of the town voted so."),
        ("See [the letter](https://a.example/x_(y)) and <https://b.example>.", "See the letter and https://b.example."),
        ("A snake_case_name and 2*3*4 stay.", "A snake_case_name and 2*3*4 stay."),
        (r"An \*escaped\* star.", "An *escaped* star."),
        ("> A quotation over\n> two lines.", "A quotation over two lines."),
        ("Wrapped at some\ncolumn.", "Wrapped at some column."),
    ],
)
def test_markdown_marks_are_taken_off(markdown, text):
    assert [(piece.kind.value, piece.text) for piece in markdown_pieces(markdown)] == [("paragraph", text)]


def test_markdown_furniture_has_its_kind():
    text = "# Title\n\nSubhead\n-------\n\n![A harbour](x.jpg)\n\n* One fact\n* Two facts\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n\nmore\n```\n"
    assert [piece.kind.value for piece in markdown_pieces(text)] == [
        "heading",
        "heading",
        "caption",
        "other",
        "other",
        "other",
    ]
