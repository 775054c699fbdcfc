"""Who is spoken of: the patient's traits and the recipient. The author never comes from the voice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dictation.values import DateValue
from drafting.passage import Passage
from drafting.readers.dates import DATE, iso_of
from drafting.readers.reading import Context, Reading, compiled, reading

_CAPITAL = r"[A-ZÀ-ÖØ-ÝŒ][\wÀ-ÿœ'’-]*"
_PARTICLE = r"(?:de |du |des |d'|la |le |van |von |el |ben |da |di )"
_NAME = rf"(?:{_PARTICLE}{{0,2}}{_CAPITAL})(?: (?:{_PARTICLE}{{0,2}})?{_CAPITAL}){{0,3}}"
_PATIENT = re.compile(
    rf"\b(?P<civility>[Mm]onsieur|[Mm]adame|[Mm]ademoiselle|[Ll]'enfant|[Ll]e jeune|[Ll]a jeune|[Ll]e petit|[Ll]a petite|[Bb]ébé|M\.|Mme|Mlle) (?P<name>{_NAME})"
)
_OTHER = compiled(
    r"\b(?:collègue|voisine?|mari|épou\w+|femme|conjointe?|compagn\w+|concubine?|frère|sœur|père|mère|fils|fille|amie?|employeur|patronne?"
    r"|chef|nommée?|dénommée?|accompagnée? (?:de|par)|par|avec|contre|chez)\s*,?\s*$"
)
_TO = re.compile(
    rf"(?:\b(?:[Cc]ourrier|[Ll]ettre|[Rr]éponse|[Cc]ompte rendu|[Cc]opie|[Aa]dressée?|[Mm]ot|[Dd]emande)\b[^.;:]{{0,40}}?\b(?:au|à la|pour le|pour la|à|pour|aux)\s+"
    rf"(?P<title>[Dd]octeure?s?|Drs?|[Pp]rofesseure?|Pr)\s+(?P<name>{_NAME})(?P<what>, (?:\w+logue|\w+iatre|chirurgi\w+(?: \w+)?|médecin \w+|neurochirurgien\w*|gynécologue|urologue))?)",
)
_FIRST_TO = re.compile(
    rf"^(?:[ÀàAa]u|[ÀàAa] l'attention du|[ÀàAa] la) (?P<title>[Dd]octeure?|Dr|[Pp]rofesseure?|Pr) (?P<name>{_NAME})"
    r"(?P<what>, (?:\w+logue|\w+iatre|chirurgi\w+(?: \w+)?|médecin \w+|neurochirurgien\w*|gynécologue|urologue))?"
)
_DEAR = re.compile(
    rf"\b[Cc]her (?:docteur|Dr|ami|confrère|maître) (?P<name>{_NAME})|\b[Cc]hère (?:docteure?|consœur|amie) (?P<name2>{_NAME})"
)
_BORN = compiled(rf"\bnée? le (?P<d>{DATE})")
#: « ordonnance pour Lucas Moreau né le … »: a name that a date of birth makes the patient's
_PLAIN = re.compile(rf"\b(?:pour|de|concernant) (?P<name>{_NAME}),? née? le ")
_AGE = compiled(r"\b(?:âgée? de |de )?(?P<age>\d{1,3}) (?P<unit>ans|mois|semaines|jours)\b")
_NIR = compiled(r"\b[12378] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3}(?: ?\d{2})?\b")
_PHONE = compiled(r"\b0\d(?:[ .]?\d{2}){4}\b")


def read(passage: Passage, context: Context) -> Iterator[Reading]:
    """Identity traits and recipient of one passage. A NIR or a telephone number is never a field."""
    text = passage.text
    for match in _PATIENT.finditer(text):
        if _OTHER.search(text[: match.start()]):
            yield reading(passage, "tiers", "text", match["name"], match.span("name"))
            continue
        yield reading(passage, "patient.civilite", "text", match["civility"], match.span("civility"))
        yield reading(passage, "patient.nom", "text", match["name"], match.span("name"))
    if not any(_PATIENT.finditer(text)) and (named := _PLAIN.search(text)):
        yield reading(passage, "patient.nom", "text", named["name"], named.span("name"))
    for match in _BORN.finditer(text):
        iso = iso_of(match["d"], None)
        if iso:
            word = match.group(0).split()[0].lower()
            yield reading(
                passage, "patient.sexe", "text", "F" if word == "née" else "M", (match.start(), match.start("d"))
            )
            yield reading(passage, "patient.date_naissance", "date", DateValue(iso, "naissance"), match.span("d"))
            age = _AGE.search(text, match.end(), match.end() + 40)
            if age:
                yield reading(
                    passage, "patient.age", "text", f"{age['age']} {age['unit']}", (age.start("age"), age.end())
                )
    recipient = _TO.search(text) or _FIRST_TO.match(text)
    if recipient:
        title = "Pr" if recipient["title"].lower().startswith("pr") else "Dr"
        said = f"{title} {recipient['name']}{recipient['what'] or ''}"
        yield reading(passage, "destinataire", "person", said, (recipient.start("title"), recipient.end()))
    elif dear := _DEAR.search(text):
        group = "name" if dear["name"] else "name2"
        yield reading(passage, "destinataire", "person", f"Dr {dear[group]}", dear.span(group))


def private_numbers(passage: Passage) -> tuple[tuple[int, int], ...]:
    """Character ranges that look like a social security or a telephone number."""
    return tuple(m.span() for p in (_NIR, _PHONE) for m in p.finditer(passage.text))
