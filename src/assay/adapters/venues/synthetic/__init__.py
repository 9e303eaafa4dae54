"""Synthetic instruments as a venue, so that there is history and there are live prices without a network."""
