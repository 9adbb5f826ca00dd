"""Delivery: what is told reaches its subscribers, each of them once, whatever breaks on the way."""
