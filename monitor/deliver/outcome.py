"""How an attempt to send ends, when it does not end well. A message that was taken raises nothing."""

from __future__ import annotations


class NotSent(Exception):
    """An attempt failed; its text is one line for the person who runs the service, without secrets."""


class Refused(NotSent):
    """This address will never take this message: trying again would only annoy."""


class Held(NotSent):
    """It certainly did not arrive, and may later."""


class ServerAway(Held):
    """The server itself could not be reached or would not let us in: nobody's message gets through just now."""


class Unaddressed(Held):
    """Its address stands in ``sites.yaml`` no more, or not just now: whoever edits the file may put it back."""


class HungUp(Held):
    """The server broke off before it had the whole message: for another message it may be there again."""


class Doubtful(NotSent):
    """It was handed over whole, and nobody said what became of it."""


class ClaimLost(Exception):
    """Another sender has taken the message over: ours was too slow, and must not go on."""
