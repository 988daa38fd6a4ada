"""The tabs above a form that an agent has once for each of its languages."""

from typing import Any

from agents.authoring import languages
from studio.pages.base import ProjectPage


def tabs(page: ProjectPage, name: str, chosen: str = "", **kwargs: Any) -> list[dict[str, Any]]:
    """The languages of the agent as the tabs above a form; none where there is one only.

    `name` is the page of the first language; those of the others are called `name`_words.
    """
    agent = page.project.agent
    if not agent.wordings:
        return []
    return [
        {
            "name": languages.name(code),
            "url": page.address(f"{name}_words", language=code, **kwargs)
            if code in agent.wordings
            else page.address(name, **kwargs),
            "here": code == (chosen or agent.language),
        }
        for code in languages.of(agent)
    ]
