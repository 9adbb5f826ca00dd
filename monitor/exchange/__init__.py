"""An archive as a file that other archives take in: JSON Lines; and WARC files of the past. See ``docs/move.md``."""
