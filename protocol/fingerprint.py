"""A public key in thirty digits, which two people can read to each other over the telephone, in any language."""

import hashlib

GROUPS = 6
DIGITS = 5


def fingerprint(public: str) -> str:
    """Six groups of five digits, of a public key as Z85 writes it: 99 bits of the SHA-256 of these characters.

    Too many to find a second key with the same ones, few enough to be read aloud in half a minute.
    """
    digest = int.from_bytes(hashlib.sha256(public.encode()).digest(), "big")
    digits = f"{digest % 10 ** (GROUPS * DIGITS):0{GROUPS * DIGITS}d}"
    return " ".join(digits[at : at + DIGITS] for at in range(0, len(digits), DIGITS))
