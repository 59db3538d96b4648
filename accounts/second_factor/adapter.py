"""How allauth keeps a second factor here."""

import base64
import hashlib
from io import BytesIO
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

ISSUER = "CRE casework"


def _ciphers() -> MultiFernet:
    """From SECRET_KEY, and from those that it replaced, so that a new key does not shut everybody out."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(f"second factor {key!s}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Code is not right. Wait for the next one, and type all six numbers.",
    }

    def get_totp_issuer(self) -> str:
        return ISSUER

    def get_totp_label(self, user: Any) -> str:
        """The user name: an e-mail address is nobody's business but the account's."""
        return str(user.username)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A passkey belongs to the host's name alone."""
        return {**super().get_public_key_credential_rp_entity(), "name": ISSUER}

    def encrypt(self, text: str) -> str:
        return _ciphers().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _ciphers().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """The picture to scan, as an element for the page: with no declaration, and nothing a strict policy refuses."""
        import qrcode  # noqa: PLC0415 -- asked for by one page
        from qrcode.image.svg import SvgPathImage  # noqa: PLC0415 -- the same

        stream = BytesIO()
        qrcode.make(url, image_factory=SvgPathImage).save(stream)
        return stream.getvalue().decode().partition("?>")[2].strip()
