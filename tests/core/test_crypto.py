import pytest
from cryptography.fernet import Fernet, InvalidToken

from lingka.core import crypto

OLD, NEWER = "an old key", "a newer key"


def test_what_an_old_key_sealed_opens_and_is_resealed_under_the_newest(settings):
    settings.LINGKA_KEYS = [OLD]
    sealed = crypto.seal({"phone": "0891"})
    settings.LINGKA_KEYS = [NEWER, OLD]
    assert crypto.unseal(sealed) == {"phone": "0891"}
    resealed = crypto.reseal(sealed)
    settings.LINGKA_KEYS = [NEWER]
    assert crypto.unseal(resealed) == {"phone": "0891"}
    with pytest.raises(InvalidToken):
        crypto.unseal(sealed)


def test_foreign_bytes_do_not_open():
    with pytest.raises(InvalidToken):
        crypto.unseal(Fernet(Fernet.generate_key()).encrypt(b"1"))


def test_keyed_hashes_outlive_a_new_key_and_differ_by_purpose(settings):
    settings.LINGKA_KEYS = [OLD]
    before = crypto.mac("phone", "0891")
    settings.LINGKA_KEYS = [NEWER, OLD]
    assert crypto.mac("phone", "0891") == before
    assert crypto.mac("address", "0891") != before
    assert crypto.derive("token", 2, b"x") != crypto.derive("token", 1, b"x")
