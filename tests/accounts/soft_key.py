"""A key made of software, for tests: it answers as a real one does, or as somebody would who has none."""

import hashlib
import json
import struct
from dataclasses import dataclass, field
from os import urandom

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT_AND_VERIFIED, WITH_CREDENTIAL = 0x05, 0x40


@dataclass
class SoftKey:
    host: str = "testserver"
    origin: str = "https://testserver"
    secret: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: urandom(16))

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin}).encode()

    def _about(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, 1)

    def makes(self, options: dict) -> str:
        """The answer to be registered with."""
        key = cbor.encode(dict(ES256.from_cryptography_key(self.secret.public_key())))
        attested = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + key
        data = self._about(PRESENT_AND_VERIFIED | WITH_CREDENTIAL) + attested
        return self._answer(
            clientDataJSON=self._client_data("create", options["publicKey"]["challenge"]),
            attestationObject=cbor.encode({"fmt": "none", "attStmt": {}, "authData": data}),
        )

    def answers(self, options: dict, *, kind: str = "get") -> str:
        """The answer to be known by."""
        client = self._client_data(kind, options["publicKey"]["challenge"])
        data = self._about(PRESENT_AND_VERIFIED)
        signed = self.secret.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signed)

    def _answer(self, **response: bytes) -> str:
        name = websafe_encode(self.credential)
        return json.dumps(
            {
                "id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {},
                "response": {key: websafe_encode(value) for key, value in response.items()},
            }
        )  # fmt: skip
