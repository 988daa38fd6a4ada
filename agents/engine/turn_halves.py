"""Halves of sentences that an ear makes whole with a mark: what lacks its verb, its object, or what it announces.

Patterns over the words of the last sentence, in lower case and without those that may stand before any sentence
(`TurnLists.openers`); CLAUSE and ANNOUNCING are looked for in the whole text. These are the English ones, the German
ones are in turn_halves_de.py; a language without patterns has none.
"""

import re

_THE = r"(?:the|a|an|my|your|our|his|her|their|its|these|those)"
_WHO = r"(?:i|you|we|they|he|she|it)"
_ABLE = r"(?:can|could|would|will|should|may|might|must|do|does|did)"
_HELPING = rf"(?:{_ABLE}|is|are|was|were|has|have|am)"
_WHICH = r"(?:what|when|where|who|which|why|how|whether|whose)"
_TAKES_SOMETHING = (  # verbs with which nobody ends a question that begins with a helping verb
    r"(?:use|bring|take|get|buy|make|give|find|send|need|want|put|have|fix|mend|sell|offer|carry|borrow|lend|include"
    r"|accept|provide|keep|recommend|lose)"
)
_SAYS = r"(?:think|thought|believe|guess|hope|hoped|said|say|told (?:me|us)|heard|was told|were told)"
_SOME = r"(?:(?:some|any|no|every)(?:thing|one|body)|anywhere|somewhere|the ones?)"
_HOW_MUCH = r"(?:how (?:many|much|long|far|often|late|early)|(?:what|which) (?:kind|sort|type|size|colou?r))"


def _whole(*ways: str) -> re.Pattern[str]:
    return re.compile(r"^(?:" + "|".join(ways) + r")$")


ENGLISH_LACKING = _whole(
    rf"{_HELPING} {_THE} \S+",  # "Can my daughter", "Is the shop"
    rf"(?:is|are|was|were) {_THE} \S+ ones?",  # "Is the red one"
    rf"(?:\S+ ){{0,5}}{_SAYS}(?: that)?(?: {_THE} \S+)?",  # "I think the tyre", "My friend told me that"
    rf"(?:\S+ )+(?:is|was) that {_THE} \S+",  # "The problem is that my brakes"
    rf"{_ABLE} (?:{_WHO}|{_THE} \S+)(?: \S+)? {_TAKES_SOMETHING}",  # "Can my daughter use"
    rf"(?:how|when|why|where) {_ABLE} (?:{_WHO}|{_THE} \S+)(?: \S+)? {_TAKES_SOMETHING}",  # "How do I get"
    rf"(?!{_WHICH} )\S+ (?:\S+ )+(?:to|of|for|from|at|with|about|into|near|than)",  # "Is there any way to"
    rf"(?!.*\b(?:{_WHICH}|something|anything|nothing|enough|that) )(?:\S+ )+to {_TAKES_SOMETHING}",  # "I want to find"
    rf"{_HELPING} (?:\S+ )+{_WHICH}(?: {_WHO}| {_THE})?",  # "Do you remember what it"
    rf"{_WHO} (?:am|is|are|was|were|have|has|had|do|did|can|could|will|would|should|must|want|need)",  # "I was"
    r"(?:my|our|his|her|their) \S+",  # "My wife"
    rf"(?:do|does|did|have|has|is|are|was|were) (?:{_WHO}|there)(?: (?:have|got|know|sell|stock|offer))? {_SOME}"
    r"(?: (?:that|who|which))?",  # "Do you have anything"
    rf"(?:\S+ )*{_SOME} (?:that|who|which)",  # "I need something that"
    r"what (?:happens|will happen|would happen)",
)
ENGLISH_PERHAPS = _whole(
    rf"{_HOW_MUCH}(?: (?!{_HELPING}\b)\S+){{1,2}}",  # "How many days before"
    rf"{_WHICH} (?:\S+ )+(?:for|of|about|with|than|into|near)",  # "What do you charge for"
)
# "I don't know where it is": with these words nobody ends any other sentence
ENGLISH_CLOSED = re.compile(rf"\S (?:{_WHICH}|if)(?: \S+){{1,4}} (?:is|are|was|were)$")
_GOES_ON = rf"(?:{_HELPING} {_WHO}|i|we|they|he|she|what|where|how|who|which)"
ENGLISH_CLAUSE = re.compile(  # a clause, and nothing yet of the sentence that it belongs to
    r"^\W*(?:(?:and|so|but|okay|well|also)\W+)*"
    rf"(?:if|when|whenever|unless|although|while|before|after|since|as soon as) (?:{_WHO}|{_THE} \S+)"
    rf"(?!.* {_GOES_ON}\b)(?: [^\s,;:.?!]+){{1,5}}[,.?]?$",
    re.IGNORECASE,
)

# A question of which the ear has lost the beginning: "Walt does a repair cost", "In town are you open"
ENGLISH_INVERTED = re.compile(
    r"(?:^|\b(?!(?:i|we|they|he|she|you|it|so|as|nor|neither|than|and|who|that|to|not) )[\w']+ )"
    rf"(?:(?:do|does|did|can|could|will|would|should|are|have) (?:i|you|we|they|he|she)|(?:is|are) there) \S+"
    rf"|^\S+ (?:does|did) {_THE} \S+ \S+"
)

_ASKING = "|".join(
    (
        r"(?:like|want|wanted|need|love|trying) to (?:know|ask|say|find out|hear|check)(?: you)?(?: is| was)?",
        r"wondering|hoping|let me (?:see|know)",
        r"(?:(?:can|could|would|will|might) you|able to|you could|(?:who|that) (?:can|could)|please|just)(?: \w+)?"
        r" (?:tell|show|explain|say|let|check|find|look)(?: to| out| up)?(?: for)?"
        r"(?: me| us)?(?: know| out)?(?: please)?",
        r"mind (?:telling|showing|explaining|checking|letting)(?: to)?(?: me| us)?(?: know)?",
        r"(?:do|would|will) you(?: happen to)?(?: have)?(?: any)? (?:know|think|mind|remember|recall|idea)",
        r"(?:may|can|could) i(?: just)? ask(?: you)?",
        r"(?:is it|would it be|will it be)(?: \w+)?"
        r" (?:possible|okay|all right|alright|fine|true|correct|right)(?: for (?:me|us))?"
        rf"(?: that(?: {_WHO})?)?",
    )
)
_OTHERS = "|".join(
    (
        r"i mean|calling|any (?:chance|idea)|is there(?: \w+)? (?:way|chance|possibility|option)",
        r"(?:my|the|one|another) (?:question|problem|thing|issue)(?: is)?|have a (?:quick )?question",
        r"(?:i|we)(?:'d| would|'ll)?(?: really)?"
        r" (?:need|want|like|prefer|think|thought|guess|believe|mean|tried|hope)",
        r"(?:like|want|need|have|possible|able|allowed|going|trying) to",
    )
)
# A question that is announced, and what an ear makes of the beginning of its next words
_BEGUN = r"(?:it|if|of|what|when|how|where|whether|the)(?: (?:i|you|we|they|he|she|it))?"
ENGLISH_ANNOUNCING = re.compile(rf"\b(?:(?:{_ASKING})(?: {_BEGUN})?|{_OTHERS})\W*$", re.IGNORECASE)
# Whatever stands before these, nobody asks for a thing with them, as with "What do you need"
ENGLISH_ONLY_ANNOUNCING = re.compile(
    r"^\W*any\b|\byou mind\W*$|\b(?:happen to|mind|able to) (?:know|tell|telling|explain|show|say)\b", re.IGNORECASE
)
