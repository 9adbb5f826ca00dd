"""Search over every version: ``query.parse``, then ``find.search``; ``wording`` tells what cannot be read."""
