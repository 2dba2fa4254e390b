from pathlib import Path

import pytest

from stance.targets import MentionFinder, load
from tests.targets.catalogues import one_target, texts, write


def found(folder: Path, rest: str, text: str) -> list[str]:
    return texts(MentionFinder(one_target(folder, rest)), text)


@pytest.mark.parametrize(
    ("alias", "text", "expected"),
    [
        ("cabinet", "The cabinet met.", ["cabinet"]),
        ("cabinet", "CABINET RESIGNS", ["CABINET"]),
        ("cabinet", "Cabinets come and go", ["Cabinets"]),
        ("cabinet", "the cabinet's plan, the cabinet’s plan", ["cabinet", "cabinet"]),
        ("cabinet", "cabinetmakers, the minicabinet", []),
        ("cabinet", "an anti-cabinet mood, cabinet-level talks", []),
        ("cabinet", "the cabinet - or what is left of it -", ["cabinet"]),
        ("ministry", "two ministries", ["ministries"]),
        ("policeman", "four policemen", ["policemen"]),
        ("Birlik", "Birlik won; birlik is a word; BIRLIK", ["Birlik"]),
        ("the Kremlin", "The Kremlin said. So the Kremlin says.", ["The Kremlin", "the Kremlin"]),
        ("the Kremlin", "the kremlin of Kazan", []),
        (
            "interior ministry",
            "the interior\nministry and the interior \u00a0 ministry",
            ["interior\nministry", "interior \u00a0 ministry"],
        ),
        (
            "head of (state|government)",
            "a head of state, heads of state, the head of government",
            ["head of state", "head of government"],
        ),
        ("(the |)Rada", "the Rada voted; Rada deputies", ["the Rada", "Rada"]),
        ("Vučić", "Vucic and Vučić and Vuc\u030cic\u0301", ["Vucic", "Vučić", "Vuc\u030cic\u0301"]),
        ("National Guard", "the Na\u00adtional Guard", ["Na\u00adtional Guard"]),
        ("attorney-general", "the attorney‑general", ["attorney‑general"]),
        ("Национальн* гварди*", "бойцы Национальной гвардии", ["Национальной гвардии"]),
        ("министр*", "Министры и администрация", ["Министры"]),
    ],
)
def test_one_alias(alias: str, text: str, expected: list[str], tmp_path: Path) -> None:
    assert found(tmp_path, f'aliases: {{roles: ["{alias}"]}}', text) == expected


def test_the_longest_of_overlapping_aliases_wins(tmp_path: Path) -> None:
    rest = "aliases: {roles: [minister, prime minister, minister of defence]}"
    assert found(tmp_path, rest, "The prime minister of defence talks.") == ["minister of defence"]


def test_a_longer_alias_of_another_target_covers_a_shorter_one(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
        version: 1
        targets:
          - {id: government, name: g, description: d, kind: k, aliases: {roles: [ministry]}}
          - {id: russia, name: r, description: d, kind: k, aliases: {names: [Russian foreign ministry]}}
        """,
    )
    mentions = MentionFinder(load([path])).find("The Russian foreign ministry and our ministry")
    assert [(mention.target, mention.text) for mention in mentions] == [
        ("russia", "Russian foreign ministry"),
        ("government", "ministry"),
    ]


@pytest.mark.parametrize("exclusion", ["governing board", r"'(?i)\bgoverning board\b'"])
def test_an_exclusion_bars_what_it_overlaps_and_nothing_else(tmp_path: Path, exclusion: str) -> None:
    rest = f"aliases: {{roles: [governing, board of ministers]}}\nexclude: [{exclusion}]"
    text = "The museum's governing board met. The governing of men."
    assert found(tmp_path, rest, text) == ["governing"]
    assert MentionFinder(one_target(tmp_path, rest)).find(text)[0].start == text.rindex("governing")


def conditional(folder: Path, within: str, text: str) -> list[str]:
    path = write(
        folder,
        "version: 1\nlists: {cue: [rally, march*], game: [football]}\ntargets:\n"
        "  - {id: p, name: p, description: d, kind: k, only_near: [\n"
        f"      {{near: [cue, '@p'], unless: [game], within: {within}, roles: [women]}}],\n"
        "      aliases: {roles: [crowd]}}\n",
    )
    return texts(MentionFinder(load([path])), text)


@pytest.mark.parametrize(
    ("within", "text", "expected"),
    [
        ("paragraph", "The women came. A rally began.", ["women"]),
        ("sentence", "The women came. A rally began.", []),
        ("sentence", "The women came. The women marched.", ["women"]),
        ("sentence", "Mr. Bek saw the women; a rally began.", ["women"]),
        ("paragraph", "The women came.", []),
        ("paragraph", "The women came to a football rally.", []),
        ("paragraph", "The crowd saw the women.", ["crowd", "women"]),
        ("paragraph", "The women saw the women.", []),
    ],
)
def test_a_conditional_alias_counts_near_its_cues(within: str, text: str, expected: list[str], tmp_path: Path) -> None:
    assert conditional(tmp_path, within, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Moscow said so.", ["Moscow"]),
        ("He flew to Moscow.", []),
        ("“In Moscow it snowed.”", []),
        ("A flight from Moscow landed, says Moscow.", ["Moscow"]),
    ],
)
def test_a_word_before_an_alias_may_bar_it(text: str, expected: list[str], tmp_path: Path) -> None:
    rest = "only_near:\n  - not_after: [in, to, flight from]\n    names: [Moscow]"
    assert found(tmp_path, rest, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kallas spoke.", ["Kallas"]),
        ("Mrs Kallas spoke. When Kallas speaks, Prime Minister Kallas speaks.", ["Kallas"] * 3),
        ("Reemo Kallas, a teacher, spoke.", []),
        ("Kaja Kallas spoke.", ["Kaja Kallas"]),
    ],
)
def test_a_surname_after_another_first_name_is_somebody_else(text: str, expected: list[str], tmp_path: Path) -> None:
    assert found(tmp_path, "aliases: {names: [Kaja Kallas], surnames: [Kallas]}", text) == expected


def patterned(folder: Path, pattern: str, text: str) -> list[str]:
    path = write(
        folder,
        "version: 1\nlists: {people: [pensioners, men, fire brigade*], gear: [banner]}\ntargets:\n"
        f"  - {{id: p, name: p, description: d, kind: k, aliases: {{patterns: {{x: '{pattern}'}}}}}}\n",
    )
    return texts(MentionFinder(load([path])), text)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"\bseveral hundred {people}\b", "several hundred Pensioners sat", ["several hundred Pensioners"]),
        (r"\bseveral hundred {people}\b", "several hundred women sat", []),
        (r"{people} with (?:an? )?{gear}", "the fire brigades with a banner", ["fire brigades with a banner"]),
        (r"told (?P<mention>{people})", "they told men", ["men"]),
        (r"\b(?:\d+|{gear?}) {people}", "60 men; banner men", ["60 men", "banner men"]),
        (r"[Ll]eader (?P<name>\w+ \w+)", "Leader Aida Bekova fell. Bekova rose.", ["Leader Aida Bekova", "Bekova"]),
        (r"[Ll]eader (?P<name>\w+ \w+)", "leader of Monday. Monday rose.", ["leader of Monday"]),
    ],
)
def test_a_pattern_with_word_lists(pattern: str, text: str, expected: list[str], tmp_path: Path) -> None:
    assert patterned(tmp_path, pattern, text) == expected


def test_a_mention_carries_its_alias_and_target(tmp_path: Path) -> None:
    (mention,) = MentionFinder(one_target(tmp_path, "aliases: {roles: [head of (state|government)]}")).find(
        "A head of state"
    )
    assert (mention.target, mention.alias, mention.coref) == ("government", "head of (state|government)", False)


def test_empty_texts_have_no_mentions(tmp_path: Path) -> None:
    finder = MentionFinder(one_target(tmp_path, "aliases: {roles: [cabinet]}"))
    assert [finder.find(text) for text in ("", " ", "\u200b")] == [[], [], []]
