"""What the scripted agent says, as its tests expect it."""

from agents.brains.phrases import phrases

GREETING = "Hello, this is Robin. How can I help?"
HOURS = "We open at nine every morning, and we close at six."
TYRES = "Mending a flat tyre costs $12.50. It takes an hour."
GOODBYE = "Thank you for calling. Goodbye!"
PROMPTS = phrases("en").silence
NOT_HEARD = phrases("en").not_heard
MUTED_GOODBYE = phrases("en").muted_goodbye
