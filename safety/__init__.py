"""How the arm stops and who may start it: pure Python, no I/O, handed the time. Compiled code stays out."""
