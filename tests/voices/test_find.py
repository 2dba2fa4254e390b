"""Whose words: one small text for each way to report them."""

import pytest

from stance import voices
from stance.records import HolderKind, Utterance


def heard(text: str) -> list[tuple[str, str]]:
    """(speaker, words) of every utterance."""
    return [(said.speaker, text[said.start : said.end]) for said in voices.find_in(text)]


def one(text: str) -> Utterance:
    (said,) = voices.find_in(text)
    return said


DIRECT = [
    ("“We are tired,” said Lena Sorokina, who sells pickles.", "Lena Sorokina", "We are tired,"),
    ('The mayor told reporters, "We are tired."', "The mayor", "We are tired."),
    ("“We are tired”, said the owner of a kiosk.", "the owner of a kiosk", "We are tired"),
    ("“We are tired,” fumed builder Gary Tolland.", "builder Gary Tolland", "We are tired,"),
    ("Colonel Umarov: “We are tired.”", "Colonel Umarov", "We are tired."),
    ('[SOT: pensioner Halyna] "We are tired, all of us."', "pensioner Halyna", "We are tired, all of us."),
    ("“We are tired,” said a spokesman, Ray Tait.", "Ray Tait", "We are tired,"),
    ("A banner read “We are tired”.", "A banner", "We are tired"),
    ("Chants of “We are tired” from the students went on.", "the students", "We are tired"),
    ("“Tired” is our president's word for it.", "our president", "Tired"),
    ("Moscow calls this “order”.", "Moscow", "order"),
    ("Schoolgirls carried a bedsheet on which was written “We are tired.”", "a bedsheet", "We are tired."),
    ("Thousands marched down the avenue shouting “We are tired”.", "Thousands", "We are tired"),
    ("Thousands were in the square chanting “We are tired”.", "Thousands", "We are tired"),
    ("A US envoy, Ray Tait, thanked Minsk for “an act of humanity”.", "Ray Tait", "an act of humanity"),
    ("Ministers find the plan “tiresome”.", "Ministers", "tiresome"),
    ("The union's statement called it “tiresome”.", "The union", "tiresome"),
    ("„Wir sind müde“, sagte Bürgermeisterin Anke Thoms am Abend.", "Bürgermeisterin Anke Thoms", "Wir sind müde"),
    ("Der Kanzler nannte den Plan „unseriös“.", "Der Kanzler", "unseriös"),
    ("« Nous sommes las », a expliqué le maire de Roubaix.", "le maire de Roubaix", " Nous sommes las "),
    ("«Мы устали», — ответила жительница Шиеса и ушла.", "жительница Шиеса", "Мы устали"),
    ("Представитель министерства заявил, что «всё спокойно».", "Представитель министерства", "всё спокойно"),
    ("„Wir sind müde“, so Polizeisprecher Olaf Kern am Montag.", "Polizeisprecher Olaf Kern", "Wir sind müde"),
    ("« Nous sommes las », s'indigne Ann Ray, enseignante.", "Ann Ray", " Nous sommes las "),
    ("«Мы устали», — пообещал лидер профсоюза Олег Дымов.", "лидер профсоюза Олег Дымов", "Мы устали"),
    ("“We are tired.” So wrote Captain Lowe in his diary.", "Captain Lowe", "We are tired."),
    ("“We are tired.” — Anna Petrova, carpenter", "Anna Petrova", "We are tired."),
    ("“We are tired,” was the envoy's reply.", "the envoy", "We are tired,"),
    ("“Tired” was the term used by the deputy governor.", "the deputy governor", "Tired"),
    ("“We are tired”, is how the mayor sums it up.", "the mayor", "We are tired"),
    ("The governor's “tired men” were four pensioners.", "The governor", "tired men"),
    ("Ambassador Ray raised a glass to “a tired friend”.", "Ambassador Ray", "a tired friend"),
    (
        "The order was dismissed as “tiresome” by a spokesman for the vice president.",
        "a spokesman for the vice president",
        "tiresome",
    ),
    ("“We are tired,” the woman kept repeating.", "the woman", "We are tired,"),
    ("[SOT vendor] “We are tired, all of us.”", "vendor", "We are tired, all of us."),
]


@pytest.mark.parametrize(("text", "speaker", "words"), DIRECT)
def test_direct_speech(text: str, speaker: str, words: str) -> None:
    found = [said for said in voices.find_in(text) if said.direct]
    assert [(said.speaker, text[said.start : said.end]) for said in found] == [(speaker, words)]


INDIRECT = [
    ("The ministry said on Thursday that the convoy was empty.", "The ministry", "the convoy was empty"),
    ("Aid workers said the road was open.", "Aid workers", "the road was open"),
    ("The road was open, aid workers said.", "aid workers", "The road was open"),
    ("According to the ombudsman, forty were held.", "the ombudsman", "forty were held"),
    ("Forty were held, according to a list.", "a list", "Forty were held"),
    ("The governor's claim that they were paid met laughter.", "The governor", "they were paid"),
    ("It was, in the words of a general, a wedding without a bride.", "a general", "a wedding without a bride"),
    ("The party accused the prosecutor of sleeping.", "The party", "the prosecutor of sleeping"),
    ("A Norwegian observer praised the police for their calm.", "A Norwegian observer", "the police for their calm"),
    ("Maja Horvat urged the government to come.", "Maja Horvat", "the government to come"),
    ("Deputy Kask asked whether he had ever queued.", "Deputy Kask", "whether he had ever queued"),
    ("They were called hooligans by the governor.", "the governor", "hooligans"),
    ("The captain, who had not slept, said his men were safe.", "The captain", "his men were safe"),
    (
        "The guide who took us through the caves said it was safe.",
        "The guide who took us through the caves",
        "it was safe",
    ),
    ("The man in the pub announced, without evidence, that it was over.", "The man in the pub", "it was over"),
    ("44 per cent of voters trust the cabinet.", "44 per cent of voters", "the cabinet"),
    ("My aunt used to say that bread was cheaper.", "My aunt", "bread was cheaper"),
    ("Vouchers would come from Jan. 15, the minister said.", "the minister", "Vouchers would come from Jan. 15"),
    ("Moscow has lain awake worrying about our light bulbs.", "Moscow", "our light bulbs"),
    ("Germany, Poland and France condemned the raid.", "Germany, Poland and France", "the raid"),
    ("In a post that was shared a hundred times the singer said it was late.", "the singer", "it was late"),
    ("The police docket lists eleven dead and calls the strikers armed.", "The police docket", "the strikers armed"),
    ("The mayor was accused by local activists of selling the beach.", "local activists", "of selling the beach"),
    ("It was condemned by the union.", "the union", "It"),
    ("Savings were safe, or so the ministry claims.", "the ministry", "Savings were safe"),
    ("Residents are convinced that the dam will burst.", "Residents", "the dam will burst"),
    ("The minister summoned the envoy to tell him that Moscow was rude.", "The minister", "Moscow was rude"),
    ("A committee of evacuees voted to thank the marshal.", "A committee of evacuees", "the marshal"),
    ("In the opinion of the wholesaler they are robbers.", "the wholesaler", "they are robbers"),
    ("A statement from the union said pay was late.", "the union", "pay was late"),
    ("This week Russian diplomats said it was late.", "Russian diplomats", "it was late"),
    ("Three Armenians in four told Gallup it was late.", "Three Armenians in four", "it was late"),
    ("Nurses at the ‘Hope’ clinic say their pay is late.", "Nurses at the ‘Hope’ clinic", "their pay is late"),
    ("The bar's demand that he resign was met.", "The bar", "he resign"),
    ("When a student shouts for the president to go, he is led away.", "a student", "for the president to go"),
    ("The agency quoted the president as saying the lake was safe.", "the president", "the lake was safe"),
    ("Ray was quoted by the daily as saying that it was late.", "Ray", "it was late"),
    ("The minister is said to have called the drivers lazy.", "The minister", "the drivers lazy"),
    ("The court heard from a fruit seller, Ann Ray, that it was late.", "Ann Ray", "it was late"),
    ("The union made the point that pay was late.", "The union", "pay was late"),
    ("The senator is of the opinion that it is late.", "The senator", "it is late"),
    ("The envoy let it be known that Paris was sad.", "The envoy", "Paris was sad"),
    ("The minister's contribution from Oslo was that it was late.", "The minister", "it was late"),
    ("The consul has nothing but praise for the firemen.", "The consul", "the firemen"),
    ("The coach lashed out at the referees.", "The coach", "the referees"),
    ("The premier never tires of saying that it is late.", "The premier", "it is late"),
    ("Colonel Hart went so far as to call the villagers ungrateful.", "Colonel Hart", "the villagers ungrateful"),
    ("Says a blogger in Tulsa: the kids are paid.", "a blogger in Tulsa", "the kids are paid"),
    ("22:30 Interior ministry: nobody was hurt.", "Interior ministry", "nobody was hurt"),
    ("For the taxi drivers the soldiers are guests.", "the taxi drivers", "the soldiers are guests"),
    ("From Ankara comes the assurance that the straits stay open.", "Ankara", "the straits stay open"),
    ("A driver who asked not to be named said it was late.", "A driver", "it was late"),
    ("Residents were warned by the fire brigade not to return.", "the fire brigade", "not to return"),
    ("Lawyers said that, if convicted, he could face life.", "Lawyers", "if convicted, he could face life"),
    ("The opposition says it was stolen, an accusation the commission denies.", "The opposition", "it was stolen"),
    ("The bishops regard them as guests.", "The bishops", "them as guests"),
]


@pytest.mark.parametrize(("text", "speaker", "words"), INDIRECT)
def test_indirect_speech(text: str, speaker: str, words: str) -> None:
    assert heard(text) == [(speaker, words)]
    assert not one(text).direct


@pytest.mark.parametrize(
    "text",
    [
        "The so-called ‘volunteers’ wear new boots.",
        "Her film, “The Long Queue”, was shot in Minsk.",
        "The word “dignity” stood on the board.",
        "Police used water cannon on Saturday night.",
        "I said that the bread was late.",
        "His report was late, and their claims were old.",
        "Five people accused of theft were held.",
        "She read two pages and left.",
        "Parents want schools and expect teachers.",
        "Update: the road is open.",
        "A government that cannot tell a friend from a foe has no business here.",
        "The minister did not say whether he would stay.",
        "Nobody in the ministry has explained how it was lost.",
        "The deep voice, believe it or not, was hers.",
        "They marched during the largest protests since independence.",
        "In “Letters from the Ninth Floor” the widow walks to the sea.",
        "Crowds sang “The Partisan's Daughter” until it rained.",
        "Russia has asked for nothing.",
        "Nobody at the plant said when it would open.",
        "Fairness demands a word about the welders.",
        "Governments should say something before they drill.",
        "Police have not said what caused the blast.",
        "The president, said to be resting, was out.",
        "She called him at four in the morning.",
        "The unions called a strike.",
        "The deal cost more compared with 2019.",
        "The premier resisted calls to resign.",
        "The minister describes his year in the prison.",
    ],
)
def test_what_is_no_speech(text: str) -> None:
    assert heard(text) == []


def test_an_interrupted_quotation_has_one_speaker() -> None:
    text = "“There will be no rally,” the mayor said, “and no discussion.”"
    assert heard(text) == [("the mayor", "There will be no rally,"), ("the mayor", "and no discussion.")]


def test_a_speaker_inside_his_own_clause_has_both_parts() -> None:
    text = "The fire, the mayor said, had been set."
    assert heard(text) == [("the mayor", "The fire"), ("the mayor", "had been set")]


def test_quoted_and_paraphrased_parts_of_one_sentence_are_parted() -> None:
    text = "The minister said the nurses were “holding a pistol” and would get nothing."
    assert [(w, said.direct) for (_, w), said in zip(heard(text), voices.find_in(text), strict=True)] == [
        ("the nurses were", False),
        ("holding a pistol", True),
        ("and would get nothing", False),
    ]


def test_two_speakers_of_one_sentence() -> None:
    text = "Kyiv says the shells came by river; Moscow says there were none."
    assert heard(text) == [("Kyiv", "the shells came by river"), ("Moscow", "there were none")]


def test_reports_that_share_a_verb() -> None:
    assert heard("44 per cent named Gazprom and 21 per cent the government.") == [
        ("44 per cent", "Gazprom"),
        ("21 per cent", "the government"),
    ]
    assert heard("The ministry said that the bridge was safe; the engineers that it would fall.") == [
        ("The ministry", "the bridge was safe"),
        ("the engineers", "it would fall"),
    ]
    assert heard("The ministry called them rioters; the governor, “the deceived”.") == [
        ("The ministry", "them rioters"),
        ("the governor", "the deceived"),
    ]


def test_what_follows_a_speaker_between_commas_is_his_too() -> None:
    text = "He saw, Minister Dosov says, nothing to which he could object."
    assert [words for _, words in heard(text)] == ["He saw", "nothing to which he could object"]


def test_two_clauses_with_that_are_two_stretches() -> None:
    text = "The widow said that he had gone out, and that he had never owned a flag."
    assert heard(text) == [("The widow", "he had gone out"), ("The widow", "he had never owned a flag")]


def test_the_author_goes_on_after_a_report() -> None:
    text = "Two officers said nobody had crossed, and a third counted our passports."
    assert heard(text) == [("Two officers", "nobody had crossed")]


def test_a_report_in_a_report_is_one_deeper() -> None:
    text = "Police said a witness called the men “dogs” at the gate."
    depths = {text[said.start : said.end]: (said.speaker, said.depth) for said in voices.find_in(text)}
    assert depths["a witness called the men “dogs” at the gate"] == ("Police", 1)
    assert depths["dogs"] == ("a witness", 2)


def test_a_quotation_in_a_quotation_has_its_own_speaker() -> None:
    text = "“The officer shouted ‘lie down,’ and we did,” said Hasan."
    outer, inner = voices.find_in(text)
    assert (outer.speaker, outer.depth, inner.speaker, inner.depth) == ("Hasan", 1, "The officer", 2)


@pytest.mark.parametrize(
    ("text", "distance"),
    [
        ("The prefect claimed that they were paid.", True),
        ("The prefect said without evidence that they were paid.", True),
        ("The prefect said they were paid. He offered no proof.", True),
        ("The prefect said they were paid. He left early.", False),
    ],
)
def test_the_author_keeps_a_distance(text: str, distance: bool) -> None:
    assert one(text).distance is distance


def test_names_roles_and_pronouns_are_one_holder_in_an_article() -> None:
    article = [
        "President Kassym Omarov said the law would stand.",
        "The president thanked the army. He said it was tired.",
        "“We shall see,” Omarov said.",
        "A driver said nothing had changed.",
    ]
    holders = [said.holder for found in voices.find(article) for said in found]
    assert len(set(holders[:-1])) == 1
    assert holders[-1] not in holders[:-1]


def test_a_qualified_role_is_the_speaker_who_has_it() -> None:
    article = [
        "Prime Minister Aigul Serikova said it was late. Interior Minister Nurlan Dosov said it was cold.",
        "“We heard,” the Prime Minister said. The interior minister said it was enough. The minister said it was over.",
    ]
    (first, second), (third, fourth, fifth) = voices.find(article)
    assert (third.holder, fourth.holder) == (first.holder, second.holder)
    assert fifth.holder not in (first.holder, second.holder)


def test_a_dateline_is_nobody() -> None:
    text = "SARYN, Jan 7 (Steppe Wire) - Planes landed after President Omarov spoke of unrest. He blamed “bandits”."
    assert {said.speaker for said in voices.find_in(text)} == {"President Omarov"}


def test_she_is_the_one_who_is_told_to_be_a_woman() -> None:
    text = "I walked past the new governor behind a woman with a pram. “Not a governor,” she says."
    assert one(text).speaker == "a woman with a pram"


def test_two_women_of_whom_the_text_says_no_more_are_two() -> None:
    first, second = voices.find_in("“Go,” said a woman. “Stay,” said a woman.")
    assert first.holder != second.holder


def test_a_pronoun_that_fits_two_people_is_nobody() -> None:
    text = "There were Igor Malyshev and Pavel Serov. “Go home,” he said."
    assert (one(text).speaker, one(text).holder, one(text).holder_kind) == ("", "", HolderKind.UNKNOWN)


def test_a_pronoun_is_its_antecedent_and_stands_where_that_stands() -> None:
    text = "Aigul Saparova runs the pharmacy. “I sold bandages,” she says."
    said = one(text)
    assert said.speaker == "Aigul Saparova"
    assert said.speaker_span == (0, len("Aigul Saparova"))


def test_a_quotation_over_paragraphs_keeps_its_speaker() -> None:
    article = ["“We have buried four boys,” the bishop said. “We do not ask why.", "“We ask who will stop it.”"]
    first, second = voices.find(article)
    assert {said.holder for said in first + second} == {"bishop"}
    assert second[0].speaker_span is None


def test_interviews_and_block_quotes_are_direct_speech() -> None:
    article = ["Q: Why did you go?", "Omarov: I could not sign.", "The widow wrote:", "> You have our men."]
    found = [said for paragraph in voices.find(article) for said in paragraph]
    assert [(said.speaker, said.direct) for said in found] == [("", True), ("Omarov", True), ("The widow", True)]


def test_turns_inside_a_paragraph() -> None:
    text = "Q: Were you afraid? A: I was cold. The ministry says it was warm."
    assert [(said.speaker, said.depth) for said in voices.find_in(text)] == [("", 1), ("A", 1), ("The ministry", 2)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“Go,” said Nino Beridze.", HolderKind.PERSON),
        ("“Go,” said a nurse.", HolderKind.PERSON),
        ("“Go,” said the ministry.", HolderKind.ORGANISATION),
        ("“Go,” said Moscow.", HolderKind.ORGANISATION),
        ("“Go,” said 44 per cent of respondents.", HolderKind.CROWD),
        ("“Go,” said one of the nurses.", HolderKind.PERSON),
        ("“Go,” the protesters said.", HolderKind.CROWD),
        ("A placard read “Go”.", HolderKind.CROWD),
        ("“Go,” said the thing.", HolderKind.UNKNOWN),
    ],
)
def test_kinds_of_holders(text: str, kind: HolderKind) -> None:
    assert one(text).holder_kind is kind


def test_membership_is_asked_of_the_caller() -> None:
    said = voices.find_in("“Go,” said the minister.", lambda name: "government" if "minister" in name else "")
    assert said[0].holder_target == "government"


def test_voices_of_a_passage_are_gathered_by_holder() -> None:
    text = "“Go,” said Omarov. “Stay,” said Lena. “Now,” Omarov said."
    first, second = voices.passages_voices(voices.find_in(text))
    assert (first.holder, len(first.words), [text[slice(*name)] for name in first.names]) == (
        "omarov",
        2,
        ["Omarov"] * 2,
    )
    assert (second.holder, len(second.words)) == ("lena", 1)


def test_time_is_linear_in_a_text_without_stops() -> None:
    assert voices.find_in("and he said that of the " * 3000)


GAPPED = [
    (
        "The professor called it murder, his colleague an accident.",
        [("The professor", "it murder"), ("his colleague", "an accident")],
    ),
    (
        "The teachers said it was late, the pupils that they were bored.",
        [("The teachers", "it was late"), ("the pupils", "they were bored")],
    ),
    ("Critics say it is late; admirers, that it is early.", [("Critics", "it is late"), ("admirers", "it is early")]),
    (
        "He was described by opponents as a crank and by friends as a prophet.",
        [("opponents", "as a crank"), ("friends", "as a prophet")],
    ),
    (
        "Germany welcomed the deal, with Poland calling it late.",
        [("Germany", "the deal"), ("Poland", "it late")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), GAPPED)
def test_speakers_who_share_a_verb(text: str, expected: list[tuple[str, str]]) -> None:
    assert heard(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "« Nous partirons demain, a promis le capitaine. Ou samedi. »",
        "«Мы уйдём завтра, — сказал капитан. — Или в субботу».",
    ],
)
def test_a_verb_inside_the_marks_interrupts_a_foreign_quotation(text: str) -> None:
    before, after = voices.find_in(text)
    assert before.holder == after.holder != ""
    assert "a promis" not in text[before.start : before.end] + text[after.start : after.end]


def test_who_speaks_of_himself_in_his_own_report_is_no_second_speaker() -> None:
    assert heard("The minister said she had praised the plan.") == [("The minister", "she had praised the plan")]


def test_an_object_pronoun_after_according_to_is_whom_the_text_names() -> None:
    assert one("Li Wei opened the fair. According to him, it was late.").speaker == "Li Wei"
