"""What could write memory to the disk behind the store's back."""

from __future__ import annotations

import contextlib
import sys


def forbid_core_dumps() -> None:
    """A crash must not write dictated words: no core file of this process nor of those it starts.

    A limit of one byte, not zero: Linux ignores zero when it hands the dump to a program (``core(5)``), one byte
    stops both ways.
    """
    if sys.platform == "win32":
        import ctypes

        # no error box, no report with the memory of the process
        ctypes.windll.kernel32.SetErrorMode(0x0001 | 0x0002)
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        limit = 1 if hard == resource.RLIM_INFINITY or hard >= 1 else 0
        resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
