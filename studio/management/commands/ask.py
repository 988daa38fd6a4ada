"""Puts typed conversations to an agent, and prints what it says and why: for trying it out, and for exams."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agents.authoring import publish
from agents.brains import manner, snapshot
from agents.brains.base import Brain, Turn, whole
from agents.brains.language_model.brain import ModelBrain
from agents.brains.language_model.service import thinking_with
from agents.brains.languages import LanguagesBrain
from agents.brains.memory import Memory
from agents.brains.snapshot import AgentSnapshot
from agents.brains.sources.brain import with_sources
from agents.models import Environment, Project
from agents.speech.providers.base import Meaning
from calling.gateway.wiring import talk_settings
from calling.record.store import model_use
from calling.record.store.shelves import shelf
from studio.management.commands.topics import find_project


class Command(BaseCommand):
    help = (
        "ask FILE: puts conversations (JSON: a list of lists of texts) to the agent; prints each reply as one line of "
        "JSON: text, source, kind, score, tool, data, ms; cited, where a source answered; and model, where a language "
        "model was asked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a JSON file, or - for standard input")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--draft", action="store_true", help="the draft, as it stands now")
        which.add_argument("--environment", choices=Environment.values, default="", help="default: live, else sandbox")
        parser.add_argument("--project", default="", help="slug of the project; not needed when there is one only")
        parser.add_argument("--no-model", action="store_true", help="without the language model that was chosen")
        parser.add_argument("--variant", default="", help="key of the variant")
        parser.add_argument("--language", default="", help="to begin in; default: the agent's first")

    def handle(self, **options: Any) -> None:
        conversations = _read(options["file"])
        project = find_project(options["project"])
        agent = _agent(project, options)
        model = None if options["no_model"] else model_use.opened(project.pk, agent.services)
        asyncio.run(self._ask(agent, conversations, options, model))
        model_use.settle()

    async def _ask(
        self,
        agent: AgentSnapshot,
        conversations: list[list[str]],
        options: dict[str, Any],
        model: model_use.OpenedModel | None,
    ) -> None:
        from agents.speech.providers import registry, scripted

        found, _ = agent.variant(options["variant"])
        values = found.attributes if found else {}
        language = agent.spoken_language(options["language"]) if options["language"] else agent.language

        def meaning_of(language: str) -> Meaning:
            if settings.SPEECH == "scripted":
                return scripted.ScriptedMeaning()
            return registry.find_meaning(language, settings.MODELS_DIR)

        brain: Brain = LanguagesBrain(
            agent,
            meaning_of,
            variant=values,
            language=language,
            settings=manner.applied(talk_settings(), agent.manner),
        )
        thinking = thinking_with(model.service, agent, model.meter) if model else None
        brain = with_sources(brain, shelf(), agent, meaning_of, language=language, for_model=thinking is not None)
        if thinking:
            brain = ModelBrain(brain, thinking, agent, variant=values, language=language)
        await brain.prepare()
        for number, texts in enumerate(conversations):
            greeting = agent.in_language(language).greeting
            memory = Memory(greeted=True, language=language, last_said=snapshot.fill(greeting, values))
            for text in texts:
                began = time.process_time()
                reply = await whole(brain, Turn(text), memory)
                used_ms = round((time.process_time() - began) * 1000, 1)
                reply.remember(memory)
                memory.last_said = reply.text
                line = {
                    "text": reply.text,
                    "source": reply.source,
                    "kind": reply.kind,
                    "score": reply.score,
                    "tool": None,
                    "data": reply.data,
                    "ms": used_ms,
                    "conversation": number,
                    "asked": text,
                }
                if "cited" in reply.decision:
                    line["cited"] = reply.decision["cited"]
                if "model" in reply.decision:
                    line["model"] = reply.decision["model"]
                self.stdout.write(json.dumps(line, ensure_ascii=False))
        if thinking:
            await thinking.model.close()


def _agent(project: Project, options: dict[str, Any]) -> AgentSnapshot:
    if options["draft"]:
        return publish.draft(project)
    wanted = [options["environment"]] if options["environment"] else [Environment.LIVE, Environment.SANDBOX]
    for environment in wanted:
        version = publish.running(project, environment)
        if version is not None:
            return snapshot.read(version.config)
    raise CommandError(f"Nothing is published in {' or '.join(map(str, wanted))}. Publish first, or say --draft.")


def _read(file: str) -> list[list[str]]:
    """Conversations from a file, checked."""
    try:
        content = json.loads(sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandError(f"{file} is not UTF-8 text.") from None
    except json.JSONDecodeError as error:
        raise CommandError(f"{file} is not JSON: {error}") from None
    fine = isinstance(content, list) and all(
        isinstance(each, list) and all(isinstance(text, str) for text in each) for each in content
    )
    if not fine:
        raise CommandError("The file must hold a list of conversations, each a list of texts.")
    return content
