"""Sessions in time: what the core must not know of clocks, threads and stores."""
