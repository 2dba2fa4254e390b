"""Whom a pronoun means: the last speaker's words, the sex of a first name, dates before a subject."""

import pytest

from stance import voices
from stance.voices.kinds import fits, kind_of, sex_of


def last_speaker(text: str) -> str:
    return voices.find_in(text)[-1].speaker


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        # the subject of the sentence before stands in somebody's words
        ("Two ferries collided off Cork, the coastguard said. It said four people were hurt.", "the coastguard"),
        ("South Korea will send a ship, Norway's premier said. “It is late,” he told reporters.", "Norway's premier"),
        ("A valve had stuck, the plant's manager said. A fitter had warned them, he added.", "the plant's manager"),
        # the same pronoun was the subject before
        ("Nadia Brandt met a lawyer, Rita Lund. She drove a bus. It was, she says, dull.", "Nadia Brandt"),
        # his deputy tells of him
        ("Lamin Touray took over the ports. He works at night. His deputy wept. Critics called him cold. "
         "Delays, he told a committee, were theft.", "Lamin Touray"),
        # her employer tells of her
        ("Zahra Lind cleans flats. Her employer has offered her a bed. She said no. It was, she reasoned, wise.",
         "Zahra Lind"),
        # first names
        ("The mayor opened the hearing. Anna Reed asked why it was late. That, he said, was unfair.", "The mayor"),
        # dates and participles before the subject
        ("A clerk let him in. Two years later Pekka Salo, who has died, had a hit. He said he was glad.", "Pekka Salo"),
        ("In 1984 Mr Lund sued a mill that he said had poisoned his herd.", "Mr Lund"),
        ("In a report published on Friday, the Water Council calls for a ban. It puts the cost at £9m.",
         "the Water Council"),
        # words that look like somebody else
        ("The Belgian investigators have named the man. They say he fled.", "The Belgian investigators"),
        ("Gunmen on motorbikes came at noon, said the survivor. “I hid,” he said by telephone.", "the survivor"),
        # whose the subject is
        ("The home secretary's warning was condemned. She said it was true.", "The home secretary"),
        # who replies is not who asked
        ("The premier spoke. The opposition leader, Olaf Moss, asked when it would end. “Soon,” he replied.",
         "The premier"),
        # who closed the sentence before
        ("“It is over,” said Olaf Moss of Sund Bank. He expects a fall in May.", "Olaf Moss"),
        # a firm, though its name may be anybody's
        ("Kesko Mobility, a maker of buses, has cut its forecast. It now expects a loss.", "Kesko Mobility"),
    ],
)  # fmt: skip
def test_pronoun_means(text: str, speaker: str) -> None:
    assert last_speaker(text) == speaker


@pytest.mark.parametrize(
    ("phrase", "pronoun"),
    [
        ("Anna Petrova", "she"),
        ("Mr Haile", "he"),
        ("Labour's Fiona Dale", "she"),
        ("Fiona King", "she"),
        ("the widow", "she"),
        ("Grace", ""),
        ("the minister", ""),
    ],
)
def test_sex_that_a_phrase_tells(phrase: str, pronoun: str) -> None:
    assert sex_of(phrase) == pronoun


def test_countries_and_firms_are_it() -> None:
    assert all(fits("it", phrase, kind_of(phrase)) for phrase in ("Zimbabwe", "New Zealand", "the insurer"))
    assert not any(fits("he", phrase, kind_of(phrase)) for phrase in ("South Africa", "the Booker Prize"))


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The first minister and the speaker both condemned the raid.", "The first minister and the speaker"),
        ("The then minister, Lone Krag, denied that she saw it.", "Lone Krag"),
        ("A message left at the scene accused them of spying.", "A message left at the scene"),
        ("She asked for the resignation of the sports minister, who said he would stay.", "the sports minister"),
        ("He heard the news from his publisher, who joked that it was late.", "his publisher"),
        ("The trainer, Walid al-Masri, said it was late.", "Walid al-Masri"),
    ],
)
def test_speaker_beside_other_words(text: str, speaker: str) -> None:
    assert last_speaker(text) == speaker


def test_long_chains_of_pronouns_end() -> None:
    assert last_speaker("He ran. " * 3000 + "He said it was late.") == ""
    assert last_speaker("His dog ran. " * 300 + "He said it was late.") == ""
