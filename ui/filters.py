"""The worklist's filters, by name."""

from __future__ import annotations

from records import Actor, Priority, Role, State, WorklistFilter, WorklistItem

#: names in the order of the chips
NAMES = ("all", "mine", "urgent", "tasks", "signed")

_REVIEW = frozenset({State.TO_REVIEW, State.CORRECTED, State.QUERIED})
_OPEN = frozenset(
    {State.RECORDING, State.TO_TRANSCRIBE, State.TO_DRAFT, State.TO_REVIEW, State.CORRECTED, State.QUERIED}
)


def of(name: str, by: Actor, search: str) -> WorklistFilter:
    """The store's filter of a chip."""
    patient = search.strip()
    match name:
        case "mine":
            return WorklistFilter(states=_REVIEW, patient=patient)
        case "urgent":
            return WorklistFilter(states=_OPEN, at_least=Priority.URGENT, patient=patient)
        case "tasks":
            return WorklistFilter(with_open_task=True, patient=patient)
        case "signed":
            return WorklistFilter(states=frozenset({State.SIGNED}), patient=patient)
        case _:
            return WorklistFilter(patient=patient)


def waits_for(item: WorklistItem, by: Actor) -> bool:
    """True when the next step is this person's."""
    if item.state is State.QUERIED or item.state is State.CORRECTED:
        return by.has(Role.DOCTOR)
    return item.state is State.TO_REVIEW and by.has(item.reviewer)
