"""A passkey without a device: it answers a challenge as a browser would, with whatever counter it is told to show."""

import hashlib
import json

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

Flag = AuthenticatorData.FLAG


class Passkey:
    def __init__(self, host: str = "testserver") -> None:
        self.origin, self.counter = f"https://{host}", 0
        self.key, self.id = ec.generate_private_key(ec.SECP256R1()), b"a passkey of a test"
        self.rp = hashlib.sha256(host.encode()).digest()

    def credential(self) -> dict:
        """What is kept of it when it is added."""
        public = AttestedCredentialData.create(b"\0" * 16, self.id, ES256.from_cryptography_key(self.key.public_key()))
        known = AuthenticatorData.create(self.rp, Flag.UP | Flag.UV | Flag.AT, self.counter, public)
        client = CollectedClientData.create(type="webauthn.create", challenge=b"any", origin=self.origin)
        attested = AttestationObject.create("none", known, {})
        return self._named({"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(attested)})

    def answer(self, challenge: str, user_handle: str) -> str:
        """What is sent to sign in, as JSON."""
        known = AuthenticatorData.create(self.rp, Flag.UP | Flag.UV, self.counter)
        client = CollectedClientData.create(type="webauthn.get", challenge=challenge, origin=self.origin)
        signature = self.key.sign(bytes(known) + client.hash, ec.ECDSA(SHA256()))
        response = {"clientDataJSON": client, "authenticatorData": known, "signature": signature}
        packed = {name: websafe_encode(value) for name, value in response.items()}
        return json.dumps(self._named(packed | {"userHandle": websafe_encode(user_handle.encode())}))

    def _named(self, response: dict) -> dict:
        name = websafe_encode(self.id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
