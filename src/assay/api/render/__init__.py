"""Values of the runtime and the core as they go over the wire."""
