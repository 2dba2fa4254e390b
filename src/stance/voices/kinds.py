"""Head words of noun phrases, and what kind of speaker they mean: person, organisation, crowd.

What belongs here: what one phrase says by itself. What does not: which phrases are one speaker (`holders`).
"""

import re
from functools import lru_cache
from typing import NamedTuple

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
    r"((?:\S+\s)+[^\WA-Z]\S*[^\W\d](?<!\ban)(?<!\bthe)(?<!\bthose))\s(?:[a-z]{2,}ed|seen|made|held|known|taken|written|born|found|read|left|sent)$"
)
_PARTICIPLES = (
    "ing",
    "ed",
    "seen",
    "made",
    "held",
    "known",
    "taken",
    "written",
    "born",
    "found",
    "read",
    "left",
    "sent",
)
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
    adaeze agata agnes aisha aisling alejandra alexandra alice alina amanda amaya amelia amina amy ana anastasia
    angela anita anja anna anne annette annika antonella antonia aoife astrid ayşe barbara beatrice beatriz bernadette
    bianca birgit birgitta bridget brigitte bronwyn camila carla carmen carol carole carolina caroline catalina
    catherine cecilia chantal charlotte chiamaka chiara chloe chloé christiane christina christine ciara claire clara
    claudia colette concepción constance cristiana cristina dagmar daniela deborah deirdre denisa denise diana dolores
    dorothea dorothy edith edna eileen ekaterina ekua eleanor elena elisabeth eliza elizabeth elke ellen eloise elsa
    elvira emilia emilie emily emma erika estelle esther eugenia eva evelyn farhana fatima fatma fatou federica
    felicity fernanda fiona frances francesca frederica freya frida gabriela genevieve georgina geraldine gertrude
    gillian giorgia giovanna giulia gloria greta guadalupe gudrun gulnara gwen halina hanna hannah heather heidi helen
    helena henrietta hilary hilda hélène ida ildikó ilse imogen inga inge ingeborg ingrid inés irena irene irina
    isabel isabella isabelle ivana ivanka jacqueline jadwiga jana jane janet jasmine jeanne jelena jennifer jenny
    jessica joanna josefina josephine juana judit judith julia juliana justine júlia karen karin katarina kate
    kateryna katharina katherine kathleen katja katrin katya kerstin khadija kirsten kirsty lara larisa laura lea
    leila lena leonie lesya letizia leyla lidia lilian liliana linda lisa lisbeth liv lorraine lotte louise lucia
    lucie lucy lucía ludmila luisa luz lydia lyudmila mabel madeleine madina maeve magda magdalena maisie malgorzata
    manuela margaret margareta margarita margot maria mariam marianne maribel marie marina marion marisol marlene
    marta martha mary maría mathilde matilda maud maureen małgorzata meera meg melanie mercedes meredith mette
    michaela michelle mildred milena milica minna miriam moira monica monika muriel nadia nadine nancy naomi natalia
    natalie natasha niamh nicole nina noor nora nuala odile oksana oleksandra olena olga olivia ottilie paola patricia
    patrizia paula pauline pernille petra philippa phoebe phyllis pilar polina priya prudence rachel rania rebecca
    regina renata rita roberta rosa rosalind rosalía rosemary roxana ruth sabina sabine sabrina sally samira sandra
    sara sarah saskia selma shannon sheila shirin shirley sibylle sigrid silke silvia simona sinead siobhan sofia
    solange soledad solveig sonia sophie stefania stella stephanie susan susana susanne svenja svetlana sylvia sylvie
    tamara tanja tanya tatiana tatjana tatyana teresa thandi theodora theresa thuli tracey tracy ulrike ursula
    valentina valeria valerie vanessa vera veronica vesna victoria vilma virginia viviana wendy wilhelmina yasmin
    yelena yolanda yulia yvonne zainab zeynep zofia zoya zuzana
    """
)
_MALE_NAMES = word_set(
    """
    aaron abdul abdullah adam adrian ahmad ahmed akira alain alan alasdair albert alberto aldo alejandro alejo
    aleksandar aleksander aleksandr alessandro alessio alexander alexei alfonso alfred alfredo ali alistair alun amir
    anatoly anders andreas andrei andrew andré angus anthony antoine anton antonio antti armando arnaud arnold artem
    arthur arturo augusto bartosz benjamin bernard bernhard bertrand björn bogdan bohdan boniface boris bradley
    brendan brian bruno callum carl carlos cesare charles christopher cian ciaran clive colin colm conor craig cyril
    cédric damian damien daniel dariusz darren david declan denis dennis derek derrick desmond diarmuid didier diego
    dieter dimitri dimitris dinesh dmitri dmitry dominik donal donald douglas duncan dušan eamon edgar edmund eduardo
    edward edwin elias emeka emil emmanuel enrico enrique enver eric erich erik ernest evan evgeny fabio fabrice
    faisal felipe felix ferenc fergal fernando festus filip filippo francesco francis francisco françois friedrich
    frédéric fyodor gabriel gareth gary gaston gavin gennady geoffrey georg george gerald gerard gerhard gert gianluca
    gianni gilbert giles giorgio giovanni giuseppe goran graham gregory guido guillaume guillermo gunnar gunther
    gustavo günther hamid hans harald harold harry hasan hassan hector heinrich helmut henri henrik henry herbert
    herman hiroshi horacio horst howard hubert hugo humphrey hussein håkan ian ibrahim ibrahima ignacio igor ilya
    isaac ismail ivan ivo iván iñaki jacob jacques jakob jakub jamal james jan-erik jaroslav jason javier jean-luc
    jean-paul jean-pierre jeffrey jens jeremy jerome jesús jim joachim joao joaquin jochen johan johannes john jon
    jonas jonathan jordi jorge josef joseph joshua josé joão juan julian julien julio justin jérôme jürgen kamal karel
    karl karol kaspar keith ken kenneth kevin khaled khalid klaus kofi konstantin krzysztof kwame lars laszlo laurent
    lawrence leif leon leonard leonardo leonid leszek liam lionel lorenzo louis luca lucas ludwig luigi luis luiz
    lukas lászló maciej magnus maksim malcolm manfred manuel marc marcel marcelo marcin marco marcus marek mario
    mariusz martin mathieu matteo matthew matthias maurice mauricio mauro maxim mehmet michael michał michel miguel
    mikhail miklós milan miloš mohamad mohamed mohammad mohammed moritz moses muhammad murat musa mustafa nabil neil
    nicholas nicolas niels nigel niklas nikola nikolai nikolay nils norbert olaf oleg oliver olivier omar omari oscar
    osman oswald otto owen pablo paolo pascal patrice patrick paul paulo pavel pedro peter petr petter philip philippe
    pierre piet pieter piotr quentin radek rafael rajesh ralph ramon ramón raymond raúl reinhold rene rené ricardo
    riccardo richard robert roberto rodrigo roger roland rolf romain ronald rory roy rudolf rui rupert rustam rüdiger
    salvatore samir samuel santiago seamus sean sebastian sebastián serge sergei sergey sergio siegfried silvio simon
    slobodan stanislav stanisław stefan stefano stephen steven stewart stuart stéphane sven sylvain séamus tadeusz
    taras tariq teodor terence terry theo thierry thomas thorsten tibor tim timothy tobias tom tomasz tommaso tomás
    tomáš tony torsten trevor tunde ulrich umar vadim valentin valery vasily vasyl victor viktor vincent vincenzo
    vitaly vito vladimir vladislav volker volodymyr václav waldemar walter wayne werner wilfred wilhelm willem william
    winston witold wojciech wolfgang xavier yahya yann yaroslav yevgeny yiannis yuri yusuf yves zbigniew zdeněk zoltán
    zoran étienne
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


_BODIES = ORGANISATIONS | PLACES | _IMPERSONAL
_PEOPLE = _PERSONS | _FEMALE | _MALE
_NO_HEADS = DETERMINERS - INDEFINITES
_PHRASES = 4096
"""Phrases recur within an article; what they say of themselves never changes."""


class _Parts(NamedTuple):
    """A noun phrase, taken apart once."""

    core: tuple[str, ...]
    """The words up to its head, as they stand."""
    low: tuple[str, ...]
    """The same in lower case."""
    words: list[str]
    """The words up to its head without numbers and without the letters behind a name."""
    head: str


@lru_cache(maxsize=_PHRASES)
def _parts(phrase: str) -> _Parts:
    whole = _core(phrase)
    core = tuple(whole.split())
    is_plain = whole.replace(" ", "").isalpha()
    words = list(core) if is_plain else [word for word in _WORD.findall(whole) if not word.isdigit()]
    if len(words) > 2 and words[-1].lower() in _POSTNOMINALS:
        del words[-1]
    head = words[-1].lower().removesuffix("'s").removesuffix("’s") if words else phrase.strip().lower()
    return _Parts(core, tuple(whole.lower().split()), words, head)


def _core(phrase: str) -> str:
    """A noun phrase without what follows its head: `the owner of a kiosk` gives `the owner`."""
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
    if participle and not participle.group(1).endswith(("'s", "’s")):
        whole = participle.group(1)
    return whole.strip()


def core_words(phrase: str) -> tuple[str, ...]:
    """Return the words of a noun phrase up to its head, in lower case."""
    return _parts(phrase).low


def stem(phrase: str) -> str:
    """Return what a holder's id is made of: the words up to the head, without article, in lower case."""
    return " ".join(word for word in core_words(phrase) if word not in ("a", "an", "the")) or phrase.lower()


def head_word(phrase: str) -> str:
    """Return the head of a noun phrase, lower case: a family name, or the noun of a description.

    A share of people is headed by the people: `40 per cent of respondents` gives `respondents`.
    """
    return _parts(phrase).head


@lru_cache(maxsize=_PHRASES)
def is_named(phrase: str) -> bool:
    """Whether a phrase names somebody rather than describing him: it ends, before any modifier, in a capital."""
    words = _parts(phrase).words
    if not words or not words[-1][0].isupper() or words[-1].lower() in ORGANISATIONS:
        return False
    if words[0].lower() == "the" or words[-1].lower() in STREETS:
        return False
    return len(words) > 1 or words[0].lower() not in _NO_NAMES


@lru_cache(maxsize=_PHRASES)
def kind_of(phrase: str) -> HolderKind:
    """Tell persons, organisations and crowds apart by the head of the phrase; UNKNOWN where it does not tell."""
    words, _, plain_words, head = _parts(phrase)
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
    if head.endswith("s") and head[:-1] in ORGANISATIONS:
        return HolderKind.ORGANISATION
    if (
        len(words) == 1
        and " " in phrase
        and head.endswith("s")
        and not is_person_noun(_singular(head))
        and is_named(phrase)
    ):
        return HolderKind.UNKNOWN if head not in ORGANISATIONS and head not in PLACES else HolderKind.ORGANISATION
    if head in _BODIES or _is_acronym((plain_words or words)[-1]):
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


def is_firm(phrase: str) -> bool:
    """Whether a name may be a firm's, for all its words tell: `Kesko Mobility`, not `Dr Islam`, `Anna Petrova`."""
    words = core_words(phrase)
    if not is_named(phrase) or sex_of(phrase) or (len(words) == 1 and (" " in phrase or phrase.endswith("s"))):
        return False
    return not any(is_person_noun(word) or word.rstrip(".") in ("dr", "prof") for word in words[:-1])


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
