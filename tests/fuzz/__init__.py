"""Whatever bytes come from outside: no crash, no change of state, no growth. `make fuzz` is the long run of it."""
