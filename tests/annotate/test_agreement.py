import pytest

from stance.annotate.agreement import agreement, conflicts
from stance.annotate.records import ADJUDICATED
from tests.annotate.items import label


def both(*pairs: tuple[str, str]) -> list:
    return [
        label(n, word, who) for n, words in enumerate(pairs) for who, word in zip(("ann", "bob"), words, strict=True)
    ]


def test_agreement_is_krippendorffs_textbook_value():
    # Two values, ten units, four disagreements of chance: the example of Krippendorff (2011), alpha = 0.095
    words = {"0": "against", "1": "favor"}
    first, second = "0100000010", "1110010000"
    found = agreement(both(*((words[a], words[b]) for a, b in zip(first, second, strict=True))))
    assert found[0].alpha_nominal == pytest.approx(0.095, abs=0.0005)
    assert found[0].same == pytest.approx(0.6)
    assert found[-1].target == ""


def test_agreement_near_misses_count_less_than_opposites():
    base = [("against", "against"), ("favor", "favor"), ("neutral", "neutral")] * 4
    near, far = (agreement(both(*base, pair))[0] for pair in (("against", "neutral"), ("against", "favor")))
    assert near.alpha > far.alpha
    assert near.alpha_nominal == pytest.approx(far.alpha_nominal, abs=0.02)


def test_agreement_is_undefined_where_nothing_can_differ():
    alone = agreement([label(1, "favor"), label(2, "against")])[0]
    assert (alone.pairs, alone.same, alone.alpha, alone.alpha_nominal) == (0, None, None, None)
    assert agreement(both(("favor", "favor"), ("favor", "favor")))[0].alpha is None


def test_agreement_is_told_by_target_and_leaves_adjudication_out():
    labels = [*both(("favor", "against")), label(0, "favor", ADJUDICATED), label(5, "favor", "ann", "russia")]
    found = agreement(labels)
    assert [part.target for part in found] == ["government", "russia", ""]
    assert found[0].annotators == 2


def test_conflicts_are_the_pairs_still_to_settle():
    labels = [*both(("favor", "against"), ("favor", "favor"), ("absent", "favor")), label(0, "favor", ADJUDICATED)]
    assert [[item.paragraph_id for item in group] for group in conflicts(labels)] == [["p2", "p2"]]
