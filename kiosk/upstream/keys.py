"""What the receiving end must keep to itself, in files beside its ledger (0600), made at the first start: the private
half of its key, and a secret for each hall. Each hall's file is what goes into that hall's hall.toml."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nacl.public import PrivateKey

from kiosk.upstream import sealing, signing

_PRIVATE = "district.private"
_HALLS = "halls"


@dataclass(frozen=True, slots=True)
class Ring:
    """`public`: what halls seal to. `secrets`: hall → bytes. `fresh`: files made just now."""

    private: PrivateKey
    public: str
    secrets: dict[str, bytes]
    fresh: tuple[Path, ...]


def ready(data: Path, halls: Sequence[str], url: str, name: str) -> Ring:
    """Read the keys, and make those that are missing. Raises `ValueError` for a file that is none, `OSError`."""
    made: list[Path] = []
    kept = data / _PRIVATE
    if not kept.exists():
        _write(kept, sealing.new_pair()[0] + "\n")
    private = kept.read_text(encoding="ascii").strip()
    public = sealing.public_of(private)
    found: dict[str, bytes] = {}
    for hall in halls:
        file = data / _HALLS / f"{hall}.toml"
        if not file.exists():
            _write(file, _snippet(name, url, signing.new_secret(), public))
            made.append(file)
        try:
            told = tomllib.loads(file.read_text(encoding="utf-8"))["upstream"][0]["secret"]
            found[hall] = signing.key_of(told)
        except (tomllib.TOMLDecodeError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise ValueError(f"{file}: no [[upstream]] with a secret") from error
    return Ring(sealing.private_key(private), public, found, tuple(made))


def _snippet(name: str, url: str, secret: str, public: str) -> str:
    return (
        "# 贴进这家大厅的 hall.toml，然后从这里删去别处的副本 / for this hall's hall.toml; keep no other copy\n"
        "[[upstream]]\n"
        f'name = "{name}"\nkind = "cloudevents"\nurl = "{url}/api/v1/events"\n'
        f'secret = "{secret}"\nevents = ["request.*"]\npublic_key = "{public}"\n'
    )


def _write(path: Path, text: str) -> None:
    """Whole, readable by its owner only; of two who make it at once, the first one's stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(own, path)
    except FileExistsError:
        pass
    finally:
        own.unlink()
