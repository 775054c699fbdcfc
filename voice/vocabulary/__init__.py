"""A vocabulary of tens of thousands of names behind a recogniser that does not know them."""

from voice.vocabulary.reviser import Vocabulary
from voice.vocabulary.suggestions import suggest
from voice.vocabulary.terms import shipped, shipped_drugs

__all__ = ["Vocabulary", "shipped", "shipped_drugs", "suggest"]
