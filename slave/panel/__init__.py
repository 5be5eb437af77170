"""The local staff's panel: what they see, and what they press."""
