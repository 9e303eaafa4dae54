"""What venues write on their wires, read without I/O: bytes that were parsed as JSON go in, typed values or typed errors come out."""
