"""Whose words: every stretch of a paragraph is the author's or a speaker's, and every speaker has one id in an article.

    quotes       quotation marks, their pairing and nesting
    turns        interviews, scripts, block quotes
    words, cues  tables: closed classes of English, words that mark speech
    phrases      tokens, sentences, noun phrases
    clauses      from a verb to its subject
    nobodies     what looks like a speaker and is none
    adjuncts     what stands between a verb of speech and its words
    complements  the words that a verb of speech takes
    reach        how far reported words go
    deeds        what a verb behind `and` is
    needs        what some verbs need to be of speech
    senses       forms of cue verbs that are none of speech
    views        verbs that tell what somebody thinks of a thing
    verbs, acts  cues at work: who speaks, which words
    gaps         reports without a verb
    bare         quotations without a cue
    foreign      quotations with a verb of speech in another language
    speech       one paragraph, put together
    kinds        head words; persons, organisations, crowds
    holders      the register of an article's speakers
    antecedents  whom a pronoun may mean
    articles     paragraph after paragraph
    nouns        the phrase that a model points at

What belongs here: the functions that the package is for. Nothing outside needs the modules, save `kinds` and
`nouns`, to compare and complete names.
"""

from stance.voices.articles import Membership, Voice, by_holder, find, find_in, nobody, passages_voices

__all__ = ["Membership", "Voice", "by_holder", "find", "find_in", "nobody", "passages_voices"]
