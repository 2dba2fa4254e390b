"""Closed classes of English words: what stands in a noun phrase and what cannot, without a tagger.

What belongs here: words whose class is sure whatever stands around them. What does not: words of speech (`cues`) and
words for people (`holders`).
"""


def word_set(words: str) -> frozenset[str]:
    """Return the words of a table; for tables that people read and add to."""
    return frozenset(words.split())


DETERMINERS = word_set(
    """
    a an the this these those his her their its my our your one two three four five six seven eight nine ten some
    many several most all both no another each every any other few more less fewer dozens hundreds thousands tens
    half somebody's someone's everybody's
    """
)
ARTICLES = word_set("a an the this that his her their its my our your")
OBJECT_OPENERS = ARTICLES - {"that"} | word_set(
    "two three four five six seven eight nine ten eleven twelve him them me us it himself herself itself"
)
"""Words that, after a noun in -s, show that it was a verb: the docket lists | eleven."""
COUNTS = word_set("thousands hundreds dozens tens many some several few most both all")
"""Determiners that are as often a subject by themselves: thousands marched."""
PRONOUNS = word_set("he she they we i you it")
SUBJECT_PRONOUNS = PRONOUNS - {"you", "it"}
RELATIVES = word_set("who whom whose which where that")
WH_RELATIVES = RELATIVES - {"that"}
QUESTIONS = word_set("whether if why how what who where when which whose")
"""Words with which a reported question opens."""
PREPOSITIONS = word_set(
    """
    of in from at for with on near behind by under over inside outside between against about around through among
    across beside along without into onto within beyond above below to round past per off up down despite like via
    """
)
COORDINATORS = word_set("and but or then yet")
JOINTS = frozenset({"and", "but"})
THAT = frozenset({"that"})
SUBORDINATORS = word_set("when as after before until while although if because since")
CONJUNCTIONS = (
    COORDINATORS
    | SUBORDINATORS
    | word_set("whether nor whereas though unless so than during what how why whatever whoever")
)
BE = word_set("am is was were are been be being get got")
AUXILIARIES = BE | word_set(
    "has have had having will would can could may might must shall should do does did not cannot gets"
)
ADVERBS = word_set(
    """
    also then later once never still again even already soon twice yesterday today tomorrow now here there only just
    ever often always meanwhile however instead nonetheless nevertheless rather too earlier ago afterwards moreover
    indeed himself herself themselves itself promptly recently duly seldom hardly since thereby out
    """
)
NO_ADVERBS = word_set("daily weekly family assembly ally rally italy reply bully supply only")
"""Words in -ly that are none."""
DAYS = word_set(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december midnight noon
    """
)
DAYTIMES = word_set("morning afternoon evening night")
TIMES = DAYTIMES | word_set("day week weekend month year spring summer autumn winter time")
VERBS_OF_ACTION = word_set(
    """
    went came took had got made saw knew gave found left felt put brought began kept held stood sat lost met ran
    paid fell cut sent built spent won rose grew drew shot beat burned fled hung led threw broke caught sold bought
    spoke wore gets gives takes makes goes comes let lets shook
    rode drove ate drank swam slept woke chose froze tore stole fought taught sought caught dug hid slid stuck struck
    swung swept crept flew blew became knelt wept rang sank heard leapt meant dealt fed bled spat lit laid withdrew
    burst
    """
)
"""Irregular pasts and the commonest presents: the verbs that end a subject and no ending betrays."""
MODALS = word_set("will would can could may might must shall should to")
"""Words after which a verb has its bare form."""
FUTURES = MODALS - {"shall", "to"}
PERFECTS = word_set("has have had")
NOBODY = word_set("nobody none no neither nothing")
INDEFINITES = word_set("one some others another many most both none few several")
OBJECT_PRONOUNS = frozenset({"me", "us", "him", "them"})
OBJECT_FORMS = word_set("me us him them her it you")
"""Pronouns that may be objects, those included that may be something else as well."""
SUBJECT_OF = {"him": "he", "her": "she", "them": "they", "his": "he", "their": "they"}
"""What another form of a pronoun is as a subject: according to him, his claim that."""
TENSED = AUXILIARIES - word_set("not cannot be been being having") | VERBS_OF_ACTION
"""Verbs that tell by themselves when something happens."""
NO_NOUNS = PRONOUNS | RELATIVES | PREPOSITIONS | CONJUNCTIONS | AUXILIARIES | ADVERBS | DAYS | VERBS_OF_ACTION
QUALITIES = ("less", "ful", "ous", "able", "ible", "ive", "ish", "ical", "ant", "ent")
"""Endings of adjectives that say what somebody or something is like."""
ADJECTIVE_ENDINGS = ("an", "ish", "ese", "ic", "al", "ch", "ek", "ani")
"""Endings of capitalised adjectives, after which a plural noun may follow: Russian troops."""
POSSESSIVE = ("'s", "s'")
STOPS = frozenset(",;:—–.?!…)(][")
