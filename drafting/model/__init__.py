"""The language model's jobs: propose only; checks dispose (see :class:`Assistant`)."""

from drafting.model.assistant import Abilities, Assistant
from drafting.model.copying import Copy, characters
from drafting.model.selftest import self_test

__all__ = ["Abilities", "Assistant", "Copy", "characters", "self_test"]
