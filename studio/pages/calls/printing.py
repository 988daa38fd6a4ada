"""One conversation on paper: everything on one page, for a printer or a browser's "Save as PDF"."""

from typing import Any

from studio.pages.calls import documents
from studio.pages.calls.conversation import ConversationPage


class Printed(ConversationPage):
    template_name = "studio/conversation_print.html"

    def context(self) -> dict[str, Any]:
        personal = self.may("conversations.personal")
        whole = next(documents.read(self.project, [self.call.pk], personal))
        return {
            "title": whole.row.title,
            "call": whole.call,
            "facts": [(label, value) for label, value in documents.facts(whole) if value],
            "lines": documents.dialogue(whole, self.project.agent.name),
            "personal": personal,
        }
