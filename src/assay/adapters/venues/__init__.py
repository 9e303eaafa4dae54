"""Venues as sources of market data: a folder each, and the words that their wires speak."""
