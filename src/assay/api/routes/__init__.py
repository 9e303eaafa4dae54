"""Handlers: they parse, ask whose it is, call, and render."""
