"""Where a sentence ends when nobody said « point »: pauses of the voice and syntax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from dictation.transcript import Span, Word
from drafting.spoken_french.command_rules import bare_titles
from drafting.spoken_french.phrases import Key, Phrases, alternatives, keys_of, read_table, word_set
from drafting.spoken_french.token import Kind, Token

#: a silence at least this long (seconds) ends a sentence before a word that can open one
PAUSE_S = 0.65
#: before any word
LONG_PAUSE_S = 1.3
#: the same in a text that is otherwise punctuated: at least one mark in so many tokens
_UNMARKED_AMONG_MARKS = 30
_USUAL = 12
#: how far back a clause is looked at, in tokens
_WINDOW = 40
#: fewest tokens between two boundaries of which one is added
_SHORTEST = 3
#: after that many tokens without any mark, boundaries are looked for
_UNMARKED = 14

#: no sentence ends on these
_HANGING = word_set(
    "le la les un une des du de d l au aux a en et ou ni mais ou donc or car que qu qui dont avec sans sous sur "
    "dans par pour chez vers entre depuis apres avant pendant ce cet cette ces son sa ses mon ma mes leur leurs "
    "notre nos votre vos ne n se s me m te t y est sont a ai ont etait etaient avait si quand lorsque lorsqu "
    "comme puisque puisqu parce jusqu tres trop assez chaque tout toute tous toutes plusieurs quelques aucun "
    "aucune il elle on je j nous ils elles docteur madame monsieur professeur virgule deux non"
)
#: openings of a clause that need the next one: « depuis hier | il … » is one sentence
_ADVERBIAL = word_set(
    "depuis hier aujourd actuellement apres avant lors pendant des en au aux a sur si quand lorsque lorsqu comme "
    "puisque puisqu malgre devant compte sous dans ce cette le par pour selon d mais et alors sinon ensuite puis "
    "enfin donc cependant toutefois neanmoins ainsi finalement initialement habituellement car merci"
)
#: verbs whose object is still to come: « on note à l'examen une … »
_SEEKING = word_set("note notons retrouve retrouvons trouve constate existe persiste montre decrit presente")
_SALUTATIONS = tuple(
    (("cher" + e,), (name,))
    for e, name in (
        ("", "confrere"),
        ("e", "consoeur"),
        ("", "ami"),
        ("e", "amie"),
        ("", "collegue"),
        ("e", "collegue"),
    )
)
_TITLES = word_set("madame monsieur mademoiselle mme")
_SUBJECTS = word_set("il elle on je j nous ils elles patient patiente")
_CIRCUMSTANCE = word_set("compte devant malgre")
_SUBORDINATING = word_set("si quand lorsque lorsqu comme puisque puisqu")
#: verbs that want an object: no sentence ends on them
_TRANSITIVE = word_set(
    "a ont ai avait note notons retrouve retrouvons trouve constate existe persiste montre decrit presente prend garde"
    " revois vois adresse demande propose prescris fait fais dit rapporte signale mais est sont y"
)
#: frequent finite verbs: their clause can stand alone
_FINITE = word_set(
    "est sont etait etaient a ont avait montre retrouve persiste existe reste va semble parait note presente"
)
_SUBORDINATORS = word_set(
    "que qu qui dont ou si quand lorsque lorsqu comme puisque puisqu parce car et mais ni donc jusqu "
    "laquelle lequel quoi"
)


@cache
def _starts() -> Phrases[str]:
    return Phrases(
        (form, row["strength"])
        for row in read_table("starts.tsv", ("words", "strength"))
        for form in alternatives(row["words"])
    )


def added(tokens: Sequence[Token], words: Sequence[Word]) -> list[Token]:
    """``tokens`` with full stops and commas where nobody said them."""
    keys = keys_of(tokens)
    timed = any(w.end_s > 0 for w in words)
    sparse = _sparse(tokens)
    out: list[Token] = []
    since, stopped, title = 0, False, 0
    listing = ("ordonnance",) in keys[:4]  # every line of a prescription is a sentence
    for i, token in enumerate(tokens):
        sign = ""
        if i and since and (sparse[i] or timed) and _may_part(tokens, keys, i):
            pause = _pause(tokens, words, i) if timed else 0.0
            if since >= _SHORTEST and _boundary(tokens, keys, i, min(since, _WINDOW), pause, sparse[i]):
                sign = "."
            elif sparse[i] and (_comma(tokens, keys, i, min(since, _WINDOW)) or _item(tokens, keys, i, since)):
                sign = "." if listing and since >= _SHORTEST else ","
        if sign:
            out.append(_mark(sign, tokens[i - 1]))
            stopped = stopped or sign == "."
            since = 0 if sign == "." else since
        if title and i == title:
            out.append(replace(_mark(":", tokens[i - 1]), glued=False))
            title, since = 0, 0
        elif sparse[i] and not title and (end := _titled(tokens, keys, i)):
            if since and not (out and out[-1].kind is Kind.PUNCT):
                out.append(_mark(".", tokens[i - 1]))
                stopped = True
            title = end
        out.append(token)
        since = 0 if token.kind in (Kind.BREAK, Kind.HEADING) or token.text in (".", "?", "!") else since + 1
    if stopped and out[-1].kind not in (Kind.PUNCT, Kind.BREAK):
        out.append(_mark(".", out[-1]))
    return out


def _mark(sign: str, before: Token) -> Token:
    last = before.span.last
    return Token(sign, Span(last - 1, last), Kind.PUNCT, origin="rule", glued=True)


#: « traitement de l'ulcère », « antécédent d'infarctus », « conclusion de l'IRM »: no title stands before these
_NO_TITLE_BEFORE = word_set("de d du des et ou est sont a ont avec par que qui en pour au aux dans ne n y")


def _titled(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> int:
    """End of the title that token ``i`` opens in a text without marks (« … | conduite à tenir | essai de … »), else 0."""
    if i and not _may_part(tokens, keys, i):
        return 0
    hit = bare_titles().at(keys, i)
    end = i + hit[1] if hit else 0
    if not hit or end >= len(tokens) or tokens[end].kind in (Kind.PUNCT, Kind.BREAK) or tokens[end].glued:
        return 0
    return 0 if keys[end] and keys[end][0] in _NO_TITLE_BEFORE else end


def _pause(tokens: Sequence[Token], words: Sequence[Word], i: int) -> float:
    """Silence before token ``i``, in seconds."""
    return words[tokens[i].span.first].start_s - words[tokens[i - 1].span.last - 1].end_s


def _sparse(tokens: Sequence[Token]) -> list[bool]:
    """For each token, whether it stands in a long stretch where nobody said a sign."""
    flags = [False] * len(tokens)
    said = [t.kind is Kind.BREAK or (t.kind is Kind.PUNCT and t.origin != "rule") for t in tokens]
    longest = _UNMARKED_AMONG_MARKS if sum(said) * _USUAL >= len(tokens) else _UNMARKED
    start = 0
    for i in range(len(tokens) + 1):
        if i == len(tokens) or said[i] or tokens[i].kind is Kind.HEADING:
            if i - start >= longest:
                flags[start:i] = [True] * (i - start)
            start = i + 1
    return flags


def _may_part(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> bool:
    """True when a sign could stand before token ``i`` at all."""
    before, here = tokens[i - 1], tokens[i]
    if before.kind in (Kind.PUNCT, Kind.BREAK, Kind.HEADING) or here.kind in (Kind.PUNCT, Kind.BREAK) or here.glued:
        return False
    return not (before.kind is Kind.WORD and keys[i - 1] and keys[i - 1][-1] in _HANGING)


def _boundary(tokens: Sequence[Token], keys: Sequence[Key], i: int, since: int, pause: float, sparse: bool) -> bool:
    hit = _starts().at(keys, i)
    if _since(tokens, keys, i):
        return False
    if sparse and (_after_identity(tokens, keys, i) or _measures_open(tokens, i)):
        return True
    if hit is None:
        return sparse and (
            pause >= LONG_PAUSE_S or (_noun_clause(tokens, keys, i) and _clause_complete(tokens, keys, i, since))
        )
    if pause >= PAUSE_S:
        return not keys[i - 1] or keys[i - 1][-1] not in _SEEKING
    if not sparse:
        return False
    opening = _starts().at(keys, i - since)
    if opening is not None and opening[0] != "subject":
        if opening[1] >= since:
            return False  # « à l'examen clinique | l'abdomen est souple »
        if opening[0] == "strong" and since - opening[1] >= 2 and hit[0] != "weak":
            return not _SUBORDINATORS & set(keys[i - 1])  # « au total évolution favorable | j'augmente »
    if hit[0] == "lead" and not _subject_ahead(tokens, keys, i):
        return False
    if hit[0] in ("strong", "lead"):
        return not keys[i - 1] or keys[i - 1][-1] not in _SEEKING
    if _noun_clause(tokens, keys, i):
        return _clause_complete(tokens, keys, i, since)
    return hit[0] == "subject" and _clause_complete(tokens, keys, i, since)


#: « née le 6 juin 1936 | adressée pour … » goes on
_OF_IDENTITY = word_set(
    "age agee adresse adressee hospitalise hospitalisee suivi suivie vu vue accompagne accompagnee demeurant domicilie"
    " domiciliee qui que qu dont pour et est a au en dans par ayant sans avec porteur porteuse connu connue consulte vient"
)


#: « certifie avoir examiné ce jour 27 janvier monsieur X »: the person is the object
_MET = word_set("certifie examine vu vue recu recue recois revu revue vois revois rencontre j ai")


def _after_identity(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> bool:
    """« … du 19 mai 2026 | madame X née le 30 novembre 1948 | elle vient » : date of the document, then identity, then the rest."""
    if not keys[i]:
        return False
    if keys[i][0] in _TITLES:
        clause = {w for key in keys[max(0, i - 14) : i] for w in key}
        return tokens[i - 1].kind is Kind.DATE and not clause & _MET
    at = i - 1
    if keys[at] == ("ans",) and at >= 1 and tokens[at - 1].text.isdigit():
        at -= 2
    born = at >= 2 and tokens[at].kind is Kind.DATE and keys[at - 1] == ("le",) and keys[at - 2] in (("ne",), ("nee",))
    counted = tokens[i].text[:1].isdigit() or (i + 1 < len(keys) and keys[i + 1] == ("ans",))
    return born and keys[i][0] not in _OF_IDENTITY and not counted


_VITALS = frozenset(("TA", "FC", "FR", "SpO2", "T", "pouls", "poids"))


def _measures_open(tokens: Sequence[Token], i: int) -> bool:
    """« … éruption | TA 126/72 mmHg, pouls 88/min | poignet droit … »: a run of vital signs is a sentence."""
    before, here = tokens[i - 1], tokens[i]
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    if here.text in _VITALS and following is not None and following.kind is Kind.QUANTITY:
        return before.kind is not Kind.QUANTITY
    return (
        before.kind is Kind.QUANTITY
        and i >= 2
        and tokens[i - 2].text in _VITALS
        and here.kind is Kind.WORD
        and here.text[:1].isalpha()
        and len(here.text) > 3
    )


_LINKING = (("de",), ("a",), ("dans",), ("sur",), ("par",), ("avec",), ("sous",), ("d",), ("pour",))


def _finite(token: Token, key: Key) -> bool:
    """True for a frequent finite verb; « à » is not « a »."""
    return bool(key) and key[-1] in _FINITE and token.text.lower() != "à"


def _subject_ahead(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> bool:
    """« compte tenu de son âge je … » opens a sentence; « … compte tenu de son âge. » ends one."""
    for k in range(i + 2, min(len(tokens), i + 18)):
        if tokens[k].kind in (Kind.PUNCT, Kind.BREAK):
            return False
        if keys[k] and keys[k][0] in _SUBJECTS:
            return True
    return False


_DETERMINERS = word_set("le la les l son sa ses ce cette ces")


def _noun_clause(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> bool:
    """« … | le test de grossesse est négatif »: an article, a few nouns, then a verb."""
    if not keys[i] or keys[i][0] not in _DETERMINERS or (keys[i - 1] and keys[i - 1][-1] in _TRANSITIVE):
        return False
    for k in range(i + 1, min(len(tokens), i + 8)):
        if tokens[k].kind in (Kind.PUNCT, Kind.BREAK) or not keys[k]:
            return False
        if k > i + 1 and _finite(tokens[k], keys[k]):
            return True
        if keys[k][0] in _DETERMINERS and keys[k - 1][-1:] not in _LINKING:
            return False
        if keys[k][0] in _SUBORDINATORS or keys[k][0] in _SUBJECTS:
            return False
    return False


def _comma(tokens: Sequence[Token], keys: Sequence[Key], i: int, since: int) -> bool:
    """« pas d'orthopnée | pas d'angor », « né le 8 décembre 1958 | 67 ans »."""
    if tokens[i - 1].kind is Kind.DATE and tokens[i].text[:1].isdigit():
        return tokens[i].text.endswith("ans") or (i + 1 < len(tokens) and keys[i + 1] == ("ans",))
    if tuple(keys[max(0, i - 2) : i]) in _SALUTATIONS:
        return since <= 2 or i == 2
    if i + 1 < len(tokens) and keys[i + 1] == ("ans",) and tokens[i].text[:1].isdigit():
        return any(key[:1] and key[0] in _TITLES for key in keys[max(0, i - 4) : i])
    said = [w for key in keys[i : i + 2] for w in key][:2]
    denial = said[:1] in (["aucun"], ["aucune"]) or said in (
        ["pas", "de"],
        ["pas", "d"],
        ["absence", "de"],
        ["absence", "d"],
    )
    if not denial:
        return False
    close = {w for key in keys[max(i - 4, i - since, 0) : i] for w in key}
    if said[0] == "pas" and close & {"n", "ne"} and not close & {"pas", "plus", "jamais"}:
        return False  # « il n'y a | pas de fièvre »
    return not (keys[i - 1] and keys[i - 1][-1] in _TRANSITIVE)


@cache
def _items() -> frozenset[str]:
    text = resources.files("drafting.spoken_french").joinpath("list_items.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


#: adjectives said before their noun, verbs that want it, and words that join: no item opens after them
_BEFORE_NOUN = word_set(
    "petit petite petits petites gros grosse gros grosses grand grande leger legere legers legeres discret discrete discretes discrets volumineux"
    " volumineuse ancien ancienne anciens anciennes nouveau nouvelle bon bonne mauvais mauvaise meme autre premier premiere deuxieme troisieme"
    " simple double triple vieux vieille probable possible eventuel eventuelle suspicion antecedent antecedents crise crises episode episodes recherche"
    " bilan type stade signe signes traitement absence douleur douleurs risque contre-indication chronique aigue aigu post controle"
    " surveillance note notee retrouve evoque montre confirme decouvert decouverte sorte forme soit total conclusion synthese resume fracture syndrome cancer comme dite dit faire refaire prevoir demande demander pose"
)
_DENIES = word_set("pas sans ni aucun aucune absence non jamais nie plus contre")
#: how far back a denial still governs what is listed after it, in tokens
_DENIED = 8


def _item(tokens: Sequence[Token], keys: Sequence[Key], i: int, since: int) -> bool:
    """« hypertension artérielle | diabète de type 2 | appendicectomie en 1990 »: nouns in a row, said without marks."""
    if since < 2 or not keys[i] or keys[i][0] not in _items() or tokens[i].text[:1].isdigit():
        return False
    before = keys[i - 1]
    if before and (before[-1] in _BEFORE_NOUN or before[-1] in _TRANSITIVE):
        return False
    governed = {word for key in keys[max(0, i - min(since, _DENIED)) : i] for word in key}
    return not governed & _DENIES


def _since(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> bool:
    """« ont débuté | il y a 4 mois », « une prise | de plus de 2 kg » open no sentence."""
    said = [w for key in keys[i : i + 3] for w in key]
    if said[:3] == ["il", "y", "a"]:
        return i + 3 < len(tokens) and (tokens[i + 3].value is not None or tokens[i + 3].text[:1].isdigit())
    return said[:3] in (["de", "plus", "de"], ["de", "plus", "d"], ["de", "plus", "en"])


def _clause_complete(tokens: Sequence[Token], keys: Sequence[Key], i: int, since: int) -> bool:
    """True when the words since the last boundary can stand alone before a new subject."""
    first = keys[i - since][:1]
    clause = [w for key in keys[i - since : i] for w in key]
    subjects = sum(w in _SUBJECTS for w in clause)
    if first and first[0] in _SUBORDINATING:
        return subjects >= 2
    if (
        first
        and first[0] in _ADVERBIAL
        and since < 12
        and not subjects
        and not any(map(_finite, tokens[i - since : i], keys[i - since : i]))
    ):
        return False
    for k in range(i - 1, max(i - 13, i - since), -1):
        if _finite(tokens[k], keys[k]):
            break
        if keys[k] and keys[k][0] in _CIRCUMSTANCE:
            return False  # « … et compte tenu de son âge | je … »
    recent = [w for key in keys[max(i - 2, i - since) : i] for w in key]
    if recent == ["et", "soir"]:
        return True  # « matin et soir | j'augmente »
    return not (_SUBORDINATORS & set(recent))
