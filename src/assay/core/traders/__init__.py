"""Strategies compiled so that the engine can run them: rules now, fitted models and agents later."""
