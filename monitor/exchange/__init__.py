"""An archive as a file that other archives take in: JSON Lines, documented in ``docs/move.md``."""
