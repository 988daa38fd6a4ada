"""The words of small talk, by language: whole phrases and a few patterns. small_talk.py makes rules of them."""

from dataclasses import dataclass

from agents.speech.words import FILLERS


def _list(block: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in block.split("|")]


@dataclass(frozen=True, slots=True)
class Sayings:
    padding: list[str]  # what may stand around anything
    yes: list[str]
    yes_itself: list[str]  # the words of a yes that a thank-you does not have
    no: list[str]
    no_too: list[str]  # what may stand around a no
    thanks: list[str]
    bye: list[str]
    bye_too: list[str]
    hello: list[str]
    stop: list[str]
    excuses: list[str]
    repeat: list[str]  # patterns, as are the next three
    robot: list[str]
    human: list[str]
    human_about: list[str]  # the same with what it is about behind it or within; a pattern goes on to the end
    who: list[str]
    able: list[str]  # "what can you do?"
    opens: list[str]  # "I have a question"
    openers: list[str]  # with which a question begins that is one without them
    missed: list[str]  # patterns: "that is not what I asked"
    complains: str  # anywhere in what was said
    no_first: str  # … "No, I mean …"
    corrected: str  # … as a correction of what was understood
    other: str  # "the other one"
    more: str  # "tell me more"


_PADDING = _list("""oh|well|right|great|perfect|good|nice|fine|cool|lovely|super|okay|alright|all right|so|then
    |please|just|now|very|really|wonderful|awesome|excellent|brilliant|that's great|that is great|that's good
    |that is good|sounds good|that's fine|that is fine|that's perfect""") + sorted(FILLERS)
_YES = _list("""yes|yeah|yep|yup|sure|correct|exactly|right|that's right|that is right|of course|that's it
    |that is it|that one|i do|that's the one|that is the one|uh-huh|mm-hmm|mhm|mm-hm|that's correct
    |that is correct|absolutely|indeed|please do|i did|okay|please|it is|that's what i mean|that is what i mean
    |that's what i meant|definitely""")
_NO = _list("""no|nope|nah|not really|neither|not that|not that one|i don't|i do not|wrong|none|not quite
    |none of them|neither of them|neither of those|that's not it|that is not it|that's wrong|something else
    |not at all|that's not what i mean|that is not what i mean|that's not what i meant|i didn't|i did not""")
_THANKS = _list("""thanks|thank you|thanks a lot|thank you so much|thanks so much|many thanks|cheers|much
    |for your help|for the help|for that|for the information|that's helpful|that is helpful|that helps
    |that was helpful|that's very helpful|that is very helpful|i appreciate it|that's very kind|that's kind
    |a lot|got it|you've been very helpful|you have been very helpful|for your time""")
_BYE = _list("""bye|goodbye|bye bye|bye-bye|good bye|see you|see you later|see you soon|see you then
    |see you tomorrow|see you tonight|see you there|see you around|see you next week|see you in a bit|see you in a while
    |see you monday|see you tuesday|see you wednesday|see you thursday|see you friday|see you saturday|see you sunday
    |see you on monday|see you on tuesday|see you on wednesday|see you on thursday|see you on friday|see you on saturday
    |see you on sunday|until tomorrow|till tomorrow|until then|till then
    |have a nice day|have a good day|have a great day|have a nice evening|have a good evening
    |have a nice weekend|have a good weekend|have a good one|take care|good night|talk to you later|that's all
    |that is all|that was all|that will be all|that'll be all|that would be all|nothing else|nothing more
    |that's it|that is it|that's everything|that is everything|that was everything|that will be everything
    |that'll be everything|that's all for today|that's all for now|that's all i need|that's all i needed
    |that is all i need|that is all i needed|that's all i wanted to know|that is all i wanted to know|i'm done
    |i am done|we're done|we are done|no more questions|i have no more questions|no further questions
    |i have no further questions|i don't have any more questions|hang up|you can hang up|end the call
    |you can end the call|i have to go|i need to go|i've got to go|i must go""")
_HELLO = _list("""hello|hi|hey|hi there|hello there|hey there|good morning|good afternoon|good evening|good day
    |can you hear me|do you hear me|are you there|are you still there|is anybody there|is anyone there
    |is someone there|anybody there|how are you|how are you doing|how are you today|nice to meet you""")
_STOP = _list("""stop|stop it|stop that|stop talking|stop please|that's enough|that is enough|enough|be quiet|quiet
    |shut up|never mind|nevermind|forget it|cancel that|wait a minute|wait a second|wait|hang on|hold on|one moment""")
_EXCUSES = _list("sorry|i'm sorry|i am sorry|pardon|excuse me|pardon me|hang on|wait|but|hold on")

_PERSON = r"(?:a |an |the |some |any)?(?:real |actual |live |human )?"
_PERSON += (
    r"(?:human|person(?: in charge)?|human being|agent|operator|representative|someone|somebody|anyone|anybody|one|manager"
    r"|owner|boss|supervisor|member of staff|colleague)(?: real| there| in charge| in person)?"
)
_THING = r"(?:a |an |the |really a |actually a |just a )?(?:real |actual |live )?"
_THING += (
    r"(?:robot|bot|machine|computer|ai|a i|chatbot|human|person|human being|recording|real|automated|computer program)"
)
_COULD = r"(?:can|could|would|will) you (?:please )?"
_AGAIN = r"(?: again| once more| one more time)?"
_REPEAT = [
    rf"{_COULD}(?:say|repeat)(?: (?:that|it|this|yourself|what you (?:just )?said))?{_AGAIN}",
    rf"{_COULD}repeat the last (?:part|bit|sentence)",
    rf"{_COULD}(?:speak|talk) (?:up|(?:a bit |a little )?(?:louder|slower|more slowly))",
    rf"(?:please )?repeat(?: that| it| this)?{_AGAIN}",
    r"say (?:that|it|this) (?:again|once more|one more time)",
    r"(?:again|once more|one more time|come again|what|pardon|pardon me|sorry|i missed that|i beg your pardon)",
    r"what (?:was that|did you (?:just )?say)",
    r"i (?:did not|didn't|could not|couldn't|can't|cannot) (?:quite )?(?:hear|understand|catch|get) "
    r"(?:that|it|you|what you said)",
]
_ROBOT = [
    rf"(?:are|is) (?:you|this|that|it) {_THING}(?: or {_THING})?",
    rf"am i (?:talking|speaking) (?:to|with) {_THING}(?: or {_THING})?",
]
_HUMAN = [
    r"(?:can|could|may) (?:i|you) (?:please )?(?:talk|speak|connect me|put me through|transfer me)(?: to| with)? "
    rf"{_PERSON}",
    rf"(?:i want|i'd like|i would like|i'd rather|i would rather|i need|i have|i've got|let me)(?: to)? (?:talk|speak)(?: to| with) {_PERSON}",
    r"is there (?:anyone|anybody|someone|somebody|a person)(?: there| else| in the shop)? (?:i|that i|who i) can (?:talk|speak) (?:to|with)",
    rf"(?:transfer me|connect me|put me through)(?: to {_PERSON})?",
    r"(?:a )?(?:operator|representative|human|real person|human being)",
]
_HUMAN_ABOUT = [rf"{each} (?:about|regarding|concerning|because|as|since|on)\b.+" for each in _HUMAN[:-1]]
_THAT_ISNT = r"(?:that|this|it)(?:'s not| is not| isn't| was not| wasn't)"
_THAT_DOESNT = r"(?:that|this|it) (?:doesn't|does not|didn't|did not)"
_ASKED = r"(?:asked|ask|am asking|was asking|mean|meant|wanted|want|need|needed|said)(?: you)?(?: for| about| to know)?"
_WANTED = rf"(?:what i(?:'m)? (?:{_ASKED}|asking(?: for| about)?)|my question|the question|(?:an|the|my) answer(?: to my question)?|helpful)"
_ABLE = [
    r"what (?:all )?(?:can|could) (?:you|i) (?:actually |all )?(?:do|ask|tell me)(?: you)?(?: here)?(?: about)?(?: for me)?",
    r"what do you know(?: about)?",
    r"what (?:can|could) you (?:help|assist)(?: me)? with",
    r"how (?:can|could) you help(?: me)?",
    r"what (?:are|kind of|sort of) (?:my options|(?:questions|things) can (?:i ask|you answer)(?: you)?)",
    r"what (?:are you|is this)(?: good)? for",
]
_OPENS = [
    r"(?:i(?:'ve| have)?(?: got)?|i'd have) (?:a |another |one |one more |just a |just one )?(?:quick |small |short |general )?"
    r"(?:question|problem|request|issue|query|inquiry|enquiry)(?: for you| about something)?",
    r"(?:can|could|would|may) (?:you|somebody|someone|i) (?:please )?(?:help|assist|ask)(?: me| you)?"
    r"(?: (?:something|a question|with something|a favou?r|with a (?:problem|question)))?",
    r"i (?:need|want|would like|'d like)(?: to get)?(?: some)? (?:help|information|advice)(?: please| with something)?",
    r"i(?:'d| would)? (?:like|want|need|have) to (?:ask|know)(?: you)? (?:something|a question)",
    r"help(?: me)?",
]
_COMPLAINS = (
    r"\b(?:complain(?:t|ts|ing)?|unacceptable|ridiculous|outrageous|disgrace(?:ful)?|appalling|fed up|(?:really |so |very )?(?:rude|unfriendly|disappointed|unhappy|dissatisfied|annoyed|angry|upset)"
    r"|rip[- ]?off|terrible (?:service|experience)|(?:nobody|no one|never) (?:\w+ )?(?:called|calls|phoned|rang|wrote|got back|answered|answers|came|showed up|replied))\b"
)
_WHO = [r"who (?:are you|is this|am i (?:talking|speaking) (?:to|with))", r"what(?:'s| is) your name"]


ENGLISH = Sayings(
    padding=_PADDING,
    yes=_YES,
    yes_itself=_list("yes|yeah|yep|yup|sure|please|definitely|absolutely"),
    no=_NO,
    no_too=["i don't think so", "sorry", "i'm sorry"],
    thanks=_THANKS,
    bye=_BYE,
    bye_too=_list("no|nope|yes|yeah|i think|and|actually|for now|for today"),
    hello=_HELLO,
    stop=_STOP,
    excuses=_EXCUSES,
    repeat=_REPEAT,
    robot=_ROBOT,
    human=_HUMAN,
    human_about=_HUMAN_ABOUT,
    who=_WHO,
    able=_ABLE,
    opens=_OPENS,
    complains=_COMPLAINS,
    openers=[*sorted(FILLERS), *_list("okay|ok|well|so|hello|hi|hey|thanks|thank you|yes|and")],
    missed=[
        rf"{_THAT_ISNT}(?: really| quite| at all)? (?:{_WANTED})(?: at all)?",
        rf"{_THAT_DOESNT}(?: really| quite)? (?:answer|help|solve)(?: me| (?:my|the) (?:question|problem))?(?: at all)?",
        r"i (?:didn't|did not|haven't|have not|wasn't|was not)(?: really)? (?:ask(?:ed|ing)?|mean|meant)"
        r"(?: you)?(?: for| about)?(?: that| it| this)?",
        r"(?:i think )?you(?:'ve| have| are|'re)?(?: have)? (?:misunderstood|misunderstand|misunderstanding|misheard)(?: me| my question)?",
        r"you (?:didn't|did not|don't|do not) (?:understand|get|hear|answer)(?: me| my question| what i (?:said|asked|meant))?",
        r"you got (?:me|that|it) wrong",
        r"wrong (?:answer|question|topic)",
    ],
    no_first=r"^\W*(?:no|nope|nah|neither)\b[\s,.;:!-]*(?:(?:i mean|i meant|but|i want to know|actually)\b[\s,]*)?",
    corrected=(
        r"^\W*(?:(?:no|nope|nah|sorry|wait|actually|oh|well)\b[\s,.;:!-]*)*"
        r"(?:(?:i (?:actually |really )?(?:mean|meant)|i was asking about|i asked about|not that[\s,]+(?:but )?)\b[\s,:]*)"
        r"|^\W*(?:no\b[\s,.;:!-]*)+(?:(?:but|only|just|for)\b[\s,]*)?(?=\w)"
    ),
    other=r"^\W*(?:no[\s,]+)?(?:i (?:mean|meant)[\s,]+)?(?:what about |and )?(?:the other(?: one| thing)?|the second(?: one)?)\W*$",
    more=(
        r"^\W*(?:and |please )?(?:(?:can you |could you )?tell me more(?: about (?:that|it))?|go on|continue|what else"
        r"|anything else|more(?: please)?|is there more)\W*$"
    ),
)

_GERMAN_PERSON = (
    r"(?:(?:einem|einen|eine|einer|dem|der|den) )?(?:(?:richtigen|echten|realen) )?"
    r"(?:mensch|menschen|mitarbeiter|mitarbeiterin|person|kollegen|kollegin|chef|chefin|inhaber|inhaberin|besitzer|leiter|leiterin"
    r"|geschäftsführer|geschäftsführerin|jemandem|jemand)"
)
_GERMAN_WANTS = r"(?:(?:kann|könnte|darf|möchte|will|muss) ich|ich (?:möchte|will|würde gerne?|muss))"
GERMAN = Sayings(
    padding=[
        *_list("""oh|ach|ach so|na ja|na gut|gut|schön|prima|super|toll|okay|alles klar|klar|also|ja|bitte|dann|jetzt|sehr
            |wunderbar|perfekt|fein|das ist gut|das ist schön|das passt|passt|genau|ähm|äh|hm|naja|nun|so|einfach|mal"""),
        *sorted(FILLERS),
    ],
    yes=_list("""ja|yes|jawohl|ja gern|ja bitte|gern|gerne|genau|richtig|stimmt|korrekt|natürlich|klar|sicher|das ist es|das ist richtig
        |das stimmt|das meine ich|genau das|okay|bitte|auf jeden fall|mhm|jo|unbedingt|so ist es"""),
    yes_itself=_list("ja|jawohl|jo|yes|gern|gerne|bitte|unbedingt"),
    no=_list("""nein|no|nee|nö|nein danke|nicht das|das nicht|keins|keines|keins von beiden|weder noch|falsch|stimmt nicht|das stimmt nicht
        |das ist falsch|das meine ich nicht|etwas anderes|was anderes|eigentlich nicht|lieber nicht"""),
    no_too=_list("ich glaube nicht|tut mir leid|leider|danke|doch"),
    thanks=_list("""danke|danke schön|dankeschön|vielen dank|herzlichen dank|besten dank|ich danke ihnen|danke ihnen|danke sehr
        |das hilft mir|das hat mir geholfen|das war hilfreich|für die hilfe|für ihre hilfe|für die auskunft|tausend dank|merci
        |thanks|thank you"""),
    bye=_list("""tschüss|tschüs|ciao|auf wiederhören|auf wiedersehen|wiederhören|wiedersehen|bis bald|bis dann|bis später|bis morgen
        |schönen tag|einen schönen tag|schönen tag noch|schönen abend|schönen abend noch|schönes wochenende|gute nacht|servus
        |das war's|das war es|das war alles|das ist alles|mehr brauche ich nicht|mehr wollte ich nicht wissen|sonst nichts
        |nichts weiter|ich habe keine fragen mehr|keine fragen mehr|ich muss los|ich muss weg|machen sie's gut|mach's gut
        |bye|bye bye|goodbye"""),
    bye_too=_list("nein|nee|ja|ich glaube|und|eigentlich|für heute|noch|ihnen|ihnen auch|dir"),
    hello=_list("""hallo|hello|hi|hey|guten tag|guten morgen|guten abend|grüß gott|moin|servus|grüezi|tag|morgen|sind sie da|sind sie noch da
        |hören sie mich|können sie mich hören|ist da jemand|ist jemand da|wie geht's|wie geht es ihnen|wie geht es dir"""),
    stop=_list("""stopp|stop|halt|aufhören|hör auf|hören sie auf|das reicht|genug|ruhe|still|egal|vergiss es|vergessen sie es|schon gut
        |moment|einen moment|warte|warten sie|sekunde|eine sekunde"""),
    excuses=_list("entschuldigung|entschuldigen sie|verzeihung|sorry|tut mir leid|moment|aber"),
    repeat=[
        r"(?:können|könnten|würden) sie (?:das |es )?(?:bitte )?(?:noch ?mal |noch einmal )?(?:sagen|wiederholen)",
        r"kannst du (?:das |es )?(?:bitte )?(?:noch ?mal |noch einmal )?(?:sagen|wiederholen)",
        r"(?:bitte )?(?:noch ?mal|noch einmal)(?: bitte)?",
        r"(?:wie bitte|was|bitte|wie war das|was haben sie gesagt|was hast du gesagt|ich habe (?:das|sie) nicht verstanden"
        r"|das habe ich nicht verstanden|ich verstehe (?:sie|dich) nicht)",
        r"wiederholen(?: sie)?(?: das)?",
        r"(?:etwas |bitte )?(?:lauter|langsamer)",
    ],
    robot=[
        r"(?:sind sie|bist du|ist das) (?:ein |eine |wirklich ein |echt ein )?(?:roboter|computer|maschine|bot|mensch|ki|automat|echter mensch)",
        r"(?:spreche|rede) ich mit (?:einem |einer )?(?:roboter|computer|maschine|bot|mensch|menschen|ki)",
    ],
    human=[
        rf"{_GERMAN_WANTS} (?:bitte )?(?:mal )?(?:mit )?{_GERMAN_PERSON}(?: bitte)? (?:sprechen|reden)",
        rf"(?:verbinden sie mich|stellen sie mich durch)(?: bitte)?(?: mit {_GERMAN_PERSON})?",
        r"(?:ein mensch|mitarbeiter|einen menschen bitte)",
    ],
    human_about=[
        rf"{_GERMAN_WANTS} (?:bitte )?(?:mal )?(?:mit )?{_GERMAN_PERSON} (?:bitte )?(?:über|wegen)\b.+ (?:sprechen|reden)",
        rf"{_GERMAN_WANTS} (?:bitte )?(?:mal )?(?:mit )?{_GERMAN_PERSON} (?:bitte )?(?:sprechen|reden) (?:über|wegen|weil|es geht)\b.+",
        rf"(?:verbinden sie mich|stellen sie mich durch)(?: bitte)?(?: mit {_GERMAN_PERSON})? (?:wegen|weil|es geht)\b.+",
    ],
    who=[
        r"(?:wer sind sie|wer bist du|wer ist da|wer spricht da|mit wem spreche ich)",
        r"wie (?:heißen sie|heißt du|ist ihr name)",
    ],
    able=[
        r"was (?:können|wissen|machen) sie(?: denn| eigentlich| so| alles| hier| für mich)*(?: tun| machen)?",
        r"was (?:kannst|weißt|machst) du(?: denn| eigentlich| so| alles| hier| für mich)*(?: tun| machen)?",
        r"(?:wobei|womit|wie) (?:können sie|kannst du) (?:mir )?(?:denn )?(?:helfen|weiterhelfen)",
        r"was (?:kann|darf) ich (?:sie|dich)?(?: denn| alles| hier)* fragen",
        r"wofür (?:sind sie|bist du|ist das)(?: denn| hier)*(?: da| gut)?",
    ],
    opens=[
        r"ich (?:habe|hab|hätte)(?: da| mal| noch| nur| auch)* (?:eine|ne|ein|eine kurze|eine kleine|ein kleines) (?:frage|problem|anliegen|bitte)(?: an sie)?",
        r"(?:können|könnten) sie mir(?: bitte| mal| vielleicht| kurz)* (?:helfen|weiterhelfen|behilflich sein)",
        r"(?:kannst|könntest) du mir(?: bitte| mal| kurz)* helfen",
        r"(?:kann|darf|dürfte) ich (?:sie |dich )?(?:kurz |mal )*(?:etwas|was|eine frage) (?:fragen|stellen)",
        r"ich (?:brauche|bräuchte)(?: bitte| mal)* (?:hilfe|eine auskunft|informationen|rat)",
        r"ich (?:möchte|wollte|würde gern)(?: mal| kurz)* (?:etwas|was) (?:fragen|wissen)",
    ],
    complains=(
        r"\b(?:beschwer\w*|reklamier\w*|unverschämt\w*|frechheit|unmöglich\w*|lächerlich\w*|unfreundlich\w*|enttäuscht\w*"
        r"|unzufrieden\w*|verärgert\w*|sauer|stinksauer|zumutung|(?:niemand|keiner|nie) (?:\w+ )*(?:zurückgerufen|gemeldet"
        r"|angerufen|geantwortet|gekommen|erschienen))\b"
    ),
    openers=[
        *sorted(FILLERS),
        *_list("okay|ok|also|ja|hallo|hi|guten tag|guten morgen|danke|und|ähm|äh|entschuldigung"),
    ],
    missed=[
        r"(?:das|es) (?:war|ist) (?:gar |aber |doch )?(?:nicht|keine) (?:meine frage|die frage|die antwort|antwort|"
        r"was ich (?:meine|meinte|wissen wollte|wissen will|möchte|gefragt habe|fragte|gemeint habe))(?: auf meine frage)?",
        r"das (?:habe ich (?:gar |aber )?nicht (?:gefragt|gemeint|gesagt)|wollte ich (?:gar |aber )?nicht wissen"
        r"|meinte ich (?:gar |aber )?nicht|hilft mir (?:leider )?nicht(?: weiter)?|beantwortet (?:meine|die) frage nicht)",
        r"(?:danach|darum) (?:habe ich (?:gar |aber )?nicht gefragt|ging es mir (?:gar |aber )?nicht)",
        r"(?:sie|du) (?:haben|hast) mich (?:falsch|nicht(?: richtig)?|missverstanden)(?: verstanden)?",
        r"(?:falsche antwort|falsches thema|ein missverständnis|das ist ein missverständnis)",
    ],
    no_first=r"^\W*(?:nein|nee|nö)\b[\s,.;:!-]*(?:(?:ich meine|ich meinte|sondern|aber|eigentlich)\b[\s,]*)?",
    corrected=(
        r"^\W*(?:(?:nein|nee|nö|sorry|moment|eigentlich|ach|entschuldigung)\b[\s,.;:!-]*)*"
        r"(?:(?:ich (?:meine|meinte)(?: eigentlich)?|nicht [^\W\d]+,(?: sondern)?)(?!\w)[\s,:]*)"
        r"|^\W*(?:nein\b[\s,.;:!-]*)+(?:(?:sondern|nur|für|aber)\b[\s,]*)?(?=\w)"
    ),
    other=r"^\W*(?:nein[\s,]+)?(?:ich (?:meine|meinte)[\s,]+)?(?:und )?(?:das|der|die|den) (?:andere|anderen|zweite|zweiten)\W*$",
    more=r"^\W*(?:und |bitte )?(?:erzähl\w* (?:sie )?(?:mir )?mehr|weiter|mehr(?: bitte)?|was noch|sonst noch was|und sonst)\W*$",
)
BY_LANGUAGE = {"en": ENGLISH, "de": GERMAN}
