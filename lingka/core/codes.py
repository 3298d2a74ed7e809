"""Short codes that people read out: Crockford's base 32, six random signs and a check sign.

The check sign is the number modulo 31 (a prime below 32), so that every single wrong sign and
every swap of neighbours is found.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6
PRIME = 31
_VALUE = {sign: value for value, sign in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}


def short_code() -> str:
    """Seven signs, for instance "5KX87MD"."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return body + _check(body)


def _check(body: str) -> str:
    number = 0
    for sign in body:
        number = number * 32 + _VALUE[sign]
    return ALPHABET[number % PRIME]


def pretty(code: str) -> str:
    """As printed: "5KX8-7MD"."""
    return f"{code[:4]}-{code[4:]}"


def normalise(text: str) -> str | None:
    """The code meant by what was typed, or None where it can't be one."""
    signs = [sign for sign in text.upper() if sign not in " -·"]
    if len(signs) != LENGTH + 1 or any(sign not in _VALUE for sign in signs):
        return None
    code = "".join(ALPHABET[_VALUE[sign]] for sign in signs)
    return code if _check(code[:LENGTH]) == code[LENGTH] else None
