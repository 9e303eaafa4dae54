"""HTTP and WebSocket: parse, authorize, call, render. What it computes it computes elsewhere."""
