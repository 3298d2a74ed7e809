"""Short codes that people read out: Crockford's base 32, six random signs and a check sign.

The check sign is a weighted sum in the field of 32 elements. No two places weigh the same and
none weighs nothing, so every single wrong sign and every swap of two signs is found.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6
FIELD = 0b100101  # x^5 + x^2 + 1, irreducible
_VALUE = {sign: value for value, sign in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}


def short_code() -> str:
    """Seven signs, for instance "5KX87MV"."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return body + _check(body)


def _check(body: str) -> str:
    """Weights 2, 4, 8… are powers of the field's generator; the check sign itself weighs 1."""
    total = 0
    for sign in body:
        total = _double(total ^ _VALUE[sign])
    return ALPHABET[total]


def _double(value: int) -> int:
    value <<= 1
    return value ^ FIELD if value & 32 else value


def pretty(code: str) -> str:
    """As printed: "5KX8-7MV"."""
    return f"{code[:4]}-{code[4:]}"


def normalise(text: str) -> str | None:
    """The code meant by what was typed, or None where it can't be one."""
    signs = [sign for sign in text.upper() if sign not in " -·"]
    if len(signs) != LENGTH + 1 or any(sign not in _VALUE for sign in signs):
        return None
    code = "".join(ALPHABET[_VALUE[sign]] for sign in signs)
    return code if _check(code[:LENGTH]) == code[LENGTH] else None
