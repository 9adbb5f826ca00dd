"""How the monitor itself does: what it counts while it runs, and what it tells whoever watches it."""
