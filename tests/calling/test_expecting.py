"""The first sound of a version's calls is made when somebody loads the card, once."""

import asyncio

import pytest

from agents.speech.clauses import clauses
from agents.speech.providers import scripted
from agents.speech.providers.base import ProviderError
from calling.gateway import alone, calls, prewarm, wiring
from tests.calling.conftest import SITE
from widgets.admission import access, credentials
from widgets.admission.credentials import GrantClaims
from widgets.models import Widget


@pytest.fixture
def spoken(settings, monkeypatch):
    """What the voice is asked to say."""
    settings.SPEECH = "scripted"
    said = []
    speak = scripted.ScriptedVoice.speak

    async def listening(self, text, **how):
        said.append(text)
        return await speak(self, text, **how)

    monkeypatch.setattr(scripted.ScriptedVoice, "speak", listening)
    monkeypatch.setattr(prewarm, "_known", type(prewarm._known)())
    return said


@pytest.fixture
def admitted(widget):
    return access.admission(GrantClaims(widget.code, SITE, credentials.EMBED))


async def done():
    await asyncio.sleep(0)  # what another thread has handed over
    while prewarm._tasks:
        await asyncio.wait(prewarm._tasks)


def expected(*admissions):
    async def go():
        alone.here()._held.set()
        await calls.start()
        for one in admissions:
            await asyncio.to_thread(access.expect, one)
            await done()

    asyncio.run(go())


def test_a_greeting_is_spoken_for_whoever_looks_at_the_card_and_only_once(admitted, spoken):
    greeting = clauses(admitted.version.config["agent"]["greeting"])[0]

    expected(admitted, admitted)

    assert spoken == [greeting]


def test_another_variant_is_made_ready_by_itself(admitted, spoken):
    admitted.widget.variant_key = "another"
    expected(admitted)
    admitted.widget.variant_key = ""
    expected(admitted)

    assert len(spoken) == 2


def test_a_voice_that_cannot_be_had_is_asked_again_by_the_next_visitor(admitted, spoken, monkeypatch):
    working = wiring.agent

    def broken(*_about):
        raise ProviderError("no voice", permanent=True)

    monkeypatch.setattr(wiring, "agent", broken)
    expected(admitted)
    assert spoken == []

    monkeypatch.setattr(wiring, "agent", working)
    expected(admitted)
    assert len(spoken) == 1


def started():
    async def go():
        alone.here()._held.set()
        await calls.start()
        prewarm.at_start()
        await done()

    asyncio.run(go())


@pytest.mark.django_db(transaction=True)
def test_what_visitors_would_reach_is_made_ready_at_the_start_before_a_card_is_loaded(admitted, spoken):
    greeting = clauses(admitted.version.config["agent"]["greeting"])[0]

    started()
    expected(admitted)

    assert spoken == [greeting]


@pytest.mark.django_db(transaction=True)
def test_what_is_published_is_made_ready_without_anybody_waiting_for_it(admitted, spoken):
    async def go():
        alone.here()._held.set()
        await calls.start()
        await asyncio.to_thread(prewarm.look_again)
        await done()

    asyncio.run(go())

    assert spoken == [clauses(admitted.version.config["agent"]["greeting"])[0]]


def test_a_publish_in_a_process_without_calls_makes_nothing_ready(monkeypatch):
    monkeypatch.setattr(prewarm, "_loop", None)

    prewarm.look_again()

    assert not prewarm._tasks


@pytest.mark.django_db(transaction=True)
def test_nothing_is_made_ready_at_the_start_for_a_widget_that_is_off(admitted, spoken):
    Widget.objects.update(enabled=False)

    started()

    assert spoken == []


@pytest.mark.django_db(transaction=True)
def test_a_start_makes_ready_so_many_versions_and_no_more(admitted, spoken, monkeypatch):
    monkeypatch.setattr(prewarm, "AT_START_MOST", 1)
    Widget.objects.create(
        project=admitted.widget.project,
        kind="phone",
        name="Other",
        variant_key="other",
        code="o" * 43,
        environment=admitted.widget.environment,
        published=admitted.widget.published,
    )

    started()

    assert len(spoken) == 1


def test_without_a_gateway_nothing_is_made(admitted, spoken, monkeypatch):
    monkeypatch.setattr(prewarm, "_loop", None)

    access.expect(admitted)

    assert spoken == []
