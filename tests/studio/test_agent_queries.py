"""Pages of the agent ask the database as often for much as for little."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.authoring import publish
from agents.models import Topic, Variant

PATHS = (
    "persona/",
    "knowledge/",
    "knowledge/export/",
    "variants/",
    "variants/export/",
    "agent-voice/",
    "versions/",
    "versions/compare/",
)


@pytest.mark.long
@pytest.mark.parametrize("pre_release", [False, True])
def test_much_takes_no_more_queries_than_little(client, owner, furnished, pre_release):
    project = furnished.project
    publish.set_pre_release(project, pre_release, owner)
    client.force_login(owner)

    def queries(path):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/console/{project.slug}/{path}").status_code == 200
        return len(asked)

    for path in PATHS:
        queries(path)  # the first visit keeps the project in the session
    few = {path: queries(path) for path in PATHS}
    Topic.objects.bulk_create(Topic(project=project, name=f"Topic {n}", content="Answer.") for n in range(300))
    Variant.objects.bulk_create(Variant(project=project, key=f"v{n}", name=f"Variant {n}") for n in range(300))
    for number in range(30):
        Topic.objects.filter(name="Topic 1").update(content=f"Answer {number}.")
        publish.publish(project, by=owner)
    assert {path: queries(path) for path in PATHS} == few
