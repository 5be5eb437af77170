"""The whole stack on a clock of its own, from a seed: link, people, faults, and checks of what must always hold."""
