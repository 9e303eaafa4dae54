"""Sessions: bar by bar (`session`), whole at once (`backtest`), many at once (`sweep`)."""
