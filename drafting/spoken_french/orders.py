"""Orders about the text and digressions: carried out, never printed, always shown.

« …, inutile de le noter », « ne l'écrivez pas », « notez simplement … », a telephone that rings in the middle of the
dictation, somebody who wants the certificate dated otherwise: what is left out stays readable in a finding
``text.withheld``; what the secretary has to do goes to her note. Read clause by clause between marks, so that a
dictation without any punctuation is never cut; words inside quotation marks are somebody's own and never an order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from dictation.evidence import Finding, Severity
from dictation.transcript import Span
from drafting.spoken_french.asides import write_apart
from drafting.spoken_french.phrases import keys_of, read_table, word_set
from drafting.spoken_french.token import Aside, Kind, State, Token

_ROLES = word_set("back forward instead clerk to_clerk open close ask refusal elsewhere shown")
#: the document being dictated, where an order names it
_DOCUMENT = (
    r"(?:dans|sur|au|a|en) (?:le |la |l |les |ce |cette |cet |mon |ma )?(?:courrier|lettre|certificat|compte rendu|document|ordonnance"
    r"|arret|avis d arret|feuille|formulaire|papier|rapport|clair|toutes lettres)(?: de travail| medical)?"
)
#: a digression nobody closes within so many tokens is only its own sentence
_LONGEST_DIGRESSION = 150
#: longest clause that is taken for one: more was dictated without marks
_LONGEST_CLAUSE = 40


@dataclass(frozen=True, slots=True)
class _Clause:
    """Half-open range of tokens between marks."""

    first: int
    last: int
    #: folded words, one space between
    text: str
    #: first character of each token in ``text``
    starts: tuple[int, ...]
    sentence: int
    paragraph: int
    quoted: bool

    def token_at(self, char: int) -> int:
        """Token that begins at or after character ``char``."""
        return self.first + sum(1 for start in self.starts if start < char)


@cache
def _table() -> dict[str, tuple[re.Pattern[str], ...]]:
    rows: dict[str, list[re.Pattern[str]]] = {role: [] for role in _ROLES}
    for row in read_table("orders.tsv", ("role", "pattern")):
        if row["role"] not in _ROLES:
            raise ValueError(f"orders.tsv: {row}")
        rows[row["role"]].append(re.compile(row["pattern"].replace("{document}", _DOCUMENT)))
    return {role: tuple(found) for role, found in rows.items()}


def run(state: State) -> State:
    """Orders carried out, digressions set aside."""
    tokens = list(state.tokens)
    if not any(t.kind is Kind.PUNCT for t in tokens):
        return state
    cuts = _cuts(tokens)
    if not cuts:
        return state
    out: list[Token] = []
    findings: list[Finding] = []
    asides: list[Aside] = list(state.asides)
    at = 0
    for cut in cuts:
        out += tokens[at : cut.first]
        said = tokens[cut.first : cut.last]
        at = cut.last
        text, more = write_apart(state, said)
        span = Span(said[0].span.first, max(t.span.last for t in said))
        if cut.role == "clerk":
            asides.append(Aside("secretary", text, span))
            findings += more
        else:
            findings.append(_withheld(text, span, cut.role))
        if cut.kept:
            out += cut.kept
        elif out and out[-1].kind is Kind.PUNCT and out[-1].text in ",;:" and _stops(tokens, at):
            out.pop()
        else:
            at = _past_marks(tokens, out, at)
    out += tokens[at:]
    return replace(state, tokens=tuple(out), asides=tuple(asides), findings=(*state.findings, *findings))


@dataclass(frozen=True, slots=True)
class _Cut:
    first: int
    last: int
    role: str
    #: tokens printed in its place
    kept: tuple[Token, ...] = ()


def _stops(tokens: Sequence[Token], i: int) -> bool:
    return i >= len(tokens) or tokens[i].kind is Kind.BREAK or tokens[i].text in ".!?…"


def _past_marks(tokens: Sequence[Token], out: Sequence[Token], i: int) -> int:
    """Past the marks that belonged to what was cut, when nothing of its sentence stands before it."""
    if out and out[-1].kind not in (Kind.PUNCT, Kind.BREAK):
        return i
    while i < len(tokens) and tokens[i].kind is Kind.PUNCT and tokens[i].text in ".,;:!?…":
        i += 1
    return i


def _cuts(tokens: Sequence[Token]) -> list[_Cut]:
    clauses = _clauses(tokens)
    cuts: list[_Cut] = []
    c = 0
    while c < len(clauses):
        cut, after = _cut_at(tokens, clauses, c)
        if cut is None:
            c += 1
            continue
        while cuts and cuts[-1].last > cut.first:  # one scope inside another
            cut = replace(cut, first=min(cut.first, cuts[-1].first))
            cuts.pop()
        cuts.append(cut)
        c = max(after, c + 1)
    return cuts


def _cut_at(tokens: Sequence[Token], clauses: Sequence[_Clause], c: int) -> tuple[_Cut | None, int]:
    """What the clause ``c`` orders, and the clause to go on with."""
    clause, table = clauses[c], _table()
    if clause.quoted or clause.last - clause.first > _LONGEST_CLAUSE:
        return None, c
    if _full("open", clause.text) and (end := _digression_end(clauses, c)) is not None:
        first = c
        while first > _sentence_first(clauses, c) and _EXCLAIMED.fullmatch(clauses[first - 1].text):
            first -= 1
        return _Cut(clauses[first].first, end[0], "digression"), end[1]
    if _full("back", clause.text):
        first, last = _before(clauses, c), _comment(clauses, c)
        return _Cut(clauses[first].first, clauses[last].last, "order"), last + 1
    if _sentence_first(clauses, c) == c and _SO_NOT.fullmatch(clause.text):
        return _Cut(clause.first, clause.last, "order"), c + 1
    if _full("elsewhere", clause.text):
        return _Cut(clauses[_other_matter(clauses, c)].first, clauses[_comment(clauses, c)].last, "elsewhere"), c + 1
    if _full("shown", clause.text) and _sentence_first(clauses, c) == c:
        last = _advised(clauses, _sentence_last(clauses, c))
        return _Cut(clause.first, clauses[last].last, "elsewhere"), last + 1
    if _full("forward", clause.text) and (_sentence_first(clauses, c) == c or not _NOTE_NOT.match(clause.text)):
        last = _sentence_last(clauses, c)
        return _Cut(clause.first, clauses[last].last, "order"), last + 1
    for pattern in table["instead"]:
        match = pattern.match(clause.text)
        if match and c and clauses[c - 1].sentence == clause.sentence:
            return _instead(tokens, clauses, c, clause.token_at(match.end())), c + 1
    if _full("clerk", clause.text):
        return _Cut(clause.first, clause.last, "clerk"), c + 1
    if _sentence_first(clauses, c) == c and _CLERK_WILL.match(clause.text):
        last = _sentence_last(clauses, c)
        said = " ".join(k.text for k in clauses[c : last + 1])
        if _TASK.search(said) and not _TO_READER.search(said):
            return _Cut(clause.first, clauses[last].last, "clerk"), last + 1
    if (task := _to_the_clerk(tokens, clauses, c)) is not None:
        return _Cut(clause.first, clauses[task].last, "clerk"), task + 1
    if _declined(clauses, c):
        last = _declined_last(clauses, c)
        return _Cut(clause.first, clauses[last].last, "declined"), last + 1
    return None, c


#: « …, ne notez pas le nom »: inside a sentence it takes back a name, which is for ``repairs``
_NOTE_NOT = re.compile(r"(?:ne|n) (?:notez|ecrivez)\b")
#: « je ne lui ai pas demandé donc ne l'écrivez pas », in one breath
_SO_NOT = re.compile(
    r".+ donc (?:surtout )?ne (?:le |la |l |les )(?:notez|ecrivez|inscrivez|imprimez|mentionnez|mettez) (?:surtout )?pas"
)
#: « la secrétaire devra faxer le volet », unless the reader of the letter is told
_CLERK_WILL = re.compile(
    r"(?:la|ma|notre|le|mon|notre) (?:secretaire|secretariat) (?:va|devra|doit|pourra|se charge|s occupe)\b"
)
_TO_READER = re.compile(r"\b(?:vous|te|t|lui|leur|votre|vos|ton|ta|tes)\b(?! \S+$)")
#: what is said before a digression, between marks
_EXCLAIMED = re.compile(r"(?:(?:oui|ah|oh|bon|non|pardon|attendez|attends|excusez moi|excuse moi|mince|zut|allo)\b ?)+")


def _full(role: str, text: str) -> bool:
    return any(p.fullmatch(text) for p in _table()[role])


def _sentence_first(clauses: Sequence[_Clause], c: int) -> int:
    while c and clauses[c - 1].sentence == clauses[c].sentence:
        c -= 1
    return c


def _sentence_last(clauses: Sequence[_Clause], c: int) -> int:
    while c + 1 < len(clauses) and clauses[c + 1].sentence == clauses[c].sentence:
        c += 1
    return c


#: a clause that hangs on the one before it
_HANGS = re.compile(
    r"(?:qui|que|qu|dont|ou|lequel|laquelle|mais|et|parce|car|puisque|puis|alors|donc|comme|avec|sans|pour|ce qui|ca|c est|cela)\b"
)
#: a sentence about somebody else than the patient
_SOMEBODY = re.compile(
    r"\b(?:sa|son|ses|la|le|les|l|leur|leurs|un|une) (?:petite? |grande? |belle |beau |ex )?(?:fille|fils|femme|mari|mere|pere|epoux|epouse|conjointe?|compagne|compagnon"
    r"|soeur|frere|cousine?|tante|oncle|neveu|niece|voisine?|voisins|amie?|patronne?|employeur|collegue|petit|petite|maman|papa|parents|famille|concubine?)\b"
)
#: the doctor's own remark after an order: « …, je lui ai dit de vive voix »
_REMARK = re.compile(r"(?:je|j|on|c est|ca|il le sait|elle le sait|nous)\b")


def _before(clauses: Sequence[_Clause], c: int) -> int:
    """First clause of what an order that looks back is about."""
    first = _sentence_first(clauses, c)
    if first == c:  # a sentence of its own: « Ne pas le noter. »
        if c == 0 or clauses[c - 1].paragraph != clauses[c].paragraph:
            return c
        c -= 1
        first = _sentence_first(clauses, c)
    else:
        c -= 1
    if _SOMEBODY.match(clauses[first].text):
        return first
    while c > first and _HANGS.match(clauses[c].text):
        c -= 1
    return c


#: sentences of one paragraph that may be about the same other person
_OTHER_SENTENCES = 3


def _other_matter(clauses: Sequence[_Clause], c: int) -> int:
    """First clause of what « ça ne fait pas partie de cette consultation » is said of."""
    first = _sentence_first(clauses, c)
    at = first
    for _ in range(_OTHER_SENTENCES):
        if any(_SOMEBODY.search(k.text) for k in clauses[at : _sentence_last(clauses, at) + 1]):
            return at
        if at == 0 or clauses[at - 1].paragraph != clauses[c].paragraph:
            break
        at = _sentence_first(clauses, at - 1)
    return first


#: what the doctor told that person
_ADVICE = re.compile(
    r"(?:je|j) (?:lui|leur|les|l) ?(?:ai |avons )?(?:dit|conseille|recommande|explique|donne|prescrit|montre)\b"
)


def _advised(clauses: Sequence[_Clause], last: int) -> int:
    while (
        last + 1 < len(clauses)
        and clauses[last + 1].paragraph == clauses[last].paragraph
        and _ADVICE.match(clauses[last + 1].text)
    ):
        last = _sentence_last(clauses, last + 1)
    return last


def _comment(clauses: Sequence[_Clause], c: int) -> int:
    """Last clause of an order and of the doctor's remark about it."""
    while (
        c + 1 < len(clauses) and clauses[c + 1].sentence == clauses[c].sentence and _REMARK.match(clauses[c + 1].text)
    ):
        c += 1
    return c


def _digression_end(clauses: Sequence[_Clause], c: int) -> tuple[int, int] | None:
    """Token where the document goes on after a digression opened at clause ``c``, and the clause it belongs to."""
    for k in range(c + 1, len(clauses)):
        if clauses[k].first - clauses[c].first > _LONGEST_DIGRESSION:
            break
        for pattern in _table()["close"]:
            match = pattern.match(clauses[k].text)
            if match is None:
                continue
            if match.end() < len(clauses[k].text) and clauses[k].text[match.end()] != " ":
                continue
            while match.end() == len(clauses[k].text) and k + 1 < len(clauses) and _full("close", clauses[k + 1].text):
                k += 1
                match = pattern.fullmatch(clauses[k].text) or match
            end = clauses[k].token_at(match.end())
            return (clauses[k].last, k + 1) if end >= clauses[k].last else (end, k + 1)
    last = _sentence_last(clauses, c)
    return (clauses[last].last, last + 1) if last > c or clauses[c].first != clauses[c].last else None


#: where the subject of a replaced sentence ends
_VERBS = word_set("est sont a ont etait avait reste semble presente fait montre parait monte atteint mesure")
#: a clause that already takes back the one before it
_TAKES_BACK = re.compile(
    r"(?:enfin|non|pardon|ou plutot|plutot|disons|c est a dire|il lui|elle lui|attends|attendez)\b"
)


def _instead(tokens: Sequence[Token], clauses: Sequence[_Clause], c: int, new: int) -> _Cut:
    """« la cheville est à 95°, enfin il lui manque 10°, notez simplement déficit de 10° »."""
    first = c - 1
    low = _sentence_first(clauses, c)
    while first > low and _TAKES_BACK.match(clauses[first].text):
        first -= 1
    start = clauses[first].first
    row = clauses[first]
    keys = keys_of(tokens[row.first : row.last])
    verb = next((row.first + k for k, key in enumerate(keys) if key and key[0] in _VERBS and k >= 2), None)
    if verb is not None and keys[0] and keys[0][0] in ("le", "la", "l", "les"):
        colon = Token(":", tokens[new - 1].span, Kind.PUNCT, "rule")
        return _Cut(verb, new, "order", (colon,))
    return _Cut(start, new, "order")


_TASK = re.compile(
    r"\b(?:rendez vous|rdv|appel\w*|rappel\w*|envo\w+|fax\w*|scann\w*|imprim\w*|photocopi\w*|dossier|planning|agenda|cotation|carte vitale"
    r"|convoqu\w*|relanc\w*|courriers?|creneau|lettre|mail|secretariat|ambulance|commander?|classer?|joindre|duplicata|copie)\b"
)
_SECOND = re.compile(
    r"(?:tu|vous|peux tu|pouvez vous|pense|pensez|n oublie|n oubliez|merci de|il faut|il faudra|rappelle|rappelez|envoie|envoyez|imprime"
    r"|imprimez|prends|prenez|mets|mettez|appelle|appelez|note|notez|si tu peux|si vous pouvez)\b"
)


def _to_the_clerk(tokens: Sequence[Token], clauses: Sequence[_Clause], c: int) -> int | None:
    """« C'est pour toi Sandrine, … », « Sandrine, peux-tu rappeler … »: last clause meant for the secretary."""
    clause = clauses[c]
    name = tokens[clause.last - 1].text
    if _sentence_first(clauses, c) != c or not name[:1].isupper():
        return None
    told = any(p.match(clause.text) for p in _table()["to_clerk"])
    if not told:
        alone = clause.last - clause.first == 1 and c + 1 < len(clauses) and clauses[c + 1].sentence == clause.sentence
        if not (alone and name.isalpha() and not name.isupper() and _SECOND.match(clauses[c + 1].text)):
            return None
        if _saluted(tokens, name):
            return None
    last = _sentence_last(clauses, c)
    said = " ".join(k.text for k in clauses[c : last + 1])
    if not told and not _TASK.search(said):
        return None
    while (
        last + 1 < len(clauses)
        and clauses[last + 1].paragraph == clause.paragraph
        and _SECOND.match(clauses[last + 1].text)
        and _TASK.search(clauses[last + 1].text)
    ):
        last = _sentence_last(clauses, last + 1)
    return last


def _saluted(tokens: Sequence[Token], name: str) -> bool:
    """True when the letter is addressed to ``name``: « Chère Corinne, peux-tu … »."""
    keys = keys_of(tokens)
    return any(
        t.text == name and i and keys[i - 1][:1] in (("cher",), ("chere",), ("docteur",), ("docteure",), ("professeur",))
        for i, t in enumerate(tokens)
    )  # fmt: skip


def _declined(clauses: Sequence[_Clause], c: int) -> bool:
    if _sentence_first(clauses, c) != c:
        return False
    said = " , ".join(k.text for k in clauses[c : _sentence_last(clauses, c) + 1])
    if not any(p.search(said) for p in _table()["ask"]):
        return False
    return any(p.search(" , ".join(_following(clauses, c))) for p in _table()["refusal"])


def _following(clauses: Sequence[_Clause], c: int) -> list[str]:
    """Texts of a sentence, and of the next one when it opens on the refusal."""
    last = _sentence_last(clauses, c)
    said = [k.text for k in clauses[c : last + 1]]
    if last + 1 < len(clauses) and any(p.match(clauses[last + 1].text) for p in _table()["refusal"]):
        said.append(clauses[last + 1].text)
    return said


def _declined_last(clauses: Sequence[_Clause], c: int) -> int:
    last = _sentence_last(clauses, c)
    said = " , ".join(k.text for k in clauses[c : last + 1])
    return last if any(p.search(said) for p in _table()["refusal"]) else _sentence_last(clauses, last + 1)


def _clauses(tokens: Sequence[Token]) -> list[_Clause]:
    keys = keys_of(tokens)
    out: list[_Clause] = []
    sentence = paragraph = depth = 0
    at = 0
    for i in range(len(tokens) + 1):
        mark = i == len(tokens) or tokens[i].kind in (Kind.PUNCT, Kind.BREAK)
        if not mark:
            continue
        if i > at:
            starts, length, pieces = [], 0, []
            for key in keys[at:i]:
                words = " ".join(key)
                starts.append(length)
                pieces.append(words)
                length += len(words) + 1 if words else 0
            text = " ".join(p for p in pieces if p)
            out.append(_Clause(at, i, text, tuple(starts), sentence, paragraph, depth > 0))
        if i < len(tokens):
            sign = tokens[i].text
            if sign in ("«", "“", "„"):
                depth += 1
            elif sign in ("»", "”"):
                depth = max(0, depth - 1)
            elif tokens[i].kind is Kind.BREAK:
                sentence += 1
                paragraph += sign.startswith("\n\n")
            elif sign in (".", "!", "?"):
                sentence += 1
        at = i + 1
    return out


_WHY = {
    "digression": "Digression laissée de côté, non imprimée",
    "order": "Consigne suivie, non imprimé",
    "elsewhere": "Concerne quelqu'un d'autre ou une autre consultation, non imprimé",
    "declined": "Demande déclinée, non imprimée",
}


def _withheld(text: str, span: Span, role: str) -> Finding:
    return Finding("text.withheld", Severity.CHECK, f"{_WHY[role]}\u00a0: «\u00a0{text}\u00a0».", span)
