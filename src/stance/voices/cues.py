"""The table of words that mark speech, what follows each, and which of them keep a distance.

What belongs here: words. What does not: how a cue finds its speaker and its words (`speech`). To teach the rules a new
cue, add it to a table: regular verbs as their stem, irregular ones with their forms (stem, -s, past, -ing).
"""

from enum import StrEnum
from typing import NamedTuple

from stance.voices.words import word_set


class Kind(StrEnum):
    """What a cue takes as its words."""

    SAY = "say"
    """A quotation or a clause: said (that), warned, admitted."""
    TELL = "tell"
    """Someone first, then as SAY: told the court (that)."""
    ASK = "ask"
    """A quotation or a clause with `whether`, `why`, ...: asked, wondered."""
    NAME = "name"
    """An object and what it is called: called, described ... as."""
    JUDGE = "judge"
    """An object that is praised, blamed or urged: praised, accused ... of."""
    VIEW = "view"
    """An object, but only where opinion is polled or parties are named: 60 per cent trust ..., critics find ..."""
    SOUND = "sound"
    """Speech only beside a quotation: laughed, sobbed, went on."""


class Form(StrEnum):
    """Form of a cue verb in the text."""

    STEM = "stem"
    THIRD = "third"
    PAST = "past"
    ING = "ing"


SAY, TELL, ASK, NAME, JUDGE, VIEW, SOUND = Kind
STEM, THIRD, PAST, ING = Form
"""The members by themselves: looking one up in its class takes ten times as long, and the rules do little else."""
REPORTS = frozenset({SAY, TELL, ASK})
"""Kinds of verbs that report what somebody says, rather than name or judge."""


class Cue(NamedTuple):
    """A cue verb in one of its forms."""

    stem: str
    kind: Kind
    form: Form
    distance: bool
    """Whether the verb itself keeps a distance: claimed, insisted."""


_TABLE = {
    Kind.SAY: """
        say says said saying|add|state|declare|announce|explain|insist|maintain|claim|allege|argue|contend|assert
        affirm|stress|emphasise|emphasize|note|observe|remark|comment|reply|respond|retort|answer|counter|concede
        acknowledge|admit admits admitted admitting|confirm|deny|warn|predict|promise|pledge|vow
        swear swears swore swearing|boast|joke|quip quips quipped quipping|complain|grumble|lament|shout|chant
        scream|yell|cry|tweet|report|recall|recount|write writes wrote writing|reveal|disclose|suggest|hint|imply
        repeat|reiterate|conclude|agree|object|plead|opine|propose|testify|believe|think thinks thought thinking
        mutter|whisper|murmur|reckon|protest|estimate|rule|stipulate|demand|fear|read reads read reading
        find finds found finding|note|signal signals signalled signalling|muse|speak speaks spoke speaking
        counsel counsels counselled counselling|point|submit submits submitted submitting|relate|volunteer|prophesy
        profess|pretend|purport|remember|recollect|assume|suppose|guess|worry|hope|decide|vouch|grouse|gripe|grouch|marvel|surmise
    foresee foresees foresaw foreseeing|speculate|theorise|theorize|caution|clarify|recommend|agree|threaten
        confess|confide|aver avers averred averring|avow|attest|insinuate|intimate|enthuse|preach|underline|underscore
        highlight|reason|surmise|figure|gather|calculate|realise|realize|concur concurs concurred concurring|disagree
        dispute|doubt|advocate|expect|posit|contest|preen|pronounce|joke|blurt|stammer|chuckle|explain|elaborate|rejoin
        decree|mandate|allow|charge|post|project|anticipate|forecast forecasts forecast forecasting
        accept|apologise|apologize|disclaim|certify|conjecture|hypothesise|hypothesize|infer infers inferred inferring
        indicate|moan|mumble|postulate|reflect|trumpet|bet bets bet betting|mention|guarantee|crow|wail|gush
        show shows showed showing|undertake undertakes undertook undertaking
        fret frets fretted fretting|establish|signal signals signaled signaling|reaffirm
        counsel counsels counseled counseling|marvel marvels marvelled marvelling|determine|jest|presume
        relay|request|specify|wager|brag brags bragged bragging|deduce|interject|verify|ascertain
        proclaim|venture|rant|pray
    """,
    Kind.TELL: """
        tell tells told telling|inform|assure|reassure|remind|caution|brief|notify|alert|promise|warn
    """,
    Kind.ASK: """
        ask|wonder|inquire|enquire|query|know knows knew knowing|question
    """,
    Kind.NAME: """
        call|describe|dub dubs dubbed dubbing|brand|label labels labelled labelling|term|portray|depict|assess
        characterise|characterize|liken|compare|denounce|dismiss|hail|pronounce|greet|nickname|christen|deem|tout|frame
        cast casts cast casting|present|picture
        refer refers referred referring|equate|stigmatise|stigmatize
    """,
    Kind.JUDGE: """
        accuse|blame|praise|thank|criticise|criticize|condemn|welcome|commend|applaud|slam slams slammed slamming
        berate|rebuke|chide|urge|deplore|regret regrets regretted regretting|reject|ridicule|congratulate|bless
        curse|salute|laud|lambast|castigate|chastise|scold|defend|decry|vilify|advise|beg begs begged begging
        implore|exhort|deride|mock|invite|cheer|boo|jeer|heckle|clap claps clapped clapping|taunt
        express expresses expressed expressing|voice|credit|toast|order|instruct|command
    encourage|appeal|attribute|ascribe|extol extols extolled extolling|disparage
    excoriate|lambaste|belittle|malign|downplay|refute|rebut rebuts rebutted rebutting|play
    bemoan|bewail|endorse|upbraid|reproach|admonish|denigrate|repudiate|echo echoes echoed echoing|lampoon|pillory
    rail|inveigh|fulminate|lash|heap|pay pays paid paying|sneer|scoff|scorn|acclaim|champion
    reprimand|fault|attack|assail|forbid forbids forbade forbidding|petition|challenge|entreat|eulogise|eulogize
    hit hits hit hitting
    """,
    Kind.VIEW: """
        see sees saw seeing|view|regard|consider considers considered considering
        trust|distrust|favour|favor|prefer prefers preferred preferring|choose chooses chose choosing|name|rate|want
        support|back|oppose|approve|disapprove|like|dislike|feel feels felt feeling|hold holds held holding|expect
        love|hate|respect|suspect|resent|admire|pity|value
    """,
    Kind.SOUND: """
        laugh|sob sobs sobbed sobbing|sigh|smile|shrug shrugs shrugged shrugging|snap snaps snapped snapping|bark
        gasp|exclaim|sing sings sang singing|begin begins began beginning|continue|go goes went going|sneer|thunder
        roar|bellow|whine|moan|interrupt|persist|order|share|offer offers offered offering|joke|beam|fume
        grin grins grinned grinning|intone|paint|scrawl|scribble|spray|daub|put puts put putting
    """,
}
_DISTANT_STEMS = word_set("claim allege insist maintain boast contend profess pretend purport swear")
DISTANT_WORDS = word_set("supposedly allegedly purportedly falsely baselessly ostensibly unconvincingly")
DISTANT_PHRASE = (
    r"\b(?:without (?:any )?(?:evidence|proof)|(?:no|any) (?:evidence|proof)\b"
    r"|would have us believe|so-called|self-styled)"
)
"""Regular expression of the phrases with which an author keeps a distance from what somebody says."""

DISTANT_PARTS = word_set("evidence proof believe so-called self-styled")
"""Words one of which is in each of these phrases."""

NOUNS = word_set(
    """
    claim claims charge charges accusation accusations allegation allegations statement assertion assertions warning
    warnings insistence view belief argument demand demands call calls promise pledge suggestion complaint
    complaints admission denial description remark remarks conclusion contention announcement threat prediction
    assurance boast notion idea opinion thesis theory fear fears hope reply answer message hopes conviction
    assurances boasts arguments beliefs suspicion suspicions proposal proposals request requests reminder finding
    findings ruling verdict contribution line point case position stance response explanation excuse assessment
    diagnosis advice judgment judgement estimate message motto plea pleas testimony account impression feeling hint
    hints word notice vow concern concerns worry worries misgivings doubt doubts criticism lament grievance retort
    refrain mantra reading summary summaries protest protests rumour rumours news feelings accounts recommendation
    recommendations instruction instructions guess consensus interpretation objection objections confession
    """
)
"""Nouns whose `that`, `of` or `as` clause is speech: X's claim that ..."""
MAKES = word_set(
    """
    make makes made making repeat repeats repeated issue issues issued issuing give gives gave given has have had having
    voice voices voiced voicing express expresses expressed expressing take takes took taken hold holds held offer
    offers offered advance advances advanced add adds added reiterated share shares shared of send sends sent sending
    serve serves served leave leaves left raise raises raised sound sounds sounded get gets got win wins won receive
    received drop drops dropped struck stood stuck
    """
)
"""Verbs that with a noun of speech are a verb of speech: made the point that, is of the opinion that."""
ATTITUDES = {
    word: word_set(prepositions)
    for words, prepositions in (
        ("praise admiration sympathy respect gratitude", "for"),
        ("contempt scorn", "for on upon"),
        ("doubt doubts", "on upon"),
        ("blame", "on upon"),
        ("issue fault", "with"),
        ("aim", "at"),
        ("tribute thanks", "to"),
        ("alarm", "over about"),
        ("words", "for"),
        ("scathing dismissive contemptuous critical sceptical skeptical withering scornful", "about of"),
        ("complimentary effusive lukewarm unsparing", "about"),
    )
    for word in words.split()
}
"""Nouns and adjectives of judgement with the prepositions before what is judged: cast doubt on | the count."""
JUDGES = word_set("""
    lay lays laid pin pins pinned put puts cast casts casting pour pours poured pouring heap heaps heaped throw throws
    threw find finds found pay pays paid take takes took taking raise raises raised have has had full nothing
    """)
"""Verbs before such a noun."""
PARTICLES = {
    "rail": word_set("against at"),
    "inveigh": word_set("against"),
    "fulminate": word_set("against at"),
    "lash": word_set("out"),
    "heap": word_set("praise scorn contempt"),
    "pay": word_set("tribute"),
    "refer": word_set("to"),
    "sneer": word_set("at"),
    "hit": word_set("out back"),
    "play": word_set("down"),
    "scoff": word_set("at"),
}
"""Verbs that are of speech only with a particle, which is no part of their object, but for `refers | to them as`."""
DISPUTES = word_set("dispute deny confirm refute rebut contest repeat reiterate")
"""Verbs whose object may be what another said: deny | the claim."""
TOPICS = {
    "warn": word_set("of about against"),
    "caution": word_set("against about"),
    "counsel": word_set("against"),
    "speak": word_set("of about against"),
    "complain": word_set("of about"),
    "grumble": word_set("about at"),
    "boast": word_set("of about"),
    "apologise": word_set("for"),
    "apologize": word_set("for"),
    "object": word_set("to"),
    "protest": word_set("against about over"),
    "plead": word_set("for with"),
    "argue": word_set("for against"),
    "insist": word_set("on upon"),
    "hint": word_set("at"),
    "confess": word_set("to"),
    "admit": word_set("to"),
    "preach": word_set("against"),
    "vouch": word_set("for"),
    "testify": word_set("about of"),
    "enthuse": word_set("about over"),
    "fret": word_set("about over"),
    "fear": word_set("for"),
    "joke": word_set("about"),
    "shout": word_set("for"),
    "scream": word_set("for"),
    "chant": word_set("for"),
}
"""Verbs of speech whose words may open with a preposition, which belongs to them: warned | of a flood."""
HEARD = word_set("heard hear hears hearing learned learnt learns learn")
"""Verbs whose `from X that` is a report of X."""
DISTANT_NOUNS = word_set("claim claims allegation allegations insistence contention boast")
WISH_NOUNS = word_set("demand demands call calls proposal proposals insistence request requests")
CLEAR = word_set("clear known plain slip secret")
"""Words in `made it clear that`, `let it be known that`, `let slip that`, `made no secret of the fact that`."""
SHARES = frozenset({"cent", "percent", "%"})
NUMBERS = word_set("one two three four five six seven eight nine half majority")
PUBLIC = SHARES | word_set("""
    supporters opponents critics admirers detractors respondents voters public residents adults percent cent half third
    thirds quarter quarters many most some others few majority minority people asked polled questioned interviewed
    surveyed
    """)
"""Words that end the name of a part of the public; its views are reported with verbs of `Kind.VIEW`."""
STATES = word_set("convinced adamant confident certain sure afraid worried hopeful furious unanimous")
"""States of mind whose `that` clause is reported: X is convinced that ..."""
MOODS = word_set("""
    kinder blunter harsher gloomier forgiving blunt gloomy philosophical sanguine emphatic unrepentant
    """)
"""States in `X is kinder: ...`, after which X speaks."""
POLLS = word_set("poll polls survey surveys")
"""What gives somebody a lead or a share."""
SAYINGS = word_set(
    """
    words word phrase term name view opinion verdict eyes telling reckoning version account count estimate estimates
    estimation judgment judgement memory memories
    """
)
"""Nouns in `in the words of X`, `in X's view`, `X's word for it`."""
WRITINGS = word_set("""
    banner banners placard placards poster posters sign signs slogan slogans graffiti leaflet leaflets bedsheet sheet
    board inscription chant chants letter note text message
    """)
"""Things that speak by what is written on them."""
MESSAGES = word_set(
    """
    statement letter reply message post tweet speech note communique communiqué memo telegram response answer appeal
    verdict reaction comment view opinion conclusion
    """
)
"""Things that speak for whoever sends them."""
VENUES = word_set("""
    television tv radio air camera twitter facebook telegram instagram x court parliament interview statement speech
    letter post message briefing conference rally meeting
    """)
"""Where somebody says something; after what he praises or blames they are no part of it."""
TELLING = word_set("warn promise caution")
"""Verbs of saying that may take a hearer: warned | the men that they faced prison."""
SHOWS = word_set("show shows showed shown")
WORKS = word_set("""
    film films movie book books novel poem poems song songs album article articles report essay play series programme
    program documentary headline headlines title titled entitled headed newspaper magazine column painting word words
    phrase term terms hymn anthem opera show episode exhibition called named nicknamed operation
    memoir memoirs ballet musical podcast blog drama comedy cartoon
    """)
"""Words before a quotation that make it a title or a word, not speech."""


def _forms(entry: str) -> tuple[str, str, str, str]:
    words = entry.split()
    stem = words[0]
    if len(words) == 4:
        return stem, words[1], words[2], words[3]
    if stem.endswith("e"):
        return stem, stem + "s", stem + "d", stem[:-1] + "ing"
    if stem.endswith("y") and stem[-2] not in "aeiou":
        return stem, stem[:-1] + "ies", stem[:-1] + "ied", stem + "ing"
    return stem, stem + ("es" if stem.endswith(("s", "sh", "ch", "x")) else "s"), stem + "ed", stem + "ing"


def _entries(table: str) -> list[str]:
    return [entry for line in table.split("\n") for entry in line.strip().split("|") if entry]


VERBS: dict[str, Cue] = {
    word: Cue(forms[0], kind, form, forms[0] in _DISTANT_STEMS)
    for kind, table in reversed(_TABLE.items())
    for forms in map(_forms, _entries(table))
    for form, word in sorted(zip(Form, forms, strict=True), key=lambda pair: pair[0] is PAST)
}
"""Every form of every cue verb; where a form is in two tables, the earlier one holds; `read` is past."""

for _participle, _past in (
    ("spoken", "spoke"),
    ("written", "wrote"),
    ("sworn", "swore"),
    ("forbidden", "forbade"),
    ("shown", "showed"),
):
    VERBS[_participle] = VERBS[_past]
"""Participles that are not the past: had spoken of."""
NOUN_STEMS = word_set("""
    claim report call demand comment note state answer protest fear order praise blame promise voice brief mock signal
    bark joke boast cry shout estimate remark hail welcome brand label term curse regret hope worry caution toast
    order command appeal reply tweet post charge request vow pledge rule project forecast alert cast frame volunteer
    question attack challenge fault petition bet cheer boo jeer taunt champion
    """)
"""Verbs whose stem and -s form are also nouns."""
NOUNS_TOO = NOUN_STEMS | word_set("""
    object point reason figure decree mandate find hint marvel guess doubt dispute contest chant scream whisper yell
    query wonder slam rebuke ridicule cheer boo jeer taunt credit scorn echo curse scold pay heap champion rail lash
    rule read sneer scoff counsel state stress name relate reckon tell chuckle lament question attack challenge fault
    petition bet hit mention trumpet crow wail gush moan guarantee present picture reflect
    """)
FINITE = frozenset(
    word
    for word, cue in VERBS.items()
    if cue.form is THIRD and cue.kind not in (VIEW, SOUND) and cue.stem not in NOUNS_TOO
) | {"tells"}
"""Forms that are verbs wherever they stand: says, believes; not claims, reports."""
FINITE_AFTER_PLURAL = frozenset(
    word for word, cue in VERBS.items() if cue.form is STEM and f"{cue.stem}s" in FINITE
) | {"tell"}
"""The same after a noun in -s: residents | say."""

CUES = frozenset(VERBS) | NOUNS | SAYINGS | STATES | HEARD | ATTITUDES.keys() | CLEAR | MOODS | POLLS | {"according"}
"""Every word that may mark speech."""
