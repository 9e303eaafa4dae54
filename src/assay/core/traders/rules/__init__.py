"""Rules decided in two ways that law 2 holds equal: on whole columns, and on a context that ends at the present."""
