"""Assay proves trading strategies before money touches them, and then trades them."""
