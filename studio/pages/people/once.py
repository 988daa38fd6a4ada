"""What signs in once only: a code of an authenticator app, and each step of a passkey's counter.

Both are kept with the way of signing in itself, and held while they are compared: whatever process, cache or moment a
second use comes in, it finds the first.
"""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt

from agents.locks import locked

_LAST_STEP, _LAST_COUNT = "last_step", "sign_count"


@locked
def spend(app: Authenticator, code: str) -> bool:
    """Whether a code that is right is newer than every one that was taken before (RFC 6238, section 5.2)."""
    secret = decrypt(app.data["secret"])
    steps = [
        step
        for step in totp.yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, step)))
    ]
    step = max(steps, default=-1)
    if step <= app.data.get(_LAST_STEP, -1):
        return False
    _keep(app, _LAST_STEP, step)
    return True


@locked
def count(passkey: Authenticator, counter: int) -> bool:
    """Whether a passkey that signed rightly has counted on since (WebAuthn, section 7.2, step 22).

    Passkeys that are shared between devices do not count: theirs is always 0. One that did count and stands still or
    goes back is a copy of another, or the other of a copy.
    """
    before = passkey.data.get(_LAST_COUNT, passkey.wrap().authenticator_data.counter)
    if (counter or before) and counter <= before:
        return False
    if counter != before:
        _keep(passkey, _LAST_COUNT, counter)
    return True


def _keep(way: Authenticator, name: str, value: int) -> None:
    way.data[name] = value
    way.save(update_fields=["data"])
