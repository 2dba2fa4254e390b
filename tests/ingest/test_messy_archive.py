# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""What archives really hold: old pages, saved pages, mailboxes, exports of content systems and press databases, live blogs."""

import csv
import gzip
import io
import json
import tarfile
import zipfile
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.ingest.credit import credit_in
from stance.ingest.drafts import Piece
from stance.paragraphs import split
from stance.records import Article, BlockKind, Reason

from .conftest import LEAD, PROSE, SAMPLES, SECOND, article, rejection

THIRD = (
    "The company declined to comment on the vote, and its office in the capital did not answer the telephone at all."
)
LAST = "By evening a fishing boat had brought sixty loaves from the mainland, and they were gone in eleven minutes."
WHOLE = [LEAD, SECOND, THIRD]
MOMENT = datetime(2024, 3, 12, 10, 40, tzinfo=UTC)
RUSSIAN = [
    "Правительство заявило, что участники протеста покинули площадь, а переговоры о цене на газ продолжатся завтра утром.",
    "Министр внутренних дел сообщил журналистам, что задержанных отпустят в течение недели, если они признают свою вину.",
    "На площади к вечеру остались только дворники и несколько человек, которые ждали автобуса до правого берега.",
]


def ps(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def texts(item: Article) -> list[str]:
    return [paragraph.text for paragraph in split(item)]


def of_kind(item: Article, kind: BlockKind) -> list[str]:
    return [item.body[block.start : block.end] for block in item.blocks if block.kind is kind]


def table(rows: list[dict[str, str]], **options: object) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]), **options)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


# Pages


def test_a_page_of_2005_with_tables_fonts_and_unclosed_paragraphs(read_bytes):
    prose = "".join(f"<P ALIGN=justify><FONT FACE=Arial>{text}\n" for text in RUSSIAN)
    page = (
        '<HTML><HEAD><TITLE>Газета &quot;Компас&quot; :: Площадь опустела</TITLE><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-1251">'
        "</HEAD><BODY BGCOLOR=#FFFFFF><TABLE WIDTH=100%><TR><TD WIDTH=150><A HREF=/>Главная</A><BR><A HREF=/news>Новости</A></TD><TD>"
        f"<FONT SIZE=+2><B>Площадь опустела</B></FONT><BR><FONT SIZE=-1>14.01.2005, Иван Петров</FONT>{prose}<P><A HREF=print>Версия для печати</A></TD></TR>"
        '<TR><TD COLSPAN=2><FONT SIZE=-2>&copy; 1999-2005 Газета "Компас".</FONT></TD></TR></TABLE></BODY></HTML>'
    )
    item = article(read_bytes(page.encode("cp1251"), allow_languages=("ru",)))
    assert texts(item) == RUSSIAN
    assert (item.title, item.author, f"{item.published:%F}") == ("Площадь опустела", "Иван Петров", "2005-01-14")


def test_a_page_of_a_blogging_service(read_bytes):
    page = (
        '<!doctype html><html lang="en"><head><title>Why the ferry stays | by Mira Holt | Quayside Notes | Medium</title><meta name="author" content="Mira Holt">'
        '<meta property="article:published_time" content="2024-03-12T10:40:00.000Z"><link rel=canonical href="https://blogs.example/@mira/1"></head>'
        '<body><div id="root"><div class="a b"><a href="/">Open in app</a><button>Sign up</button></div><article><div class="l"><section><h1 class="pw-post-title">Why the ferry stays</h1>'
        '<h2 class="pw-subtitle-paragraph">And who pays for it</h2><div class="ac"><a href="/@mira">Mira Holt</a><span>·</span><button>Follow</button><span>5 min read</span></div>'
        "<div><span>--</span><span>12</span><button>Listen</button></div><figure><img src=a.jpg><figcaption>Photo by <a>Jan Ruda</a> on <a>Unsplash</a></figcaption></figure>"
        f'<p class="pw-post-body-paragraph">{LEAD}</p><blockquote class="op"><p class="or">{SECOND}</p></blockquote><h1>What comes next</h1><p class="pw-post-body-paragraph">{THIRD}</p></section></div></article>'
        "<div><a href=/tag/ferry>Ferry</a></div><div><h2>Written by Mira Holt</h2><p>1.2K Followers</p><p>Reporter, baker, rower. I write about harbours.</p></div>"
        "<div><h2>Recommended from Medium</h2><h3>Ten habits of calm people who rise early</h3></div></div></body></html>"
    )
    item = article(read_bytes(page))
    assert texts(item) == WHOLE
    assert (item.title, item.author, item.published) == ("Why the ferry stays", "Mira Holt", MOMENT)


def test_an_amp_page(read_bytes):
    linked = {"@type": "NewsArticle", "headline": "Ferry to run", "datePublished": "2024-03-12T10:40:00Z", "author": {"name": "Mira Holt"}, "publisher": {"name": "Quay Post"}}  # fmt: skip
    page = (
        f'<!doctype html><html ⚡ lang="en"><head><title>Ferry to run - Quay Post</title><style amp-boilerplate>body{{}}</style><script type="application/ld+json">{json.dumps(linked)}</script></head>'
        "<body><amp-analytics><script type='application/json'>{}</script></amp-analytics><amp-sidebar><ul><li>World news of the day from all over.</li></ul></amp-sidebar>"
        "<amp-consent><div>Cookies make this site better for you and for our partners.</div></amp-consent>"
        f"<article><h1>Ferry to run</h1><amp-social-share type=x></amp-social-share><div class='amp-wp-article-content'><p>{LEAD}</p><amp-ad><div>Buy a boat before the summer ends.</div></amp-ad><p>{SECOND}</p>"
        f"<amp-twitter><blockquote placeholder>I was there, and so was the whole town. — Jan (@jan)</blockquote></amp-twitter><p>{THIRD}</p></div></article></body></html>"
    )
    item = article(read_bytes(page))
    assert texts(item) == WHOLE
    assert (item.author, item.outlet, item.published) == ("Mira Holt", "Quay Post", MOMENT)
    assert "boat before" not in item.body


def test_other_articles_on_the_page_are_not_this_one(read_bytes):
    """An endless page goes on with the next article, and its teasers together are longer than the article."""
    goes_on = f"<article><h2>Bread runs out</h2><p class=byline>By Jan Ruda</p>{ps(LAST, THIRD, SECOND)}</article>"
    teasers = "".join(f"<article><h3>Headline number {number}</h3><p>{LAST}</p></article>" for number in range(9))
    for others in (goes_on, teasers):
        page = f"<html><head><title>Ferry | Quay Post</title></head><body><main><article><h1>Ferry to run</h1><p class=byline>By Mira Holt</p>{ps(LEAD, SECOND)}</article>{others}</main></body></html>"
        item = article(read_bytes(page))
        assert texts(item) == [LEAD, SECOND]
        assert item.author == "Mira Holt"


def test_where_every_article_has_a_headline_of_the_first_rank_the_title_decides(read_bytes):
    page = f"<html><head><title>Bread runs out | Quay Post</title></head><body><article><h1>Ferry to run</h1>{ps(LEAD, SECOND)}</article><article><h1>Bread runs out</h1>{ps(LAST, THIRD)}</article></body></html>"
    assert texts(article(read_bytes(page))) == [LAST, THIRD]


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_live_blog_is_one_article_with_all_its_entries(read_bytes, wrapped):
    entries = "".join(
        f'<article class="block"><header><time datetime="2024-03-12T1{hour}:00:00Z">1{hour}.00 GMT</time><h2>Entry {hour}</h2></header>{ps(text)}<footer>Share</footer></article>'
        for hour, text in enumerate([*WHOLE, LAST])
    )
    inside = f"<h1>Harbour vote – live</h1><div class='key-events'><ul><li>13.00 Bread arrives</li></ul></div><div class='liveblog'>{entries}</div>"
    page = f"<html><head><meta property='article:published_time' content='2024-03-12T10:40:00Z'></head><body><main>{f'<article>{inside}</article>' if wrapped else inside}</main></body></html>"
    item = article(read_bytes(page))
    assert texts(item) == [*WHOLE, LAST]
    assert (item.title, item.published) == ("Harbour vote – live", MOMENT)


def test_text_before_a_picture_is_no_caption(read_bytes):
    page = f"<html><body><h1>Ferry</h1><div>{LEAD}<br><br>{SECOND}<figure><img src=x> The quay at dawn</figure>{THIRD}</div></body></html>"
    item = article(read_bytes(page))
    assert texts(item) == WHOLE
    assert of_kind(item, BlockKind.CAPTION) == ["The quay at dawn"]


def test_tables_are_furniture_unless_they_lay_out_the_page(read_bytes):
    data = "<table><tr><th>Year</th><th>Passengers</th></tr><tr><td>2023</td><td>38,500</td></tr></table>"
    picture = "<table><tr><td><img src=x></td></tr><tr><td>The quay at dawn. Photo: Jan Ruda</td></tr></table>"
    item = article(
        read_bytes(
            f"<html><body><article><h1>Ferry</h1>{ps(LEAD)}{data}{ps(SECOND)}{picture}{ps(THIRD)}</article></body></html>"
        )
    )
    assert texts(item) == WHOLE
    assert of_kind(item, BlockKind.OTHER) == ["Year | Passengers\n2023 | 38,500"]
    assert of_kind(item, BlockKind.CAPTION) == ["The quay at dawn. Photo: Jan Ruda"]


def test_a_page_out_of_an_archive_of_the_web_is_that_of_its_outlet(read_bytes):
    archived = "https://web.archive.org/web/20240312104000/https://quay.example/ferry"
    page = (
        f'<html><head><title>Ferry | Quay</title><link rel="canonical" href="{archived}"></head><body><!-- BEGIN WAYBACK TOOLBAR INSERT --><div id="wm-ipp-base"><div id="wm-ipp">'
        f"<p>The Wayback Machine - {archived}</p>COLLECTED BY an organisation that crawls sites which are of interest to people who like archives.</div></div><div><h1>Ferry</h1>{ps(*WHOLE)}</div></body></html>"
    )
    item = article(read_bytes(page))
    assert (item.url, item.outlet) == ("https://quay.example/ferry", "quay.example")
    assert texts(item) == WHOLE
    assert item.published is None


# Agencies and interviews


@pytest.mark.parametrize(
    ("dateline", "credit"),
    [
        ("PORT ANSEL (Steppe Wire) — ", "Steppe Wire"),
        ("PORT ANSEL, Qaraly (AP) – ", "AP"),
        ("PORT ANSEL, March 12 (Reuters) - ", "Reuters"),
        ("PORT ANSEL. March 12. INTERFAX - ", "INTERFAX"),
        ("PORT ANSEL, 12 March. /TASS/. ", "TASS"),
        ("Port Ansel, 12 Mar 2024 (Delta News Agency) – ", "Delta News Agency"),
        ("(AFP) Port Ansel — ", "AFP"),
        ("(Reuters) - ", "Reuters"),
        ("Port Ansel (the old town) is quiet. ", ""),
        ("PORT ANSEL — ", ""),
        ("The Free Party (FP) — once the largest — ", "FP"),
    ],
)
def test_datelines_name_the_agency(dateline, credit):
    """The last shows the price: a party's initials in the first line are taken for an agency's."""
    assert credit_in([Piece(BlockKind.PARAGRAPH, dateline + LEAD)]) == credit


def test_an_interview_in_plain_text_is_no_list_of_settings(read_bytes):
    spoken = [
        "Q: Minister, will the ferry run?",
        f"A: It will. {LEAD}",
        "HOLT: So the company pays?",
        f"MINISTER: {SECOND}",
    ]
    item = article(read_bytes("Interview with the minister\n\n" + "\n\n".join(spoken)))
    assert texts(item) == spoken
    assert (
        rejection(read_bytes("name: stance\nversion: 1\nsources:\n  - a\n  - b\nlimit: 3\n")).reason
        is Reason.UNSUPPORTED_FORMAT
    )


def test_an_interview_on_a_page_keeps_questions_and_answers(read_bytes):
    page = f"<html><body><article><h1>Interview</h1><p><b>Quay Post: Will the ferry run this winter?</b></p><p>{LEAD}</p><p><b>HOLT:</b> So the company pays?</p><p><b>MINISTER:</b> {SECOND}</p></article></body></html>"
    assert texts(article(read_bytes(page))) == [
        "Quay Post: Will the ferry run this winter?", LEAD, "HOLT: So the company pays?", f"MINISTER: {SECOND}",
    ]  # fmt: skip


# Exports

POST = (
    f'<p><strong>PORT ANSEL</strong> &mdash; {LEAD}</p>\r\n<p>&nbsp;</p>\r\n<figure class="wp-block-image"><img src="x.jpg"/><figcaption>The quay</figcaption></figure>\r\n'
    f'<p>{SECOND}</p>\r\n[gallery ids="1,2"]\r\n<blockquote class="twitter-tweet"><p>Tickets, anyone?</p>&mdash; Jan (@jan)</blockquote>\r\n<script async src="x.js"></script><p>{THIRD}</p>'
)


@pytest.mark.parametrize(
    "content",
    [
        POST,
        POST.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
        f"PORT ANSEL — {LEAD}\n\n{SECOND}\n\n[caption id='a' align='left']<img src='x' /> The quay[/caption]\n\n<em>{THIRD}</em>",
        f"PORT ANSEL — {LEAD}\\n\\n{SECOND}\\r\\n\\r\\n{THIRD}",
        f"<p>PORT ANSEL — {LEAD}\n<p>{SECOND}\n<p>{THIRD}",
    ],
    ids=["mark-up", "escaped twice", "without paragraph tags", "line breaks in letters", "unclosed"],
)
@pytest.mark.parametrize("form", ["csv", "jsonl", "rest"])
def test_posts_exported_from_a_content_system(read_bytes, content, form):
    if form == "csv":
        row = {
            "ID": "7",
            "post_title": "Ferry &amp; bread",
            "post_content": content,
            "post_date": "2024-03-12 10:40:00",
            "permalink": "https://quay.example/7",
        }
        data = table([row, row | {"ID": "8"}], quoting=csv.QUOTE_ALL)
    elif form == "jsonl":
        row = {
            "id": 7,
            "title": "Ferry &amp; bread",
            "body": content,
            "pub_date": "2024-03-12 10:40:00",
            "url": "https://quay.example/7",
        }
        data = json.dumps(row) + "\n" + json.dumps(row) + "\n"
    else:
        row = {
            "id": 7,
            "date": "2024-03-12T10:40:00",
            "link": "https://quay.example/7",
            "title": {"rendered": "Ferry &#038; bread"},
            "content": {"rendered": content, "protected": False},
            "author": 3,
        }
        data = json.dumps([row, row])
    item, again = read_bytes(data)
    assert isinstance(item, Article)
    assert texts(item) == [f"PORT ANSEL — {LEAD}", SECOND, THIRD]
    assert (item.title, item.author, item.published, item.url) == (
        "Ferry & bread",
        "",
        MOMENT,
        "https://quay.example/7",
    )
    assert again.id == item.id


def test_the_export_file_of_a_blog_reads_posts_and_names_what_is_none(read_bytes):
    export = (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">'
        "<channel><title>Quay Post</title><wp:wxr_version>1.2</wp:wxr_version><item><title>Ferry</title><link>https://quay.example/1</link><pubDate>Tue, 12 Mar 2024 10:40:00 +0000</pubDate>"
        f"<dc:creator>mira</dc:creator><content:encoded><![CDATA[{LEAD}\n\n{SECOND}\n\n<blockquote>{THIRD}</blockquote>]]></content:encoded><wp:post_type>post</wp:post_type></item>"
        "<item><title>x.jpg</title><content:encoded><![CDATA[]]></content:encoded><wp:post_type>attachment</wp:post_type></item></channel></rss>"
    )
    post, picture = read_bytes(export)
    assert texts(post) == WHOLE
    assert (post.author, post.published, post.outlet) == ("mira", MOMENT, "Quay Post")
    assert picture.reason is Reason.NO_TEXT


@pytest.mark.parametrize(
    "row",
    [
        {"_index": "news", "_id": "1", "_source": {"headline": "Ferry", "body": PROSE, "pub_date": "2024-03-12T10:40:00Z"}},
        {"_id": {"$oid": "65"}, "title": "Ferry", "text": PROSE, "published": {"$date": "2024-03-12T10:40:00Z"}},
        {"title": "Ferry", "text": PROSE, "published": {"$date": {"$numberLong": "1710240000000"}}},
        {"title": {"#text": "Ferry"}, "text": {"value": PROSE}, "date": 1710240000},
    ],
)  # fmt: skip
def test_dumps_of_databases_are_unwrapped(read_bytes, row):
    item = article(read_bytes(json.dumps(row) + "\n", "dump"))
    assert (item.title, item.published, texts(item)) == ("Ferry", MOMENT, [LEAD, SECOND])


def test_a_table_saved_by_a_spreadsheet(read_bytes):
    saved = "sep=;\r\n" + table(
        [{"Title": "Ferry", "Text": PROSE.replace("\n", "\r\n"), "Date": "12.03.2024"}], delimiter=";"
    )
    item = article(read_bytes(saved.encode("utf-8-sig")))
    assert (item.title, f"{item.published:%F}", texts(item)) == ("Ferry", "2024-03-12", [LEAD, SECOND])


def test_objects_one_after_another_are_read_and_a_list_that_breaks_off_up_to_there(read_bytes):
    rows = [json.dumps({"title": str(number), "text": PROSE}, indent=1) for number in range(3)]
    assert [item.title for item in read_bytes("\n".join(rows))] == ["0", "1", "2"]
    one, two, broken = read_bytes("[" + ",\n".join(rows)[:-40])
    assert (one.title, two.title, broken.reason) == ("0", "1", Reason.MALFORMED)
    assert "2 whole objects" in broken.detail


def test_the_text_export_of_a_press_database_is_parted_into_its_documents(read_bytes):
    export = (
        f"\ufeffDownload request: ferry AND winter\n\n1 of 2 DOCUMENTS\n\nQuay Post (Port Ansel)\n\nMarch 12, 2024 Tuesday\n\nFerry to run all winter\n\nBYLINE: Mira Holt\n\nSECTION: NEWS; Pg. 3\n\nLENGTH: 310 words\n\n{LEAD}\n\n{SECOND}\n\n"
        f"LOAD-DATE: March 13, 2024\n\nLANGUAGE: ENGLISH\n\nCopyright 2024 Quay Post\nAll Rights Reserved\n\n\f2 of 2 DOCUMENTS\n\nDelta News\n\nMarch 2024\n\nCompany says no\n\nLENGTH: 90 words\n\n{THIRD}\n\n{LAST}\n"
    )
    first, undated = read_bytes(export)
    assert (first.outlet, first.title, first.author, f"{first.published:%F}") == (
        "Quay Post (Port Ansel)",
        "Ferry to run all winter",
        "Mira Holt",
        "2024-03-12",
    )
    assert texts(first) == [LEAD, SECOND]
    assert (undated.reason, undated.outlet) == (Reason.BAD_DATE, "Delta News")


CHANNEL = {
    "name": "Harbour News",
    "type": "public_channel",
    "messages": [
        {"id": 1, "type": "service", "date": "2024-03-12T10:00:00", "action": "create_channel"},
        {
            "id": 2, "type": "message", "date": "2024-03-12T10:40:00",
            "text": [{"type": "bold", "text": "Ferry to run"}, f"\n\n{LEAD[:50]}", {"type": "link", "text": LEAD[50:60]}, f"{LEAD[60:]}\n\n{SECOND}"],
        },
    ],
}  # fmt: skip


def test_the_export_of_a_channel_is_read_with_the_channel_as_outlet(read_bytes):
    service, post = read_bytes(json.dumps(CHANNEL, indent=1))
    assert service.reason is Reason.MISSING_FIELD
    assert (post.outlet, post.title, post.published, texts(post)) == (
        "Harbour News",
        "Ferry to run",
        MOMENT,
        [LEAD, SECOND],
    )


def test_the_answer_of_a_news_interface_keeps_the_outlet_of_each_article(read_bytes):
    rows = [
        {"source": {"id": None, "name": name}, "title": name, "publishedAt": "2024-03-12T10:40:00Z", "content": PROSE}
        for name in ("Quay Post", "Delta News")
    ]
    found = read_bytes(json.dumps({"status": "ok", "name": "search", "articles": rows}))
    assert [(item.outlet, item.published) for item in found] == [("Quay Post", MOMENT), ("Delta News", MOMENT)]


def test_a_note_clipped_from_the_web_names_its_address_as_source(read_bytes):
    note = f'---\ntitle: Ferry\nsource: "https://www.quay.example/ferry"\nauthor:\n  - "[[Mira Holt]]"\npublished: 2024-03-12\ntags: [clippings]\n---\n{PROSE}\n'
    item = article(read_bytes(note))
    assert (item.outlet, item.url, item.author) == ("quay.example", "https://www.quay.example/ferry", "Mira Holt")


def test_a_table_of_unknown_columns_says_so_and_is_no_article(read_bytes):
    rows = [{"Schlagzeile": f"Fähre {number}", "Inhalt": LEAD, "Datum": "12.03.2024"} for number in range(4)]
    found = read_bytes(table(rows, delimiter=";"))
    assert {item.reason for item in found} == {Reason.MISSING_FIELD}
    assert "Schlagzeile" in found[0].detail
    columns = {"text": ["inhalt"], "title": ["schlagzeile"], "published": ["datum"]}
    assert len(read_bytes(table(rows, delimiter=";"), columns=columns, min_words=5)) == 4
    prose = "Bread, milk, and salt, he said.\nNothing else, as ever, was to be had.\nThe shops, the stalls, the carts: all shut.\nNobody, or so it seemed, complained."
    assert isinstance(article(read_bytes(f"{prose}\n\n{PROSE}")), Article)
    assert isinstance(
        article(read_bytes(f"Bread, milk, salt\n\nHe came, he saw, he bought them all.\n\n{PROSE}")), Article
    )


@pytest.mark.parametrize(
    ("first", "comma", "head"), [("1\n", ",", ""), ("", ".", "WEBVTT\nKind: captions\n\nNOTE made by machine\n\n")]
)
def test_subtitles_are_read_as_what_was_said(read_bytes, first, comma, head):
    said = [">> " + LEAD[:60], LEAD[60:], "- <i>" + SECOND[:50] + "</i>", SECOND[:50] + "\n" + SECOND[50:]]
    cues = [
        f"{first}00:00:0{number}{comma}000 --> 00:00:0{number + 1}{comma}500\n{text}\n\n"
        for number, text in enumerate(said)
    ]
    assert texts(article(read_bytes(head + "".join(cues)))) == [LEAD, SECOND]


@pytest.mark.parametrize("body", [PROSE, PROSE.replace("ferry", "**ferry**")], ids=["text", "Markdown"])
def test_labelled_lines_above_a_text_are_its_fields(read_bytes, body):
    head = (
        "Title: Ferry: all winter\nDate: 2024-03-12 10:40\nAuthor: Mira Holt\nSource: Quay Post\nTags: ferry, winter\n"
    )
    item = article(read_bytes(f"{head}\n{body}\n"))
    assert (item.title, item.published, item.author, item.outlet) == (
        "Ferry: all winter",
        MOMENT,
        "Mira Holt",
        "Quay Post",
    )
    assert texts(item) == [LEAD, SECOND]
    spoken = article(read_bytes(f"MINISTER: The ferry sails.\nHOLT: So it does.\n\n{PROSE}"))
    assert "The ferry sails." in spoken.body


# What lies beside articles


def test_a_list_of_addresses_is_no_article(read_bytes):
    addresses = "\n".join(f"https://quay.example/{number}" for number in range(30))
    assert "[[source]]" in rejection(read_bytes(addresses)).detail


def test_a_catalogue_of_targets_beside_the_news_is_no_article(read_bytes):
    for path in sorted((SAMPLES.parent / "targets").glob("*.yaml")):
        assert rejection(read_bytes(path.read_bytes())).reason is Reason.UNSUPPORTED_FORMAT, path.name


def test_rows_of_one_line_are_told_apart(read_bytes):
    found = read_bytes(json.dumps(CHANNEL))
    assert [item.source.rpartition("#")[2] for item in found] == ["1.1", "1.2"]


@pytest.mark.parametrize(
    "data",
    [
        "!function(e,t){var n=e.document;t.ready=function(){return n.body};for(var i=0;i<9;i++){t(i)}}(window,jQuery);"
        * 9,
        "body { margin: 0; color: #333 }\n.article p { line-height: 1.5; margin: 0 0 1em }\n@media print { nav { display: none } }\n"
        * 9,
    ],
    ids=["script", "style"],
)
def test_scripts_and_styles_beside_a_saved_page_are_no_articles(read_bytes, data):
    assert rejection(read_bytes(data)).reason is Reason.UNSUPPORTED_FORMAT


@pytest.mark.parametrize(
    "title",
    ["404 - Quay Post", "Page not found | Quay Post", "Just a moment...", "Access Denied", "Attention Required! | Guard", "Before you continue to Quay Post", "Error 503"],
)  # fmt: skip
def test_what_a_server_sent_instead_of_a_page_is_no_article(read_bytes, title):
    page = f"<html><head><title>{title}</title></head><body>{ps(SECOND, THIRD)}</body></html>"
    found = rejection(read_bytes(page))
    assert (found.reason, title[:3] in found.detail) == (Reason.NO_TEXT, True)


@pytest.mark.parametrize(
    "title",
    [
        "404 people died in March, ministry says",
        "Access denied: why the archive stays shut",
        "Forbidden love in the time of ferries",
    ],
)
def test_headlines_that_begin_like_errors_are_read(read_bytes, title):
    assert (
        article(read_bytes(f"<html><head><title>{title}</title></head><body>{ps(SECOND, THIRD)}</body></html>")).title
        == title
    )


def tarred(*members: tuple[str, bytes | None]) -> bytes:
    """A tar file; a member without bytes is a link to the system's list of users."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size, info.type, info.linkname = (
                len(data or b""),
                tarfile.REGTYPE if data is not None else tarfile.SYMTYPE,
                "/etc/passwd",
            )
            archive.addfile(info, io.BytesIO(data or b""))
    return buffer.getvalue()


@pytest.mark.parametrize("packed", [False, True])
def test_a_tar_file_is_read_member_by_member(read_bytes, packed):
    data = tarred(
        ("news/a.txt", PROSE.encode()),
        ("../b.txt", PROSE.encode()),
        ("link", None),
        ("news/.DS_Store", b"\0\0"),
        ("c.txt", PROSE.encode()),
    )
    found = read_bytes(gzip.compress(data) if packed else data)
    assert [getattr(item, "reason", "read") for item in found] == [
        "read",
        Reason.UNSAFE_PATH,
        Reason.UNSAFE_PATH,
        "read",
    ]
    assert found[0].source.endswith("!news/a.txt")


def test_a_tar_file_keeps_to_the_limits_and_a_cut_one_is_rejected_after_what_is_whole(read_bytes):
    data = tarred(*((f"{number}.txt", PROSE.encode() * 100) for number in range(3)))
    assert [getattr(item, "reason", None) for item in read_bytes(data, max_unpacked_bytes=len(PROSE) * 250)] == [
        None,
        None,
        Reason.LIMIT,
    ]
    assert [getattr(item, "reason", None) for item in read_bytes(data, max_members=2)] == [None, None, Reason.LIMIT]
    whole, *rest = read_bytes(data[: len(PROSE) * 100 + 2000])
    assert isinstance(whole, Article)
    assert {item.reason for item in rest} == {Reason.MALFORMED}


def test_what_a_mac_adds_to_an_archive_is_passed_over(read_bytes):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in (
            ("a/.DS_Store", b"\0\0\0\1Bud1"),
            ("__MACOSX/a/._b.txt", b"\0\5\x16\7"),
            ("a/README.md", b"# Read me"),
            ("a/b.txt", PROSE.encode()),
        ):
            archive.writestr(name, data)
    assert article(read_bytes(buffer.getvalue())).source.endswith("!a/b.txt")


def test_wide_parquet_files_and_long_fields_are_refused(read_bytes):
    wide = io.BytesIO()
    pq.write_table(pa.table({"text": [PROSE], **{f"c{number}": [1] for number in range(3000)}}), wide)
    assert rejection(read_bytes(wide.getvalue())).reason is Reason.LIMIT
    long = io.BytesIO()
    pq.write_table(pa.table({"text": [PROSE * 100, PROSE]}), long)
    refused, read = read_bytes(long.getvalue(), max_document_bytes=10_000)
    assert (refused.reason, refused.line, texts(read)) == (Reason.TOO_LARGE, 1, [LEAD, SECOND])


# Mail

MAIL = (
    "From: Mira Holt <mira@quay.example>\nTo: list@archive.example\nSubject: {subject}\nDate: Tue, 12 Mar 2024 11:40:00 +0100\nMessage-ID: <1@quay.example>\nMIME-Version: 1.0\n{head}\n\n{body}\n"
)  # fmt: skip


def mail(subject: str, body: str, head: str = 'Content-Type: text/plain; charset="utf-8"') -> str:
    return MAIL.format(subject=subject, head=head, body=body)


def test_a_mailbox_is_read_message_by_message(read_bytes):
    mark = "From mira@quay.example Tue Mar 12 11:40:00 2024\n"
    quoted = 'Content-Type: text/plain; charset="windows-1252"\nContent-Transfer-Encoding: quoted-printable'
    messages = [
        mail("Ferry to run", f"{LEAD}\n\n>From the quay: {SECOND}\n\n-- \nMira Holt, Quay Post"),
        mail("=?utf-8?q?Company_says_=E2=80=9Cno=E2=80=9D?=", f"{LEAD}=20\n\nNobody seemed=\n surprised =96 not even the crews, who went on selling tickets.", quoted),
        mail("A picture", "iVBORw0KGgo=", "Content-Type: image/png\nContent-Transfer-Encoding: base64"),
    ]  # fmt: skip
    first, second, third = read_bytes("".join(f"{mark}{message}\n" for message in messages))
    assert (first.title, first.author, first.published, first.outlet) == (
        "Ferry to run",
        "Mira Holt",
        MOMENT,
        "quay.example",
    )
    assert texts(first) == [LEAD, f"From the quay: {SECOND}"]
    assert second.title == "Company says “no”"
    assert texts(second)[1] == "Nobody seemed surprised – not even the crews, who went on selling tickets."
    assert third.reason is Reason.NO_TEXT
    assert third.source.endswith("#3")


def test_of_a_message_in_two_forms_one_is_read(read_bytes):
    head = 'Content-Type: multipart/alternative; boundary="b"'
    body = f'--b\nContent-Type: text/plain; charset="utf-8"\n\n{PROSE}\n--b\nContent-Type: text/html; charset="utf-8"\n\n<html><body>{ps(LEAD, SECOND)}</body></html>\n--b--'
    assert texts(article(read_bytes(mail("Ferry", body, head)))) == [LEAD, SECOND]
    only = mail("Ferry", f"<html><body>{ps(LEAD, SECOND)}</body></html>", 'Content-Type: text/html; charset="utf-8"')
    item = article(read_bytes(only.replace("\n", "\r\n")))
    assert (texts(item), item.title, item.outlet) == ([LEAD, SECOND], "Ferry", "quay.example")


def test_a_page_that_a_browser_saved_as_one_file_has_its_address_and_not_the_date_of_the_visit(read_bytes):
    saved = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://quay.example/ferry\r\nSubject: Ferry\r\nDate: Tue, 12 Mar 2024 10:40:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----x"\r\n\r\n\r\n------x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://quay.example/ferry\r\n\r\n'
        f'<!DOCTYPE html><html lang=3D"en"><head><title>Ferry to run</title></head><body><h1>Ferry to run</h1>{ps(LEAD)}{ps("Caf=C3=A9s stayed open, and nobody on the quay was su=")}\r\n'.replace(
            "=</p>", "="
        )
        + f"rprised.{ps(THIRD)}</body></html>\r\n\r\n------x\r\nContent-Type: text/css\r\n\r\np {{ color: red }}\r\n------x--\r\n"
    )
    item = article(read_bytes(saved, "page.mht"))
    assert (item.title, item.url, item.outlet, item.published) == (
        "Ferry to run",
        "https://quay.example/ferry",
        "quay.example",
        None,
    )
    assert texts(item) == [LEAD, "Cafés stayed open, and nobody on the quay was surprised.", THIRD]


def test_a_message_over_the_limit_does_not_stop_the_mailbox(read_bytes):
    mark = "From mira@quay.example Tue Mar 12 11:40:00 2024\n"
    long, good = read_bytes(f"{mark}{mail('Long', PROSE * 50)}\n{mark}{mail('Good', PROSE)}", max_document_bytes=3000)
    assert (long.reason, good.title) == (Reason.TOO_LARGE, "Good")


def test_a_text_that_talks_of_senders_is_no_mail(read_bytes):
    item = article(read_bytes(f"From: the editor\n\n{PROSE}"))
    assert texts(item)[-1] == SECOND
