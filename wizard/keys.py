"""The key that signs sessions and links: given in the environment, or one of our own in `data`."""

import secrets

from wizard.config import Config


def secret_key(config: Config) -> str:
    """The same for all processes of one installation; a key of our own is readable by us only."""
    if config.secret_key:
        return config.secret_key
    path = config.data / "session-key"
    if not path.exists():
        config.data.mkdir(parents=True, exist_ok=True)
        fresh = config.data / f".session-key-{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            path.hardlink_to(fresh)  # whole, or not at all: several processes may start at once
        except FileExistsError:
            pass
        fresh.unlink()
    return path.read_text()
