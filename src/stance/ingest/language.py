"""Which language an article is in, and whether an error rate has been measured for it.

What belongs here: identification. What does not: the decision to reject (`finish`).
"""

VALIDATED = frozenset({"en"})
"""Languages whose error rate is in the model card. Adding one here needs a measurement there."""
SAMPLE_CHARS = 4_000
"""How much of an article is looked at; more changes no answer."""
END_CHARS = 250
"""How much of either end of this is looked at first, as all of it takes eight times as long; that is done where they
differ, or agree on a language for which the article would be rejected: a notice in it may stand at both ends."""
SURE_CHARS = 120
"""Below it identification is a guess, so a declared language is believed."""


def identify(text: str, declared: str = "") -> str:
    """Return the ISO 639-1 code of the language of a text.

    Args:
        text: the article's paragraphs.
        declared: what the input says, such as `en-GB`; believed only where the text is too short to tell.
    """
    declared = declared.strip().lower().replace("_", "-").split("-")[0]
    if len(text) < SURE_CHARS and len(declared) == 2:
        return declared
    import py3langid  # loads its model on first use

    sample = text[:SAMPLE_CHARS]
    if len(sample) > 2 * END_CHARS:
        first, last = (py3langid.classify(end)[0] for end in (sample[:END_CHARS], sample[-END_CHARS:]))
        if first == last and (first in VALIDATED or first == declared):
            return str(first)
    return str(py3langid.classify(sample)[0])
