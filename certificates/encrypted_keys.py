"""Private keys as encrypted PKCS#8 (RFC 5958) with PBES2 (RFC 8018).

cryptography's own writer stretches the passphrase with 2,048 rounds only; here it is many
more, in the same format, so that openssl and every other reader still opens the file.
"""

from __future__ import annotations

import os

from asn1crypto import algos, keys, pem
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

PBKDF2_ROUNDS = 600_000
_BLOCK = 16


def encrypted_pem(private_key: PrivateKeyTypes, passphrase: str) -> bytes:
    """The key as PEM 'ENCRYPTED PRIVATE KEY': PBKDF2-HMAC-SHA-256 and AES-256-CBC.

    Salt and initialisation vector come from the operating system, as the key itself does.
    """
    salt, vector = os.urandom(_BLOCK), os.urandom(_BLOCK)
    derivation = PBKDF2HMAC(hashes.SHA256(), 32, salt, PBKDF2_ROUNDS)
    cipher = Cipher(AES256(derivation.derive(passphrase.encode())), CBC(vector)).encryptor()
    padder = padding.PKCS7(8 * _BLOCK).padder()
    plain = private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    padded = padder.update(plain) + padder.finalize()
    envelope = keys.EncryptedPrivateKeyInfo(
        {
            "encryption_algorithm": _scheme(salt, vector),
            "encrypted_data": cipher.update(padded) + cipher.finalize(),
        }
    )
    return bytes(pem.armor("ENCRYPTED PRIVATE KEY", envelope.dump()))


def _scheme(salt: bytes, vector: bytes) -> algos.EncryptionAlgorithm:
    derivation = algos.KdfAlgorithm(
        {
            "algorithm": "pbkdf2",
            "parameters": algos.Pbkdf2Params(
                {
                    "salt": algos.Pbkdf2Salt(name="specified", value=salt),
                    "iteration_count": PBKDF2_ROUNDS,
                    "prf": {"algorithm": "sha256"},
                }
            ),
        }
    )
    return algos.EncryptionAlgorithm(
        {
            "algorithm": "pbes2",
            "parameters": algos.Pbes2Params(
                {
                    "key_derivation_func": derivation,
                    "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": vector},
                }
            ),
        }
    )
