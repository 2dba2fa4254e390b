"""Quotations with a German, French or Russian verb of speech beside them.

What belongs here: these verbs, and the speaker next to one of them. What does not: paraphrase, which is read in English
only.
"""

import re
from typing import NamedTuple

from stance.voices.clauses import Range, Sentence
from stance.voices.quotes import Quote
from stance.voices.words import word_set

_VERBS = word_set(
    """
    sagt sagte sagten erklärt erklärte erklärten betont betonte meint meinte warnt warnte fordert forderte kritisiert
    kritisierte nennt nannte spricht sprach schreibt schrieb antwortet antwortete fragt fragte rief ruft bezeichnet
    bezeichnete wirft warf ergänzt ergänzte berichtet berichtete

    parle parlent parlait qualifie évoque accuse réclame

    dit déclare affirme explique estime ajoute répond dénonce raconte écrit souligne prévient lance
    déclaré affirmé expliqué estimé assuré ajouté lancé répondu dénoncé raconté souligné regretté prévenu annoncé

    poursuit confie martèle déplore assure raille regrette insiste prévient témoigne lâche soupire tranche
    klagte klagt behauptet behauptete versicherte versichert lobte lobt beklagte sprachen

    сказал сказала сказали заявил заявила заявили ответил ответила ответили отметил отметила подчеркнул подчеркнула
    добавил добавила сообщил сообщила сообщили пояснил пояснила объяснил объяснила написал написала считает говорит
    рассказал рассказала рассказали прокомментировал прокомментировала уверен уверена возмущается жалуется пишет
    возразил возразила признался призналась заверил заверила уточнил уточнила

    назвал назвала призвал призвала спросил спросила крикнул крикнула утверждает
    """
)
_ANY = "|".join(sorted(_VERBS))
_APPOSED = re.compile(r",\s")
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


_SOURCES = word_set("selon laut")
_ARTICLES = word_set("le la les un une der die das ein eine")
_FOREIGN_MARKS = frozenset("„»«")
_INCISE = re.compile(
    rf",\s(?:(?:a|ont)\s\w+(?:é|i|is|it|u)|(?:(?:a|ont|hat|haben)\s)?(?:{_ANY}))(?:-t-(?:il|elle)|\s(?P<who>[^.»]+))(?=[.,]\s|$)\.?\s?"
    rf"|,?\s[—–-]\s(?:{_ANY})\s(?P<ru>[^—–.]+?)[.,]?\s?(?:[—–-]\s|$)"
)
"""A verb and its speaker inside a quotation, as French and Russian papers print it: `«..., explique Ann Ray. ...»`."""


class Incise(NamedTuple):
    """Where a quotation is interrupted without its marks being closed; offsets in the quotation."""

    start: int
    end: int
    who: tuple[int, int] | None


def incise(text: str, quote: Quote) -> Incise | None:
    """The interruption of a quotation in foreign marks by its own verb of speech; None if there is none."""
    if text[quote.outer] not in _FOREIGN_MARKS:
        return None
    found = _INCISE.search(text, quote.start, quote.end)
    if found is None:
        return None
    who = next((found.span(group) for group in ("who", "ru") if found.group(group)), None)
    if who is not None:
        who = (who[0], who[0] + len(_APPOSED.split(text[slice(*who)])[0]))
    return Incise(found.start(), found.end(), who)


def foreign_speaker(sentence: Sentence, quote: int) -> Range | None:
    """Who says the quotation at token `quote`, if a verb in another language tells."""
    after = quote + 1
    while after < sentence.end and sentence.lows[after] in (",", "—", "–", "-"):
        after += 1
    source = _source(sentence, quote)
    if source is not None:
        return source
    if after < sentence.end and sentence.lows[after] == "so" and _is_foreign(sentence, quote):
        return _after(sentence, after + 1)
    after += after < sentence.end and sentence.lows[after] in _HELPERS
    if after < sentence.end and sentence.lows[after] in _VERBS:
        return _after(sentence, after + 1)
    if _is_inverted(sentence, quote, after):
        return _after(sentence, after + 1)
    for at in range(quote - 1, max(sentence.low, quote - _REACH) - 1, -1):
        if sentence.lows[at] in _VERBS:
            return _around(sentence, at)
    return None


def _source(sentence: Sentence, quote: int) -> Range | None:
    """Who stands after `Laut ...`, `Selon ...`, `По словам ...` at the sentence's start."""
    opening = sentence.lows[sentence.low : sentence.low + 2]
    first = sentence.low + (1 if opening[:1] and opening[0] in _SOURCES else 2 if opening == ["по", "словам"] else 0)
    if first == sentence.low or first >= quote:
        return None
    end = first + 1
    while end < quote and _names(sentence, end) and (opening[0] != "laut" or sentence.tokens.is_name(end)):
        end += 1
    return first, end


def _is_inverted(sentence: Sentence, quote: int, verb: int) -> bool:
    """Whether a verb that no table has and its subject follow foreign marks: `« ... », s'indigne Ann Ray`."""
    if verb + 1 >= sentence.end or not _is_foreign(sentence, quote) or sentence.tokens.is_name(verb):
        return False
    if sentence.low not in sentence.quotes or sentence.lows[verb] in _ARTICLES:
        return False
    if not _names(sentence, verb) or not _names(sentence, verb + 1):
        return False
    if "а" <= sentence.lows[verb][0] <= "я":
        return True
    return sentence.lows[verb + 1] in _ARTICLES or sentence.tokens.is_name(verb + 1)


def is_said(sentence: Sentence, quote: int) -> bool:
    """Whether foreign marks and the comma after them show speech, whoever speaks: `»...«, hieß es`."""
    return _is_foreign(sentence, quote) and sentence.after(quote) == ","


def _is_foreign(sentence: Sentence, quote: int) -> bool:
    return sentence.tokens.text[sentence.quotes[quote].outer] in _FOREIGN_MARKS


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
