"""The way out where no mail server is set: each mail a file in a folder, whole or not at all."""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tracker.mail.messages import Envelope
from tracker.mail.outcomes import Outcome, Result

_UNSAFE = re.compile(r"[^A-Za-z0-9@._-]")


class FolderPost:
    """A folder; the same mail written twice is one file."""

    def __init__(self, folder: Path, *, reach: Callable[[str], None] = lambda _point: None) -> None:
        self.folder, self.reach = folder, reach

    def send(self, parcel: Envelope) -> Outcome:
        """Write one mail under another name and rename it when it is whole."""
        name = f"{_UNSAFE.sub('_', parcel.message_id.strip('<>'))}.eml"
        draft = self.folder / f".{name}.{os.getpid()}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(draft, parcel.data)
            self.reach("text")
            draft.replace(self.folder / name)
            self.reach("accepted")
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            reply = f"{self.folder.name}: {error.strerror}"
            return Outcome(Result.DEFERRED, reply, is_away=True)
        return Outcome(Result.ACCEPTED, f"{self.folder.name}/{name}")

    def close(self) -> None:
        """Nothing is open."""


def _write(path: Path, data: bytes) -> None:
    path.touch(mode=0o600)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
