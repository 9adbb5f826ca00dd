"""The commands of ``shixun``, a file a kind of work."""
