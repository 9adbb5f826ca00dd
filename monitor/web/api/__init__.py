"""``/api``: the archive as JSON for programs, read-only."""
