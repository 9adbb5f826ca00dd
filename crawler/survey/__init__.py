"""What one address tells of its site: system, name, encoding, columns worth watching, and a few articles to look at.

Decisions are pure functions over pages that were read (``doors``, ``naming``, ``pattern``, ``look``); ``walk`` alone
asks for pages.
"""
