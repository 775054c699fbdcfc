"""French as doctors dictate it: spoken words to written tokens.

Reading order for a newcomer: ``token`` (the nouns), ``split`` (words to first tokens), ``numerals``
(the grammar of French numbers), ``figures`` and ``units``, then the passes in the order of
:data:`PASSES`, then ``layout``.

A pass is a module with ``run(state: State) -> State``, its data file and its test file. Contract
between passes:

* ``split`` cuts punctuation off words and elisions in front of them (« d'A » is « d' » + « A » glued);
* ``acronyms`` writes acronyms that contain figures too (HbA1c, PaO2, SpO2, CHA2DS2-VASc, DAS28);
* ``commands`` leaves « virgule » alone where :func:`numerals.decimal_comma` says it is a decimal;
* ``dates``, ``times`` and ``numbers`` turn number words into DATE, TIME and NUMBER tokens with a
  machine value; later passes build QUANTITY tokens out of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from types import ModuleType

from dictation.lexicon import Lexicon
from dictation.transcript import Word
from drafting.spoken_french import (
    acronyms,
    anatomy,
    asides,
    commands,
    dates,
    eyes,
    hesitations,
    labs,
    numbers,
    obstetrics,
    orders,
    phrasing,
    posology,
    privacy,
    quantities,
    repairs,
    schedule,
    scores,
    sentences,
    spelling,
    times,
    vitals,
)
from drafting.spoken_french.split import tokens_of
from drafting.spoken_french.token import State, Written

#: Every pass in the order it runs.
PASSES: tuple[ModuleType, ...] = (
    asides,
    hesitations,
    spelling,
    acronyms,
    commands,
    orders,
    repairs,
    dates,
    times,
    numbers,
    anatomy,
    obstetrics,
    eyes,
    quantities,
    vitals,
    labs,
    scores,
    posology,
    schedule,
    phrasing,
    privacy,
    sentences,
)


def write(words: Sequence[Word], *, today: dt.date | None = None, lexicon: Lexicon | None = None) -> Written:
    """Written French of the dictated ``words``.

    ``today`` is the day of the consultation: dates dictated without their year take it from there
    (in the token's value, never in its text). ``lexicon`` knows drug names and strengths; without
    one a short built-in list serves. Pure, thread-safe, linear in the number of words.
    """
    state = State(words=tuple(words), tokens=tokens_of(words), today=today, lexicon=lexicon)
    for each in PASSES:
        state = each.run(state)
    return Written(state.tokens, state.findings, state.asides)


def write_line(line: str, *, today: dt.date | None = None, lexicon: Lexicon | None = None) -> str:
    """One line of spoken French in, its written form out (line breaks inside as they were dictated)."""
    return write([Word(piece) for piece in line.split()], today=today, lexicon=lexicon).text
