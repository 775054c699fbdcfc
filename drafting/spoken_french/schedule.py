"""Pass: frequencies and durations. « matin midi et soir » gets its comma, « une fois par jour » its figure,
« trois fois par jour six jours » its « pendant ». Weekly methotrexate is written « par SEMAINE ».
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from drafting.spoken_french import forms
from drafting.spoken_french.drugs import is_weekly
from drafting.spoken_french.figures import is_figure, one_as_figure
from drafting.spoken_french.scan import Phrases, folds, rows
from drafting.spoken_french.token import Kind, State, Token

_RULES: dict[str, Phrases[str]] = {}
for _row in rows("schedule_rules.tsv"):
    _RULES[_row["rule"]] = Phrases((_form, _row["rule"]) for _form in _row["spoken"].split("|"))
_DURATIONS = frozenset("jour jours semaine semaines mois an ans annee annees heure heures".split())
#: tokens after a methotrexate within which « par semaine » is its own
_WEEKLY_REACH = 14
_AMOUNTS = (Kind.NUMBER, Kind.QUANTITY)
_MOMENTS = frozenset("matin midi soir coucher".split())
_DAYS = frozenset("lundi mardi mercredi jeudi vendredi samedi dimanche".split())


def run(state: State) -> State:
    """Frequencies and durations of ``state``."""
    tokens, low = state.tokens, folds(state.tokens)
    out: list[Token] = []
    weekly = -_WEEKLY_REACH - 1
    prescribed = False
    for i, token in enumerate(tokens):
        if is_weekly(token.text):
            weekly = i
        if (token.kind is Kind.PUNCT and token.text in ".;") or token.kind is Kind.BREAK:
            prescribed = False
        made = _one(token, low, i)
        made = _weekly(made, low, i) if i - weekly <= _WEEKLY_REACH else made
        frequency = _ends_frequency(low, i)
        if (mark := _before(tokens, low, i, out, prescribed)) is not None:
            out.append(mark)
        out.append(made)
        prescribed = prescribed or frequency or _RULES["unit_of_count"].at(low, i) is not None
    return state.with_tokens(out)


def _ends_frequency(low: Sequence[str], i: int) -> bool:
    return _RULES["frequency_end"].at(low, i) is not None


def _weekly(token: Token, low: Sequence[str], i: int) -> Token:
    if low[i] == "semaine" and i and low[i - 1] in ("par", "la", "chaque"):
        return token.with_text("SEMAINE")
    return token


def _one(token: Token, low: Sequence[str], i: int) -> Token:
    """A lone « un » as a figure where it counts times or measures a duration."""
    if token.kind is not Kind.WORD or token.value != Decimal(1) or i + 1 >= len(low):
        return token
    if (
        low[i + 1] == "a"
        and i + 2 < len(low)
        and low[i + 2].isdigit()
        and int(low[i + 2]) > 1
        and _RULES["counted"].at(low, i + 3)
    ):
        return one_as_figure(token)
    if low[i + 1] in _DURATIONS and low[i + 2 : i + 3] in (["avant"], ["apres"]):
        return one_as_figure(token)
    if low[i + 1 : i + 3] == ["jour", "sur"]:
        return one_as_figure(token)
    if low[i + 1] == "fois":
        after = low[i + 2] if i + 2 < len(low) else ""
        bare = not after or not after[:1].isalnum()
        renewed = "renouveler" in low[max(0, i - 2) : i] or "renouvelable" in low[max(0, i - 2) : i]
        opens = _RULES["after_times"].at(low, i + 2) is not None
        return (
            one_as_figure(token)
            if opens or renewed or (bare and i > 0 and low[i - 1] not in ("encore", "plus", "d"))
            else token
        )
    if (
        low[i + 1] in _DURATIONS
        and i
        and (_RULES["before_duration"].at(low, i - 1) is not None or low[i - 3 : i] == ["il", "y", "a"])
    ):
        return one_as_figure(token)
    return token


def _before(
    tokens: Sequence[Token], low: Sequence[str], i: int, out: Sequence[Token], prescribed: bool
) -> Token | None:
    """Comma or « pendant » that writing needs in front of token ``i``."""
    if not out or out[-1].kind in (Kind.PUNCT, Kind.BREAK) or tokens[i].kind is Kind.PUNCT:
        return None
    comma = Token(",", out[-1].span, Kind.PUNCT, origin="rule", glued=True)
    if low[i] == "midi" and low[i - 1] == "matin" and low[i + 1 : i + 3] == ["et", "soir"]:
        return comma
    if _RULES["comma_before"].at(low, i) is not None and prescribed and low[i - 1] not in ("au", "non"):
        return comma
    if low[i] == "non" and prescribed and _RULES["comma_before"].at(low, i + 1) is not None:
        return comma
    if (
        tokens[i].kind is Kind.NUMBER
        and low[i + 1 : i + 2] in (["le"], ["a"], ["au"])
        and low[i + 2 : i + 3]
        and low[i + 2] in _MOMENTS
        and low[i - 1] in _MOMENTS
    ):
        return comma
    if (
        prescribed
        and tokens[i].kind is Kind.NUMBER
        and low[i - 1] in _MOMENTS
        and forms.form_at(low, i + 1) is not None
    ):
        return comma
    if (
        low[i] == "soit"
        and tokens[i - 1].kind is Kind.QUANTITY
        and i + 1 < len(tokens)
        and tokens[i + 1].kind in _AMOUNTS
    ):
        return comma
    if low[i] == "le" and i + 1 < len(low) and low[i + 1] in _DAYS and low[i - 2 : i] == ["par", "semaine"]:
        return comma
    leave = _RULES["leave"].at(low, i - 1) is not None or low[i - 3 : i] == ["arret", "de", "travail"]
    if leave and is_figure(tokens[i]) and i + 1 < len(low) and low[i + 1] in _DURATIONS:
        return Token("de", tokens[i].span, origin="rule")
    if (
        tokens[i].kind is Kind.NUMBER
        and is_figure(tokens[i])
        and i + 1 < len(low)
        and low[i + 1] in _DURATIONS
        and low[i + 2 : i + 3] not in (["sur"], ["par"], ["avant"], ["apres"])
        and _RULES["frequency_end"].at(low, i - 1) is not None
        and low[i - 1] not in ("jours", "heures")
    ):
        return Token("pendant", tokens[i].span, origin="rule")
    return None
