"""Reports as papers write them: lists of clauses, descriptions beside names, polls, rulings, and what says nothing."""

import pytest

from stance import voices

REPORTS: list[tuple[str, list[tuple[str, str]]]] = [
    (
        "The union said pay was late and that the river smelled.",
        [("The union", "pay was late"), ("The union", "the river smelled")],
    ),
    (
        "The union said pay was late, that the river smelled and that it would strike.",
        [("The union", "pay was late"), ("The union", "the river smelled"), ("The union", "it would strike")],
    ),
    (
        "The lecturer said it was a mistake of the cabinet, which is new, and that Russia respects its dead.",
        [
            ("The lecturer", "it was a mistake of the cabinet, which is new"),
            ("The lecturer", "Russia respects its dead"),
        ],
    ),
    (
        "Critics say Lou Ray, who took over a broken local, has kept his promise.",
        [("Critics", "Lou Ray, who took over a broken local, has kept his promise")],
    ),
    (
        "Hardliners call the truce a surrender, even though they asked for it.",
        [("Hardliners", "the truce a surrender")],
    ),
    (
        "The minister said the raid was legal, a decision that two lawyers called absurd.",
        [("The minister", "the raid was legal"), ("two lawyers", "absurd")],
    ),
    ("The vote was void, the commission found.", [("the commission", "The vote was void")]),
    (
        "Two boats have been moved, blogger Taras Bilyk wrote on Sunday.",
        [("blogger Taras Bilyk", "Two boats have been moved")],
    ),
    (
        "Voters are tired, said Lena Haas, a lecturer at the academy, and want peace.",
        [("Lena Haas", "Voters are tired"), ("Lena Haas", "and want peace")],
    ),
    (
        "Three were hurt, the hospital's director, Dr Anton Belic, told local radio.",
        [("Dr Anton Belic", "Three were hurt")],
    ),
    ("Residents were told by text message that the dam might not hold.", [("", "the dam might not hold")]),
    (
        "The lawyer told the court his client was ill and asked the judge for leniency.",
        [("The lawyer", "his client was ill"), ("The lawyer", "for leniency")],
    ),
    (
        "The bishop called for an immediate halt to the war and said it was late.",
        [("The bishop", "for an immediate halt to the war"), ("The bishop", "it was late")],
    ),
    ("The union rejected the company's claim that the mine was dry.", [("the company", "the mine was dry")]),
    (
        "The ombudsman said police had called the boys “rubbish” in court.",
        [("The ombudsman", "police had called the boys “rubbish” in court"), ("police", "rubbish")],
    ),
    (
        "As one adviser put it, the cabinet “learns from the papers”.",
        [("one adviser", "the cabinet"), ("one adviser", "learns from the papers")],
    ),
    ("The mayor put it more bluntly: the mine was finished.", [("The mayor", "the mine was finished")]),
    (
        "Economist Odile Ky put the cost at 19 billion francs.",
        [("Economist Odile Ky", "the cost at 19 billion francs")],
    ),
    ("The mayor could not resign, a charge the ministry dismissed as “fantasy”.", [("the ministry", "fantasy")]),
    ("A case was opened on charges that his lawyers described as fabricated.", [("his lawyers", "as fabricated")]),
    (
        "Just under half of Slovenes think the bank should go, according to a poll.",
        [("Just under half of Slovenes", "the bank should go")],
    ),
    ("At least forty deputies said they would vote.", [("At least forty deputies", "they would vote")]),
    (
        "More than 160 law professors have signed a letter saying that Fielding lied.",
        [("More than 160 law professors", "Fielding lied")],
    ),
    ("Bus drivers asked the minister for an inquiry.", [("Bus drivers", "for an inquiry")]),
    (
        "A march closed the bridge, witnesses and a police spokesman said.",
        [("witnesses and a police spokesman", "A march closed the bridge")],
    ),
    (
        "In a note in the evening the delegate of the mayor thanked the nurses.",
        [("the delegate of the mayor", "the nurses")],
    ),
    ("Separately Russia's ambassador condemned the attack.", [("Russia's ambassador", "the attack")]),
    ("Harkness, speaking in Des Moines, accused his rival of lying.", [("Harkness", "his rival of lying")]),
    ("Will Smith, a carpenter, said it was late.", [("Will Smith", "it was late")]),
    ("The road was closed, said Elder Rose Whiteduck.", [("Elder Rose Whiteduck", "The road was closed")]),
    (
        "A diplomat who attended, and who spoke on condition of anonymity, called it late.",
        [("A diplomat who attended", "it late")],
    ),
    (
        "The council told Ray Carew, 64, who drove an ambulance, that he had to go.",
        [("The council", "he had to go")],
    ),
    ("The minister caused anger by saying that women go out at night.", [("The minister", "women go out at night")]),
    ("The villagers are convinced the well was poisoned.", [("The villagers", "the well was poisoned")]),
    ("The paper's verdict: too little, too late.", [("The paper", "too little, too late")]),
    (
        "Critics have accused him of vanity, his friends of modesty.",
        [("Critics", "him of vanity"), ("his friends", "of modesty")],
    ),
    (
        "The council called it “a shot in the arm” and the banker “a shot in the foot”.",
        [("The council", "a shot in the arm"), ("the banker", "a shot in the foot")],
    ),
    ("Those who say that Washington will leave have been proved wrong.", [("Those", "Washington will leave")]),
    ("It was the bishop who first suggested that the hall be sold.", [("the bishop", "the hall be sold")]),
    ("The premier's pledge that no hospital would close lasted a year.", [("The premier", "no hospital would close")]),
    (
        "According to the police, the driver slept; his employer said it was late.",
        [("the police", "the driver slept"), ("his employer", "it was late")],
    ),
    (
        "The refusal of the firm to publish the map was criticised by the ombudsman.",
        [("the ombudsman", "The refusal of the firm to publish the map")],
    ),
    ("The law was condemned as “medieval” by rights groups.", [("rights groups", "medieval")]),
    (
        "Ms Koh's lawyers say she is ill and have asked for her release.",
        [("Ms Koh's lawyers", "she is ill"), ("Ms Koh's lawyers", "for her release")],
    ),
    ("Scientists warned as early as March that the ice was moving.", [("Scientists", "the ice was moving")]),
    ("Police said about 300 vendors had marched.", [("Police", "about 300 vendors had marched")]),
    ("“They came,” its head, Ray Tait, said of Russia on arrival.", [("Ray Tait", "They came,")]),
    ("He asked whether the mayor blamed the police.", [("", "whether the mayor blamed the police")]),
]


@pytest.mark.parametrize(("text", "said"), REPORTS)
def test_who_says_what(text: str, said: list[tuple[str, str]]) -> None:
    assert [(found.speaker, text[found.start : found.end]) for found in voices.find_in(text)] == said


@pytest.mark.parametrize(
    "text",
    [
        "Kabul rejects the accusation.",
        "Her essay first appeared in a quarterly called “The Ferry”.",
        "The firm has not said that it will pay.",
        "The ministers said the same of Cuba.",
        "Of 114 dismissed cleaners the court reinstated none.",
        "The bishop thanked nobody and blamed nobody.",
        "Detective Ray, called by the prosecution, sat down.",
        "The lads answered questions and went home.",
        "It is out of fashion to say thank you.",
    ],
)
def test_what_says_nothing(text: str) -> None:
    assert voices.find_in(text) == []


def test_a_possessor_who_warns_is_whom_the_text_named() -> None:
    (said,) = voices.find_in("Ms Roe spoke first. Her warning that the dam would fail came in a letter.")
    assert said.speaker == "Ms Roe"


def test_they_may_be_people_who_were_met() -> None:
    (said,) = voices.find_in("The minister met dairy farmers in Cork. They later said pay was late.")
    assert said.speaker == "dairy farmers"


def test_a_verb_before_its_speaker_is_no_part_of_his_name() -> None:
    _, said = voices.find_in("“It was chaos,” recalls Nadia, who was there. She says the driver shouted.")
    assert said.speaker == "Nadia"


def test_a_question_of_a_named_interviewer_opens_a_talk() -> None:
    asked, answered = (found for (found,) in voices.find(["Baltic Herald: How many?", "Colonel Ray: Fourteen."]))
    assert (asked.speaker, answered.speaker) == ("Baltic Herald", "Colonel Ray")


@pytest.mark.parametrize(
    "text", ["another , advocate", ") praise highlighting Moscow's claim that ,", "not said", "Concedes a woman ,"]
)
def test_what_is_no_sentence_is_read_too(text: str) -> None:
    assert voices.find_in(text) == []
