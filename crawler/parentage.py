"""Ending with the process that one was started by."""

from __future__ import annotations

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1
"""Of Linux's ``prctl``: which signal comes when the parent ends (prctl(2))."""


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent ends. Linux alone does; elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
