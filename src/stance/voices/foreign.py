"""Quotations with a German, French or Russian verb of speech beside them.

What belongs here: these verbs, and the speaker next to one of them. What does not: paraphrase, which is read in English
only.
"""

from stance.voices.clauses import Range, Sentence
from stance.voices.words import word_set

_VERBS = word_set(
    """
    sagt sagte sagten erklärt erklärte erklärten betont betonte meint meinte warnt warnte fordert forderte kritisiert
    kritisierte nennt nannte spricht sprach schreibt schrieb antwortet antwortete fragt fragte rief ruft bezeichnet
    bezeichnete wirft warf ergänzt ergänzte berichtet berichtete

    dit déclare affirme explique estime ajoute répond dénonce raconte écrit souligne prévient lance
    déclaré affirmé expliqué estimé assuré ajouté lancé répondu dénoncé raconté souligné regretté prévenu annoncé

    сказал сказала сказали заявил заявила заявили ответил ответила ответили отметил отметила подчеркнул подчеркнула
    добавил добавила сообщил сообщила сообщили пояснил пояснила объяснил объяснила написал написала считает говорит
    назвал назвала призвал призвала спросил спросила крикнул крикнула утверждает
    """
)
_HELPERS = word_set("a ont hat haben")
_STOPS = word_set(
    """
    am im vom beim bei auf nach vor mit zu und als für gegenüber durch über gegen unter an
    devant dans à au aux lors sur en après et par pour avec sous
    в на и после у с перед журналистам о об по из для при во со
    """
)
"""Words with which a speaker's name has ended."""
_LINKS = word_set("что dass daß que , : —")
_REACH = 8
"""Tokens between a quotation and its verb."""


def foreign_speaker(sentence: Sentence, quote: int) -> Range | None:
    """Who says the quotation at token `quote`, if a verb in another language tells."""
    after = quote + 1
    while after < sentence.end and sentence.lows[after] in (",", "—", "–", "-"):
        after += 1
    after += after < sentence.end and sentence.lows[after] in _HELPERS
    if after < sentence.end and sentence.lows[after] in _VERBS:
        return _after(sentence, after + 1)
    for at in range(quote - 1, max(sentence.low, quote - _REACH) - 1, -1):
        if sentence.lows[at] in _VERBS:
            return _around(sentence, at)
    return None


def _around(sentence: Sentence, verb: int) -> Range | None:
    """The speaker after a verb that a quotation precedes, else before it."""
    if sentence.quote_before(verb - (sentence.lows[verb - 1] in _HELPERS)) is not None:
        return _after(sentence, verb + 1)
    end = verb - (sentence.lows[verb - 1] in _HELPERS)
    first = end
    while first > sentence.low and _names(sentence, first - 1):
        first -= 1
    return (first, end) if first < end else None


def _after(sentence: Sentence, first: int) -> Range | None:
    end = first
    while end < sentence.end and _names(sentence, end):
        end += 1
    return (first, end) if end > first else None


def _names(sentence: Sentence, at: int) -> bool:
    low = sentence.lows[at]
    return low[0].isalpha() and low not in _STOPS and low not in _LINKS and at not in sentence.quotes
