"""The surgeon's input devices, behind one interface: `device.py` says what they are, `catalog.py` opens them."""
