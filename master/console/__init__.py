"""The surgeon's console: a launcher, the window that it keeps open, and the pilot of the side that is chosen there."""
