"""What a widget shows, and who would answer behind it. It admits nobody: that is access.py's."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from agents.brains import snapshot
from agents.models import Version
from widgets.card import texts
from widgets.card.look import Look
from widgets.models import Widget


@dataclass(frozen=True, slots=True)
class Shown:
    widget: Widget
    look: Look
    version: Version

    @property
    def agent_name(self) -> str:
        """What visitors see as who they talk to: the widget's word, else the variant's, else the agent's own."""
        own = texts.fill(self.look.style.agent_name, self.variant)
        return own or self._answering[0]

    @property
    def variant(self) -> dict[str, str]:
        """The attributes of the variant that answers; an owner's texts may name them."""
        return self._answering[1]

    @property
    def _answering(self) -> tuple[str, dict[str, str]]:
        return _answering_in(self.version.pk, self.version.created_at, self.widget.variant_key)


@lru_cache(maxsize=256)
def _answering_in(version: int, made: datetime, variant_key: str) -> tuple[str, dict[str, str]]:
    """Who answers in a version. Kept, because versions never change, are large, and every page load asks."""
    read = snapshot.read(Version.objects.get(pk=version, created_at=made).config)
    row, _found = read.variant(variant_key)
    attributes = row.attributes if row else {}
    return attributes.get("agent_name", "") or read.name, attributes
