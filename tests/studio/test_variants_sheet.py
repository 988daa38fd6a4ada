"""The sheet of variants as it is sent: at its limits, and as a file."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.models import Variant


@pytest.fixture
def send(client, owner, project):
    client.force_login(owner)

    def post(rows, columns):
        table = {"columns": columns, "rows": rows}
        file = SimpleUploadedFile("table.json", json.dumps(table).encode())
        return client.post(f"/console/{project.slug}/variants/", {"table_file": file})

    return post


def rows(count, columns=(), text="x"):
    return [
        {"key": "", "name": f"Shop {n}", "is_default": n == 0, "attributes": dict.fromkeys(columns, text)}
        for n in range(count)
    ]


COLUMNS = [f"c{n}" for n in range(50)]


def test_a_full_table_is_kept_with_few_queries(send):
    with CaptureQueriesContext(connection) as asked:
        assert send(rows(1000, COLUMNS, "y" * 60), COLUMNS).status_code == 302
    assert Variant.objects.count() == 1000
    assert len(asked) < 40


@pytest.mark.parametrize(("count", "columns"), [(1001, []), (1, [*COLUMNS, "c50"])])
def test_one_more_than_fits_changes_nothing(send, count, columns):
    assert send(rows(count, columns), columns).status_code == 422
    assert not Variant.objects.exists()


def test_keys_stay_when_names_change_and_new_ones_never_take_a_kept_one(send, project):
    Variant.objects.create(project=project, key="north", name="Nord", is_default=True)
    kept = {"key": "north", "name": "Norden", "is_default": True, "attributes": {}}
    new = {"key": "", "name": "North", "is_default": False, "attributes": {}}
    send([new, kept], [])
    assert dict(Variant.objects.values_list("key", "name")) == {"north": "Norden", "north-2": "North"}
