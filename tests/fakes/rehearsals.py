"""A shop with topics, and rehearsals of it in few words."""

from agents.authoring import topics
from agents.authoring.rehearsals import writing
from agents.authoring.rehearsals.script import Check, Script, ScriptLine

TOPICS = [
    {"name": "Parking", "samples": ["Where can I park?"], "content": "Park behind the house, in Anchor Lane."},
    {"name": "Opening hours", "samples": ["When are you open?"], "content": "We are open from nine to five."},
]


def furnish(project):
    topics.import_topics(project, TOPICS, by=None)
    return project


def script(*lines, call=()):
    """Lines as (what is said, *checks), a check as "kind" or ("kind", "value"). "… wait" goes over an answer."""
    said = [(say.removeprefix("… "), checks, say.startswith("… ")) for say, *checks in lines]
    return Script(tuple(ScriptLine(say, _checks(checks), over) for say, checks, over in said), _checks(call))


def rehearsal(project, name="Parks", *lines, call=(), by=None):
    lines = lines or (("Where can I park?", ("topic", "Parking")),)
    return writing.save(project, None, name, script(*lines, call=call), by)


def _checks(given):
    return tuple(Check(each) if isinstance(each, str) else Check(*each) for each in given)
