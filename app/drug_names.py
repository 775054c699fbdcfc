"""How a drug register's capitals and inverted names are written in French.

Registers write « FUROSEMIDE ARROW », « folique acide », « sodium fluorure »; a letter says « furosémide »,
« acide folique », « fluorure de sodium ». The accents follow the spelling rule of French: an ``e`` that ends its
syllable takes an acute, one before a consonant and a final silent ``e`` a grave, one that closes no syllable none.
"""

from __future__ import annotations

import re

_VOWELS = "aeiouyéèêëïîôœ"
#: pairs that count as one consonant, or that start a syllable together
_TOGETHER = re.compile(r"(?:(?:ch|ph|th|rh)[lr]?|gn|[bcdfgkptv][lr]|qu)")
#: endings whose accent the rule does not give
_ENDINGS = (
    (re.compile(r"(?<=[cltv])aine\b"), "aïne"),
    (re.compile(r"oin(?:e?)\b"), "oïne"),
    (re.compile(r"cainide\b"), "caïnide"),
    (re.compile(r"oi(de|que)(s?)\b"), r"oï\1\2"),
    (re.compile(r"aique(s?)\b"), r"aïque\1"),
    (re.compile(r"\boe"), "œ"),
)
#: words of register names that the syllable rule would get wrong
_WORDS = {
    "de": "de", "et": "et", "des": "des", "le": "le", "les": "les", "acide": "acide", "fer": "fer", "zinc": "zinc",
    "lithium": "lithium", "magnesium": "magnésium", "selenium": "sélénium", "calcium": "calcium",
    "ferreux": "ferreux", "ferrique": "ferrique", "senne": "séné", "sene": "séné", "reserpine": "réserpine",
    "heparine": "héparine", "medicament": "médicament", "gelatine": "gélatine", "dexamethasone": "dexaméthasone",
}  # fmt: skip
_ELEMENTS = [
    "sodium",
    "potassium",
    "calcium",
    "magnesium",
    "zinc",
    "fer",
    "lithium",
    "aluminium",
    "bismuth",
    "strontium",
    "argent",
    "cuivre",
    "selenium",
    "ammonium",
    "magnésium",
    "sélénium",
    "baryum",
    "manganese",
    "manganèse",
]
_SALTS = [
    "fluorure",
    "chlorure",
    "bromure",
    "iodure",
    "sulfate",
    "bicarbonate",
    "carbonate",
    "phosphate",
    "citrate",
    "gluconate",
    "lactate",
    "acetate",
    "acétate",
    "ascorbate",
    "nitrate",
    "hydroxyde",
    "oxyde",
    "valproate",
    "ranelate",
    "ranélate",
    "perchlorate",
    "picosulfate",
    "alginate",
    "benzoate",
    "salicylate",
    "thiosulfate",
    "hyaluronate",
    "chromoglicate",
    "cromoglicate",
    "fusidate",
    "aurothiosulfate",
    "oxybate",
    "tetradecyl",
    "glycerophosphate",
    "glubionate",
    "lactogluconate",
    "polystyrene",
    "alendronate",
    "pidolate",
    "aspartate",
    "orotate",
    "trisilicate",
]
_INVERTED_SALT = re.compile(rf"^({'|'.join(_ELEMENTS)}) ({'|'.join(_SALTS)})$")
_INVERTED_ACID = re.compile(r"^([\w-]+ique) acide$")
#: salts and hydrates that a doctor leaves out: « chlorhydrate de metformine » is dictated « metformine »
_SALT_BEFORE = re.compile(
    r"^(?:di|mono|hémi|hemi|sesqui|tri)?(?:chlorhydrate|bromhydrate|maléate|mésilate|mésylate|mesilate|bésilate|"
    r"bésylate|succinate|tartrate|hydrogénotartrate|fumarate|sulfate|phosphate|acétate|nitrate|citrate|malate|"
    r"tosilate|tosylate|pamoate|embonate|palmitate|propionate|valérate|dipropionate|furoate|estolate|"
    r"éthylsuccinate|gluconate|lactate|oxalate|benzoate|chlorure|bromure|iodure|napadisilate|xinafoate|stéarate|"
    r"hémifumarate|hémihydrate|hydrogénofumarate|hydrogénomaléate|orotate|esilate|ésilate|camsilate|isétionate|"
    r"undécanoate|énantate|décanoate|caproate|pivalate|butyrate|acéponate)\s+(?:de\s+|d['’]\s*)(?P<base>.+)$"
)
_AFTER = re.compile(
    r"\s+(?:(?:mono|di|tri|hémi|sesqui|hexa|hepta|penta|tétra|déca|dodéca)?hydratée?s?|anhydre|sodique|potassique|"
    r"disodique|monosodique|calcique|magnésique|magnésienne|trométamol|trométhamine|arginine|micronisée?|"
    r"hémicalcique|base|racémique|recombinante?|humaine|colloïdale?|sel de .+)$"
)
_PARENTHESIS = re.compile(r"\s*\([^)]*\)")


def accented(word: str) -> str:
    """« furosemide » -> « furosémide »; a word that carries an accent already is left alone."""
    if not word.isascii() or not word.isalpha():
        return word
    if word in _WORDS:
        return _WORDS[word]
    out = list(word)
    for at, letter in enumerate(word):
        if letter != "e" or at == len(word) - 1:
            continue
        rest = word[at + 1 :]
        if word[at + 1] in _VOWELS:
            # « codeine », « theophylline »; not « eu », « eau », and not a final « ee »
            if not rest.startswith(("u", "au")) and rest not in ("e", "es"):
                out[at] = "é"
            continue
        if rest in ("s", "z", "r", "t", "x", "n") or word[at + 1] == "x":
            continue
        found = _TOGETHER.match(rest)
        cluster = found.end() if found else 1
        after = rest[cluster:]
        if not after or after[0] not in _VOWELS:
            continue
        if after in ("e", "es"):
            # silent final e: « ketoprofene » -> « kétoprofène »
            out[at] = "è"
        else:
            out[at] = "é"
    text = "".join(out)
    for pattern, replacement in _ENDINGS:
        text = pattern.sub(replacement, text)
    return text


def substance(name: str) -> str:
    """A substance as it is written in French running text: lower case, accents, natural word order."""
    text = " ".join(name.replace("’", "'").lower().split())
    if found := _INVERTED_ACID.match(text):
        text = f"acide {found[1]}"
    elif found := _INVERTED_SALT.match(text):
        text = f"{found[2]} d'{found[1]}" if found[1][0] in _VOWELS else f"{found[2]} de {found[1]}"
    return re.sub(r"[^\W\d_]+", lambda m: accented(m[0]), text)


def without_salt(name: str) -> str:
    """« sulfate d'abacavir monohydraté » -> « abacavir »; mineral salts (« sulfate de magnésium ») stay whole."""
    text = _PARENTHESIS.sub("", " ".join(name.replace("’", "'").lower().split()))
    while (shorter := _AFTER.sub("", text)) != text:
        text = shorter
    found = _SALT_BEFORE.match(text)
    if found and found["base"].split()[0] not in _ELEMENTS:
        return without_salt(found["base"])
    return text.strip(" ,;")


_SMALL = {"de", "du", "des", "et", "la", "le", "les", "en", "au", "aux", "pour", "sans", "a", "à"}
#: endings that stay in capitals in a brand: « Doliprane LP », « Ventoline HFA »
_CAPITALS = re.compile(
    r"^(?:LP|LM|LI|SR|XR|HCT|EG|HFA|PH\d?|FORT|ADN|BCG|ROR|[IVX]{2,4}|[A-Z]\d+|\d+[A-Z]*|[BCDFGHJKLMNPQRSTVWXZ]{2,4})$"
)


def brand(name: str) -> str:
    """« KARDEGIC » -> « Kardegic », « DIFFU K » -> « Diffu K »: title case, capitals kept where they are spelt."""
    words = []
    for number, word in enumerate(name.split()):
        if len(word) == 1 or _CAPITALS.match(word):
            words.append(word)
        elif number and word.lower() in _SMALL:
            words.append(word.lower())
        else:
            words.append("-".join(part[:1].upper() + part[1:].lower() for part in word.split("-")))
    return " ".join(words)
