"""Mutation testing of safety/: `make mutate`."""
