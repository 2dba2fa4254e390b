"""Head words of noun phrases, and what kind of speaker they mean: person, organisation, crowd.

What belongs here: what one phrase says by itself. What does not: which phrases are one speaker (`holders`).
"""

import re
from functools import lru_cache

from stance.records import HolderKind
from stance.voices.words import DETERMINERS, INDEFINITES, word_set

_WORD = re.compile(r"\w+(?:[’'\-.]\w+)*")
_CUTTING = word_set(
    """
    of in from at for with on near behind beside by under over to outside inside against between after about who whom
    whose which that called named I we they he she
    """
)
_CUT = re.compile(rf",|\(|\s(?:{'|'.join(sorted(_CUTTING))}|\w{{3,}}ing(?=\s(?:a|an|the|at|in|for|to|with|by)\b))\s")
_RATIO = re.compile(r"^\w+ (?:out of|in) (?:two|three|four|five|six|ten|twenty|\d+) (?=\w)", re.IGNORECASE)
_PARTICIPLE = re.compile(r"((?:\S+\s)+\S*[^\W\d](?<!\ba)(?<!\ban)(?<!\bthe)(?<!\bone))\s\w{3,}ing$")
_PAST = re.compile(
    r"((?:\S+\s)+[^\WA-Z]\S*[^\W\d](?<!\ban)(?<!\bthe)(?<!\bthose))\s(?:[a-z]{2,}ed|seen|made|held|known|taken|written|born|found)$"
)
_PARTICIPLES = ("ing", "ed", "seen", "made", "held", "known", "taken", "written", "born", "found")
_TRAILERS = ("here", "there", "self", "selves", "overall", "alone", "alike", "today", "abroad", "opposite")
_TRAILING = re.compile(r"\s(?:here|there|himself|herself|itself|themselves|overall|alone|alike|today|abroad|opposite)$")
_PARTITIVE = re.compile(
    r"^(?:.*\b(?:per cent|percent|%)|one|some|many|several|most|few|all|both|none|each|another"
    r"|\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|half|dozens|"
    r"hundreds|thousands|tens|a (?:group|number|handful|majority|crowd|couple))\s+of\s+",
    re.IGNORECASE,
)

ORGANISATIONS = word_set(
    """
    government ministry party union unions agency court television tv radio embassy committee council association
    federation newspaper channel kremlin parliament office service services police army military press commission
    coalition network organisation organization company bank board authority administration department institute
    regime cabinet regulator junta church movement front group groups ombudsman's bureau fund mission delegation
    presidency duma senate congress house force forces guard gazprom rosatom wagner nato eu un osce team centre
    center league operator corps outlet site daily paper firm report academy university syndicate bloc opposition
    management
    gas oil energy airlines airways steel motors holdings telecom telecoms railways electric industries insurance
    technologies media news times post herald journal tribune express gazette wire magazine inc ltd plc corp llc gmbh
    division body watchdog charity airline club utility manufacturer insurer broadcaster retailer carrier lender
    supermarket brewery carmaker drugmaker chipmaker steelmaker hospital zoo museum college school consortium
    leadership secretariat chamber republic state palace control corporation trust society alliance hotline
    """
)
CROWDS = word_set(
    """
    crowd crowds banner banners placard placards chant chants slogan slogans graffiti sign poster posters leaflet
    people others some many most respondents cent percent survivors residents protesters demonstrators students
    marchers workers strikers families mothers women men villagers voters readers critics supporters opponents
    witnesses eyewitnesses prosecutors investigators negotiators organisers organizers rescuers soldiers ministers
    leaders lawmakers campaigners commuters passengers shoppers prisoners scientists economists historians commanders
    pilots drivers officials experts analysts observers lawyers traders farmers miners teachers doctors nurses
    children boys girls public mob mobs towns few several bedsheet bishops letter note everyone everybody nobody
    somebody someone anyone mps meps msps tds peers backbenchers
    """
)
PLACES = word_set(
    """
    moscow russia ukraine kyiv kiev washington brussels beijing china ankara turkey tehran iran minsk belarus
    tbilisi georgia yerevan armenia baku azerbaijan astana kazakhstan bishkek kyrgyzstan tashkent uzbekistan
    dushanbe tajikistan ashgabat turkmenistan warsaw poland budapest hungary belgrade serbia london paris france
    berlin germany rome italy madrid spain vienna prague bratislava sofia bulgaria bucharest romania chisinau
    moldova vilnius lithuania riga latvia tallinn estonia helsinki finland stockholm oslo copenhagen tokyo japan
    seoul delhi islamabad pakistan kabul damascus syria israel jerusalem cairo egypt khartoum sudan tripoli libya
    tunis algiers rabat bamako mali niamey niger abuja nigeria nairobi kenya pretoria addis caracas venezuela havana
    cuba bogota lima quito brasilia ottawa canada canberra akorda belgium tirana kosovo pristina skopje
    africa america argentina australia austria bangladesh bolivia botswana brazil britain burundi cambodia cameroon
    chile colombia croatia cyprus denmark ecuador england eritrea ethiopia europe finland ghana greece guatemala guyana
    haiti iceland india indonesia iraq ireland jamaica kuwait korea laos lebanon liberia lithuania luxembourg
    madagascar malawi malaysia malta mauritania mexico mongolia montenegro morocco mozambique myanmar namibia nepal
    netherlands nicaragua norway oman panama paraguay peru philippines portugal qatar rwanda scotland senegal
    singapore slovakia slovenia somalia sweden switzerland taiwan tanzania thailand togo uganda uruguay vietnam wales
    yemen zambia zealand zimbabwe arabia sarajevo zagreb ljubljana hanoi manila jakarta dublin lisbon athens bern
    """
)
_NO_NAMES = CROWDS | PLACES
STREETS = word_set(
    """
    avenue square street road boulevard bridge station gate cathedral church park plaza theatre airport hospital
    ring hill monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december hotel river region province district sea north south east west
    """
)
"""Last words of names that are no speaker's."""
_FEMALE = word_set(
    """
    woman women mother widow girl sister daughter wife grandmother mrs ms miss madam lady queen nun spokeswoman
    schoolmistress actress niece aunt dame baroness countess duchess chairwoman businesswoman policewoman nurse
    housewife princess waitress midwife
    grandma granny babushka matron
    """
)
_MALE = word_set(
    """
    man father widower boy brother son husband grandfather mr sir lord king priest spokesman bishop archbishop imam
    nephew uncle chairman businessman policeman patriarch fisherman cleric prince monk lad gentleman serviceman
    """
)
_PERSON_ENDINGS = (
    "er",
    "or",
    "ist",
    "man",
    "woman",
    "eer",
    "ian",
    "ant",
    "maid",
    "smith",
    "wright",
    "mate",
    "ier",
    "secretary",
    "geon",
)
_NO_PERSONS = word_set(
    """
    paper water letter number quarter tower shutter power order matter river winter summer border corner counter
    ladder dinner danger tractor factor sector door floor mirror error terror color colour honor honour labor labour
    motor sensor flower banner poster paper weather gas-meter computer centre center theater shelter daughter's
    order plaster chapter character master's barrier container helicopter chamber offer answer timer boulevard
    clover fever anger hunger pepper restaurant plant instant grant warrant fighter-jet elephant pavement armor
    scooter trolleybus freezer cellar dollar barrier frontier glacier carrier supplier pier tier former latter other
    list twist fist
    another either neither rather after never ever over under together whether however
    """
)
_PERSONS = word_set(
    """
    president correspondent presenter premier monk imam guard clerk cook priest bishop archbishop patriarch pope
    king queen prince general colonel captain sergeant corporal lieutenant major admiral consul chief head deputy
    envoy judge mayor boy girl youth lad student nurse witness aide pensioner citizen friend colleague cousin niece
    nephew uncle aunt mother father parent exile son brother sister wife husband widow neighbour resident refugee
    trainee
    employee retiree poet pilot architect economist cardinal rector dean scholar secretary mp mep senator member
    person host hostess hotelier figure recruit conscript cleric child hero patient guest athlete coach boss spouse
    bride groom kid politician diplomat electrician heir nun rabbi mufti herdsman chauffeur barista victim delegate
    candidate advocate accountant midwife housewife actress waitress official veteran commissar professional expert
    activist insider intellectual critic mechanic schoolmistress teenager toddler gendarme chef vet docker doc
    counsel priestess stevedore seamstress magistrate spokesperson detainee inmate hostage conscript reservist dissident
    opponent paramedic apprentice novice academic representative executive tycoon oligarch billionaire passer-by
    eyewitness schoolgirl schoolboy girlfriend boyfriend fiancé fiancée grandson granddaughter orphan elder
    youngster teen vicar deacon abbot mullah sheikh emir sultan duke baron warlord brigadier marshal cadet guerrilla spy
    agent detective shepherd
    chair superintendent constable sheriff coroner notary usher cabbie attorney barber tailor councilwoman ombudsperson
    chairperson councillor analyst herdswoman cameraman anchorman anchorwoman newsreader hooligan fan peasant merchant
    """
)
_POSTNOMINALS = word_set("kc qc mp md phd jr sr obe mbe cbe")
"""Letters after a name, which are not its head: Prudence Hale KC."""
_FEMALE_NAMES = word_set(
    """
    agnes aisha alejandra alexandra alice alina amelia amina ana anastasia angela anita anna anne annette
    antonella aoife astrid ayşe barbara beatriz birgit brigitte camila carla carmen caroline catherine cecilia
    charlotte chiara christina christine claire clara claudia cristina daniela deborah denise diana dolores dorothy
    edith ekaterina elena eleanor elisabeth elizabeth ellen elsa elvira emily emma esther eva fatima fatma fiona
    francesca frances frida gabriela giulia gulnara hannah heather heidi helen helena hélène ingrid irena irene irina
    isabel isabella jana jane janet jennifer jessica joanna josefina judith julia juliana karen karin katarina kate
    katharina katherine katrin khadija kirsten larisa laura leila lena leyla lidia lilian linda lisa lorraine louise
    lucia lucía lucy ludmila luisa lyudmila magdalena margaret margarita maria maría marie marina mariam marta martha
    mary meera meg mercedes michelle milena miriam monica monika nadia nancy naomi natalia natasha nicole nina olga
    olivia ottilie patricia paula petra pilar priya prudence rachel rania rebecca regina renata rita rosa rosalind ruth
    sabine sally samira sandra sara sarah shirin silvia sofia sonia sophie stefania susan susanne svetlana
    sylvia tamara tatiana tatyana teresa theresa ulrike ursula valentina valeria vera veronica victoria virginia wendy
    yasmin yelena yulia yvonne zainab zeynep zofia zoya
    """
)
_MALE_NAMES = word_set(
    """
    abdul abdullah adam adrian ahmad ahmed alan albert alberto alejandro alexander alexei alfred ali anders andré
    andreas andrei andrew antonio anthony anton antti arthur boris brian carl carlos charles christopher colin
    craig daniel dariusz david declan denis derek diego dmitri dmitry donald douglas edward eduardo emmanuel enrique
    eric erik ernest fernando filip francesco francisco françois fyodor gareth gary geoffrey georg george gerard
    giorgio giovanni giuseppe gregory guillermo gustavo hamid hans harold harry hassan hasan heinrich henri henrik henry
    hugo hussein ibrahim igor ivan jacob jacques jakob javier jean-luc jeremy jesús joachim jochen johan johannes
    john jonas jonathan jorge josé josef joseph juan julio jürgen kenneth kevin khalid klaus konstantin lars leon
    leonid lorenzo louis luca luigi luis lukas manuel marco marcus marek mario martin matthew maurice mehmet michael
    michel miguel mikhail mohamed mohammed muhammad murat musa mustafa nicholas nikolai nils olaf oleg oliver omar oscar
    otto pablo pascal patrick paul pavel pedro peter petr philip philippe pierre piotr rafael rajesh ramón richard
    robert roberto roger roland ronald rustam samuel sean sergei sergio simon stefan stephen steven sven thomas tomasz
    tomáš umar vasily victor viktor vincent vladimir walter werner wilfred william wolfgang yahya yuri yusuf zoltán
    """
)
_NAMED = dict.fromkeys(_FEMALE_NAMES, "she") | dict.fromkeys(_MALE_NAMES, "he")
"""First names, of which the surest and commonest are enough: most people are called Mr or Ms somewhere, or a role."""
_SINGULAR_S = word_set("boss witness waitress actress governess princess mistress goddess headmistress hostess")
_PRIZES = word_set("prize award cup trophy medal festival act treaty agreement")
"""Last words of capitalised names that are nobody's."""
_IMPERSONAL = word_set(
    """
    report survey poll study statement letter court ministry law bill video audit list transcript inquiry paper
    editorial brochure programme document story decree leaflet banner
    """
)


_PEOPLE = _PERSONS | _FEMALE | _MALE
_NO_HEADS = DETERMINERS - INDEFINITES
_PHRASES = 4096
"""Phrases recur within an article; what they say of themselves never changes."""


@lru_cache(maxsize=_PHRASES)
def core(phrase: str) -> str:
    """Return a noun phrase without what follows its head: `the owner of a kiosk` gives `the owner`."""
    if " " not in phrase:
        return phrase
    whole: str = _PARTITIVE.sub("", phrase) if " of " in phrase else phrase
    whole = _RATIO.sub("", whole) if " in " in whole or " out of " in whole else whole
    if not _CUTTING.isdisjoint(whole.split()) or "," in whole or "ing " in whole or "(" in whole:
        cut = _CUT.search(whole, 1)
        if cut:
            whole = whole[: cut.start()]
    if whole.endswith(_TRAILERS):
        whole = _TRAILING.sub("", whole)
    participle = None
    if whole.endswith(_PARTICIPLES):
        participle = _PARTICIPLE.match(whole) if whole.endswith("ing") else _PAST.match(whole)
    return (participle.group(1) if participle else whole).strip()


@lru_cache(maxsize=_PHRASES)
def core_words(phrase: str) -> tuple[str, ...]:
    """Return the words of the `core` of a noun phrase in lower case."""
    return tuple(core(phrase).lower().split())


@lru_cache(maxsize=_PHRASES)
def _words(phrase: str) -> list[str]:
    whole = core(phrase)
    is_plain = whole.replace(" ", "").isalpha()
    words = whole.split() if is_plain else [word for word in _WORD.findall(whole) if not word.isdigit()]
    return words[:-1] if len(words) > 2 and words[-1].lower() in _POSTNOMINALS else words


@lru_cache(maxsize=_PHRASES)
def head_word(phrase: str) -> str:
    """Return the head of a noun phrase, lower case: a family name, or the noun of a description.

    A share of people is headed by the people: `40 per cent of respondents` gives `respondents`.
    """
    words = _words(phrase)
    if not words:
        return phrase.strip().lower()
    return words[-1].lower().removesuffix("'s").removesuffix("’s")


@lru_cache(maxsize=_PHRASES)
def is_named(phrase: str) -> bool:
    """Whether a phrase names somebody rather than describing him: it ends, before any modifier, in a capital."""
    words = _words(phrase)
    if not words or not words[-1][0].isupper() or words[-1].lower() in ORGANISATIONS:
        return False
    if words[0].lower() == "the" or words[-1].lower() in STREETS:
        return False
    return len(words) > 1 or words[0].lower() not in _NO_NAMES


@lru_cache(maxsize=_PHRASES)
def kind_of(phrase: str) -> HolderKind:
    """Tell persons, organisations and crowds apart by the head of the phrase; UNKNOWN where it does not tell."""
    head = head_word(phrase)
    words = core(phrase).split()
    if len(words) > 1 and head in _PRIZES:
        return HolderKind.UNKNOWN
    if len(words) == 2 and head == "head" and words[0].lower() in ("his", "her", "my", "your", "its"):
        return HolderKind.UNKNOWN
    if not words or (len(words) == 1 and head in _NO_HEADS):
        return HolderKind.UNKNOWN
    if phrase.lower().startswith(("one of", "another of")):
        return HolderKind.PERSON
    if head in CROWDS or _is_share(phrase):
        return HolderKind.CROWD
    if head in ORGANISATIONS or head in PLACES or head in _IMPERSONAL or _is_acronym((_words(phrase) or words)[-1]):
        return HolderKind.ORGANISATION
    if is_person_noun(head):
        return HolderKind.PERSON
    plural = head.endswith("men") or (head.endswith("s") and " " in phrase)
    if len(words) == 1 and plural and is_person_noun(_singular(head)):
        return HolderKind.CROWD
    if words[-1][0].isupper():
        titled = words[0].lower() != "the" or len(words) == 1 or any(is_person_noun(word) for word in words[1:-1])
        return HolderKind.PERSON if titled else HolderKind.ORGANISATION
    return HolderKind.CROWD if is_person_noun(_singular(head)) else HolderKind.UNKNOWN


def _is_share(phrase: str) -> bool:
    """Whether a part of many is meant: `one in four`, `a crowd of men`."""
    if " of " in phrase and (_PARTITIVE.match(phrase) or _RATIO.match(phrase)):
        return True
    return " in " in phrase and _RATIO.match(phrase) is not None


def _singular(noun: str) -> str:
    for plural, singular in (("wives", "wife"), ("men", "man"), ("ies", "y"), ("s", "")):
        if noun.endswith(plural):
            return noun.removesuffix(plural) + singular
    return noun


def is_person_noun(head: str) -> bool:
    """Whether a noun (singular, lower case) means a person: a listed word, or one that ends as words for persons do."""
    word = head.rsplit("-", 1)[-1]
    if word in _PEOPLE:
        return True
    return word not in _NO_PERSONS and len(word) > 3 and word.endswith(_PERSON_ENDINGS)


def _is_acronym(word: str) -> bool:
    return word.isupper() and 1 < len(word) < 5


@lru_cache(maxsize=_PHRASES)
def fits(pronoun: str, phrase: str, kind: HolderKind) -> bool:
    """Whether a pronoun may stand for a phrase: number and sex do not speak against it."""
    if pronoun == "they":
        return kind in (HolderKind.CROWD, HolderKind.ORGANISATION)
    if pronoun == "it":
        return kind is HolderKind.ORGANISATION
    if kind is not HolderKind.PERSON:
        return False
    return sex_of(phrase) in ("", pronoun)


@lru_cache(maxsize=_PHRASES)
def sex_of(phrase: str) -> str:
    """The pronoun that a phrase asks for: `she` for `a woman with a pram` or Anna Petrova, `he` for Mr Haile; or ''."""
    words = [word.rstrip(".") for word in core_words(phrase)]
    named = is_named(phrase)
    if named and len(words) > 1:
        del words[-1]
    if not _FEMALE.isdisjoint(words):
        return "she"
    if not _MALE.isdisjoint(words):
        return "he"
    return next((_NAMED[word] for word in words if word in _NAMED), "") if named else ""


def is_of_sex(pronoun: str, phrase: str) -> bool:
    """Whether a phrase says by itself that `he` or `she` is meant: `Mr Haile`, `a woman with a pram`."""
    return pronoun in ("he", "she") and sex_of(phrase) == pronoun


def same_speaker(one: str, other: str) -> bool:
    """Whether two names as texts give them are plainly one: equal, or with the same head word.

    Of an apposition either part may match: `their spokesman, Bréhima Sangaré` is `Bréhima Sangaré`.
    """
    if one.casefold() == other.casefold():
        return True
    return not _heads(one).isdisjoint(_heads(other))


def _heads(phrase: str) -> frozenset[str]:
    return frozenset(head_word(part) for part in (phrase, *phrase.split(", ")) if part.strip())
