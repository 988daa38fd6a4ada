"""Tables from spreadsheets: how they are read, and what they never bring along."""

import pytest

from agents.authoring import csv_tables, csv_topics, csv_variants
from agents.authoring.csv_tables import BadTable
from agents.models import Topic, Variant


@pytest.mark.parametrize(
    "content",
    [
        b"name,answer\nHours,Nine to six\n",
        b"name;answer\r\nHours;Nine to six\r\n",
        "name\tanswer\nHours\tNine to six".encode("utf-16"),
        "\ufeffName,Answer\nHours,Nine to six\n\n".encode(),
        '"name","answer"\n"Hours","Nine to six"'.encode("cp1252"),
    ],
)
def test_every_usual_way_to_save_a_table_is_read(content):
    assert csv_tables.read(content) == (["name", "answer"], [["Hours", "Nine to six"]])


@pytest.mark.parametrize(
    "cell", ["=1+1", "+49 30 1234", "-5", "@home", "\tx", "'=quoted", "''=twice", "'plain", "it’s"]
)
def test_a_cell_comes_back_as_it_went_and_is_never_a_formula(cell):
    content = csv_tables.write(["name"], [[cell]])
    assert csv_tables.read(content)[1] == [[cell]]
    written = content.decode("utf-8-sig").split("\r\n", 1)[1].lstrip('"')
    assert not written.startswith(("=", "+", "-", "@", "\t"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"name,name\na,b", "twice"),
        (b"name,answer\na,b,c", "Row 2 has more cells"),
        (b'name,answer\n"a,b', "quotation mark"),
        (b"PK\x03\x04\x00\x00binary", "not a CSV file"),
        (b"name\n" + b"a\n" * 5001, "more than 5000 rows"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
    ],
)
def test_what_cannot_be_a_table_is_refused_in_words(content, told):
    with pytest.raises(BadTable, match=told):
        csv_tables.read(content)


def test_wrong_columns_are_explained_with_the_right_ones(db):
    with pytest.raises(BadTable) as refused:
        csv_topics.read(b"title,answer,colour\nHours,Nine,red")
    columns = "name, answer, questions, active, spoken, first, link, link_title"
    assert refused.value.problems == [
        f"The column “name” is missing. The first row has to name the columns: {columns}.",
        f"Nobody reads the column “title”, “colour”. Columns are: {columns}.",
    ]


def test_everything_wrong_in_the_rows_is_told_at_once(db):
    questions = "\n".join(f"Question {number}?" for number in range(21))
    table = csv_tables.write(
        csv_topics.COLUMNS,
        [["", "Nine", "", ""], ["Hours", "Nine", questions, ""], ["A", "B", "", "maybe"], ["A", "C", "", ""]],
    )
    with pytest.raises(BadTable) as refused:
        csv_topics.read(table)
    assert [problem.split(" ", 2)[1] for problem in refused.value.problems] == ["2", "3", "4", "5"]


def test_topics_come_back_as_they_went(project):
    Topic.objects.create(project=project, name="Hours", content="=Nine, to\nsix", samples=["When?", "Open?"])
    Topic.objects.create(project=project, name="Parking", content="Behind.", active=False, spoken="parking", first=True,
                         link="https://example.com/p", link_title="Map")  # fmt: skip
    rows = csv_topics.read(csv_topics.write(project))
    hours = {"name": "Hours", "content": "=Nine, to\nsix", "samples": ["When?", "Open?"], "active": True}
    parking = {"name": "Parking", "content": "Behind.", "samples": [], "active": False}
    hours |= {"spoken": "", "first": False, "link": "", "link_title": ""}
    parking |= {"spoken": "parking", "first": True, "link": "https://example.com/p", "link_title": "Map"}
    assert rows == [hours, parking]
    assert {change.kind for change in csv_topics.changes(project, rows)} == {"same"}


@pytest.fixture
def shops(project):
    Variant.objects.create(project=project, key="harbour", name="Harbour", is_default=True, attributes={"city": "Bath"})
    Variant.objects.create(project=project, key="north", name="North", attributes={"city": "York"})
    return project


def rows_of(found):
    return {row["key"]: (row["name"], row["is_default"], row["attributes"]) for row in found.rows}


def test_variants_come_back_as_they_went(shops):
    found = csv_variants.merged(shops, csv_variants.read(csv_variants.write(shops)))
    assert rows_of(found) == {
        "harbour": ("Harbour", True, {"city": "Bath"}),
        "north": ("North", False, {"city": "York"}),
    }


def test_a_file_adds_and_changes_variants_and_leaves_the_others_alone(shops):
    content = b"id,name,is_default,attribute_phone\nnorth,North Side,yes,123\n,South,,456\n,South,,789\n"
    found = csv_variants.merged(shops, csv_variants.read(content))
    assert rows_of(found) == {
        "harbour": ("Harbour", False, {"city": "Bath", "phone": ""}),
        "north": ("North Side", True, {"city": "York", "phone": "123"}),
        "south": ("South", False, {"city": "", "phone": "456"}),
        "south-2": ("South", False, {"city": "", "phone": "789"}),
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"id,city\n1,Bath", "“name” is missing"),
        (b"name,city\nA,Bath", "Nobody reads the column “city”"),
        (b"id,name\nNot A Key,A", "cannot be a key"),
        (b"name,attribute_Big City\nA,Bath", "cannot be a column name"),
        (b"name\n" + b"A\n" * 999, "At most 1000 variants"),
    ],
)
def test_variants_out_of_their_limits_are_refused(shops, content, told):
    with pytest.raises(BadTable, match=told):
        csv_variants.merged(shops, csv_variants.read(content))


def test_the_last_variant_that_fits_is_taken(shops):
    assert len(csv_variants.merged(shops, csv_variants.read(b"name\n" + b"A\n" * 998)).rows) == 1000


def test_a_variant_that_came_after_the_look_at_a_file_is_not_lost_when_the_file_is_taken_in(shops, owner):
    rows = csv_variants.read(b"name\nSouth\n")
    Variant.objects.create(project=shops, key="west", name="West", attributes={"city": "Bristol"})

    csv_variants.take_in(shops, rows, owner)

    assert set(shops.variants.values_list("key", flat=True)) == {"harbour", "north", "south", "west"}


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;  "])
def test_a_line_that_only_tells_the_separator_is_no_row(first):
    header, rows = csv_tables.read(f"{first}\r\nname;content\r\nHours;nine, or ten\r\n".encode())
    assert (header, rows) == (["name", "content"], [["Hours", "nine, or ten"]])


def test_a_column_of_that_name_is_a_column():
    assert csv_tables.read(b"sep=ret,content\nA,B\n")[0] == ["sep=ret", "content"]
