"""Sections: which part of the document each statement belongs to (one verb: ``Sectioner.place``)."""

from drafting.sections.sectioner import Placement, Sectioner, Why

__all__ = ["Placement", "Sectioner", "Why"]
