"""Binance, Bybit and every other venue that ccxt knows, as sources of market data."""
