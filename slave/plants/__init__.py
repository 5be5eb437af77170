"""The driver of the arms: what the stack asks of one, and the simulated drives behind it."""
