"""Files and pages become passages; whatever cannot be read says why, from a process that nobody has to trust."""

import os
import sys
import zipfile

import pytest

from agents.authoring.sources.process import Reading
from agents.authoring.sources.readers import pdf, plain, tables, web, word
from agents.authoring.sources.readers.base import Unreadable, checked
from agents.authoring.sources.readers.chunking import LONGEST, passages
from agents.authoring.sources.reasons import REASONS
from tests.fakes import documents
from tests.fakes.documents import document, docx, paragraph, table


def texts(read):
    return [(heading, text) for page in read.pages for heading, text, _number in page.passages]


def why(reader, content):
    with pytest.raises(Unreadable) as caught:
        checked(reader(content, "file"))
    assert caught.value.reason in REASONS
    return caught.value.reason


# ── What is in them ──────────────────────────────────────────────────────────────────────────────────────────


def test_markdown_keeps_its_headings_and_tables():
    read = plain.read(b"# Help\n\nWrite *us*.\n\n## Prices\n\n| Bike | Price |\n|---|---|\n| City | 20 |\n", "help")
    assert read.pages[0].title == "Help"
    assert texts(read) == [("Help", "Write us."), ("Help › Prices", "Bike: City, Price: 20.")]


def test_text_of_an_older_program_is_read_in_its_own_letters():
    assert texts(plain.read("Geöffnet für Sie".encode("cp1252"), "hours")) == [("", "Geöffnet für Sie.")]


def test_a_row_of_a_table_is_a_sentence_that_names_its_columns_and_its_line():
    read = tables.read(b"Artikel;Preis;Lager\nHelm;30 Euro;12\n;;\nSchloss;18 Euro;\n", "stock.csv")
    assert read.pages[0].passages == [
        ("Helm", "Artikel: Helm, Preis: 30 Euro, Lager: 12.", 2),
        ("Schloss", "Artikel: Schloss, Preis: 18 Euro.", 4),
    ]


def test_a_word_file_has_headings_in_whatever_language_it_was_written_and_tables_row_by_row():
    body = document(
        paragraph("Rückgabe", "berschrift1"),
        paragraph("Bis acht Uhr am Pier."),
        table(("Rad", "Preis"), ("Stadtrad", "20 Euro")),
    )
    assert texts(word.read(docx(body), "x")) == [("Rückgabe", "Bis acht Uhr am Pier. Rad: Stadtrad, Preis: 20 Euro.")]


def test_a_pdf_is_cited_by_its_pages_and_what_stands_on_every_page_is_left_out():
    body = "\n".join(f"Line {n} of the long text goes on and on until here." for n in range(3))
    read = pdf.read(documents.pdf(*(f"Manual of the bike\nBattery {n} charges\n{body}\n{n}" for n in range(1, 5))), "m")
    assert [page.number for page in read.pages] == [1, 2, 3, 4]
    assert all("Manual" not in text for _heading, text in texts(read))
    assert "Battery 2 charges" in str(read.pages[1].passages)


def test_addresses_that_are_none_are_passed_over():
    page = b'<base href="http://["><a href="//[">a</a><a href="/b">b</a><main><p>Here is a text to be read.</p></main>'
    there = "https://bikes.example/help/"

    assert web.read(page, "x", there).links == ["https://bikes.example/b"]
    found = web.read_map(b"<urlset><url><loc>http://[</loc></url><url><loc>/c</loc></url></urlset>", there)
    assert found.links == ["https://bikes.example/c"]


def test_of_a_web_page_only_what_people_read_is_read():
    page = b"""<html><head><title>Returns</title><script>var a = "<p>no</p>"</script></head><body>
    <nav><a href="/shop/">Shop</a></nav><header>Menu</header>
    <main><h1>Returning a bike</h1><p>At the <b>north pier</b> until 8.</p><p hidden>secret</p>
    <table><tr><th>Day</th><th>Until</th></tr><tr><td>Sunday</td><td>six</td></tr></table>
    <a href="late.html#x">Late?</a></main><footer>Imprint</footer></body></html>"""
    read = web.read(page, "x", "https://bikes.example/help/returns")
    assert read.pages[0].title == "Returns"
    assert texts(read) == [("Returning a bike", "At the north pier until 8. Day: Sunday, Until: six. Late?")]
    assert read.links == ["https://bikes.example/shop/", "https://bikes.example/help/late.html"]


def test_a_page_that_asks_not_to_be_kept_is_not_kept():
    assert why(web.read, b'<meta name="robots" content="noindex"><p>Here is a text.</p>') == "robots"


def test_long_text_is_cut_between_sentences_and_short_paragraphs_go_together():
    sentence = "This sentence stands for many others of its kind and length. "
    found = passages([("A", sentence * 30), ("B", "One."), ("B", "Two."), ("C", "x" * 5_000)])
    assert all(len(text) <= LONGEST for _heading, text, _number in found)
    assert all(text.endswith(".") for heading, text, _number in found if heading == "A")
    assert [text for heading, text, _number in found if heading == "B"] == ["One. Two."]


# ── What cannot be read ──────────────────────────────────────────────────────────────────────────────────────


def bomb():
    return docx("<w:document>" + " " * 70_000_000)


def entities():
    return docx('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>')


@pytest.mark.parametrize(
    ("reader", "content", "reason"),
    [
        (word.read, b"this is no archive", "wrong_type"),
        (word.read, b"PK\x03\x04 torn", "damaged"),
        (word.read, docx("<w:document><not closed>"), "damaged"),
        (word.read, docx(document()), "empty"),
        (word.read, b"\xd0\xcf\x11\xe0" + b"\0" * 100 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (word.read, docx("<a>" * 300, packed=zipfile.ZIP_STORED), "bomb"),
        (pdf.read, b"<html>not a pdf</html>", "wrong_type"),
        (pdf.read, b"%PDF-1.7\nand then nothing", "damaged"),
        (pdf.read, documents.pdf("", ""), "no_text"),
        (plain.read, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 20, "wrong_type"),
        (plain.read, b"- - -\n\n***\n", "empty"),
        (tables.read, b"only,a,head\n", "empty"),
        (tables.read, b"a,b\n" + b"1,2\n" * 20_001, "too_long"),
        (web.read_map, b'<!DOCTYPE x [<!ENTITY a "b">]><urlset/>', "bomb"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(reader, content, reason):
    if reader is web.read_map:
        with pytest.raises(Unreadable, match=reason):
            reader(content)
    else:
        assert why(reader, content) == reason


def test_an_archive_that_unpacks_to_far_more_than_a_document_is_not_unpacked():
    assert why(word.read, bomb()) == "bomb"
    assert why(word.read, entities()) == "bomb"


def test_a_pdf_with_a_password_says_so_and_one_that_is_only_locked_against_changes_is_read():
    assert why(pdf.read, documents.pdf("The text of this page is secret.", user="secret")) == "encrypted"
    read = pdf.read(documents.pdf("The text of this page is not secret.", user=""), "x")
    assert "not secret" in str(texts(read))


# ── The process ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_process_of_its_own_reads_one_file_after_the_other_and_leaves_nothing_behind():
    with Reading() as reading:
        folder = reading._folder.name
        read = reading.read("text", b"# Hours\n\nOpen from nine to six.", name="hours")
        assert read["pages"] == [{"title": "Hours", "number": 0, "passages": [["Hours", "Open from nine to six.", 0]]}]
        with pytest.raises(Unreadable, match="wrong_type"):
            reading.read("pdf", b"no pdf", name="x")
        assert reading.read("text", b"Still here, in this process.", name="x")["pages"]
        assert not list(__import__("pathlib").Path(folder).iterdir())
        pid = reading._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not __import__("pathlib").Path(folder).exists()


GREEDY = (
    "import sys, resource; sys.stdin.readline(); resource.setrlimit(resource.RLIMIT_AS, (1 << 28,) * 2); bytes(1 << 30)"
)


@pytest.mark.parametrize(
    ("program", "longest_s", "reason"),
    [
        ("import sys; sys.stdin.readline(); sys.stdin.readline()", 0.2, "too_slow"),
        (GREEDY, 20, "too_much"),
        ("import sys; sys.stdin.readline(); print('nonsense')", 20, "too_much"),
    ],
)
def test_a_reader_that_hangs_or_dies_is_replaced_and_the_file_has_a_reason(program, longest_s, reason):
    with Reading(longest_s=longest_s, command=[sys.executable, "-c", program]) as reading:
        with pytest.raises(Unreadable, match=reason):
            reading.read("text", b"something", name="x")
        assert reading._process.pid is None
