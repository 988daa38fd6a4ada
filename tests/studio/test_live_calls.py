"""Requests that need an engine run on the loop of the calls, whatever stands between."""

import asyncio

import pytest
from django.test import AsyncClient

from agents.authoring.playground import Trial


@pytest.mark.django_db(transaction=True)
async def test_engines_work_on_the_loop_of_the_calls(owner, project, settings, monkeypatch):
    settings.SPEECH = "scripted"
    loops = []
    original = Trial.speak

    async def watched(self, *given):
        loops.append(asyncio.get_running_loop())
        return await original(self, *given)

    monkeypatch.setattr(Trial, "speak", watched)
    client = AsyncClient()
    await client.aforce_login(owner)
    response = await client.post(f"/console/{project.slug}/test/say/", {"text": "Hello."})
    assert response.status_code == 200
    assert loops == [asyncio.get_running_loop()]
