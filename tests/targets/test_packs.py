from functools import cache

import pytest

from stance.targets import MentionFinder, load


@cache
def finder(*packs: str) -> MentionFinder:
    return MentionFinder(load(packs))


def found(text: str, *packs: str) -> set[tuple[str, str]]:
    return {(mention.target, mention.text) for mention in finder(*packs).find(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Riot police detained 63 people, the interior ministry said.", {"Riot police", "the interior ministry"}),
        ("The prime minister, in a speech to the cabinet", {"The prime minister", "the cabinet"}),
        ("Tokayev’s deputy", {"Tokayev"}),
        ("Kobakhidze and Georgian Dream", {"Kobakhidze", "Georgian Dream"}),
        ("Ankara said it had closed the border.", {"Ankara said"}),
        ("Foreign Minister Alan Sato spoke. Sato smiled.", {"Minister Alan Sato", "Sato"}),
        ("The museum's governing board, a police novel, shadow ministers and the football club's president", set()),
        ("The former president of the tennis federation walked to the food court.", set()),
        ("The state company, the state budget and the state channel", set()),
        ("Ankara's offer stood.", {"Ankara"}),
        ("PREMIER: We signed in February.", set()),
        ("The anti-government mood and government-run farms", set()),
    ],
)
def test_government(text: str, expected: set[str]) -> None:
    assert {mention for target, mention in found(text) if target == "government"} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Protesters and strikers met the demonstrators.", {"Protesters", "strikers", "demonstrators"}),
        ("Several hundred pensioners blocked the road.", {"Several hundred pensioners"}),
        ("Several hundred pensioners drew their pensions.", set()),
        ("Tens of thousands marched in Tbilisi.", {"Tens of thousands marched"}),
        ("Those who stood on the square with banners sang.", {"Those who stood"}),
        ("With banners came students in Moscow.", {"students"}),
        ("The women came to the square with candles.", {"women came", "The women"}),
        ("The crowd cheered the referee after the second goal.", set()),
        ("The best striker of the league and freedom of movement", set()),
        ("Organisers of the World Games counted athletes.", set()),
    ],
)
def test_protesters(text: str, expected: set[str]) -> None:
    mentions = {mention for target, mention in found(text) if target == "protesters"}
    assert mentions <= expected
    assert bool(mentions) == bool(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russia's foreign ministry and the Russian embassy", {"Russia's foreign ministry", "Russian embassy"}),
        ("President Vladimir Putin and the Kremlin", {"President Vladimir Putin", "Kremlin"}),
        ("The generals in Moscow and Gazprom", {"generals in Moscow", "Gazprom"}),
        ("Moscow denied it.", {"Moscow"}),
        ("Russian dolls, Russian salad and the Kremlin wall", set()),
        ("The train to Russia; Moscow State University; the prelude to Wagner", set()),
    ],
)
def test_russia(text: str, expected: set[str]) -> None:
    assert {mention for target, mention in found(text) if target == "russia"} == expected


def test_in_russias_own_affairs_the_kremlin_is_its_government_too() -> None:
    text = "On Bolotnaya Square they chanted; the Kremlin kept silent."
    assert {("government", "Kremlin"), ("russia", "Kremlin")} <= found(text, "russia")


def test_generic_words_of_qaraly_need_qaraly() -> None:
    assert ("protesters", "the square") in found("In Saryn the square was full.", "qaraly")
    assert ("protesters", "the square") not in found("In Rome the square was full.", "qaraly")
    assert ("russia", "the alliance") in found("Omarov thanked the alliance.", "qaraly")


def test_russian_text() -> None:
    text = "Президент Токаев и Министерство встретили протестующих у Кремля."
    assert found(text) >= {("government", "Токаев"), ("protesters", "протестующих"), ("russia", "Кремля")}
