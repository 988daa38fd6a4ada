"""Keys of other people's services, unreadable where they are kept: whoever takes the database alone has none of them.

What seals them is a file beside the secret key, readable by its owner only. It is no child of the secret key, so that a
new one of those does not cost every service's key.
"""

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

FILE = "connections_key"


class Unreadable(ValueError):
    """A sealed key does not open: the file that sealed it was lost or replaced."""


def seal(secret: str) -> str:
    """What may be kept of a secret. Nothing is kept of an empty one."""
    return _box(settings.DATA_DIR).encrypt(secret.encode()).decode("ascii") if secret else ""


def unseal(sealed: str) -> str:
    """Raises Unreadable."""
    if not sealed:
        return ""
    try:
        return _box(settings.DATA_DIR).decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, ValueError):
        raise Unreadable("a sealed key does not open") from None


def _box(data_dir: Path) -> Fernet:
    path = data_dir / FILE
    try:
        return Fernet(path.read_bytes().strip())
    except FileNotFoundError:
        pass
    # Written whole before it has its name: another process of ours never reads half a key.
    half = path.with_name(f"{FILE}.{os.getpid()}.{os.urandom(4).hex()}")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(Fernet.generate_key())
    try:
        os.link(half, path)
    except FileExistsError:  # another process was quicker
        pass
    finally:
        half.unlink()
    return Fernet(path.read_bytes().strip())
