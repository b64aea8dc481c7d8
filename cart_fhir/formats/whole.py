"""Files that come whole or not at all: a full disk or Ctrl-C leaves what stood under the name before, or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A stream into NAME.part beside the file, which takes the file's name when the block ends well.

    The folder is made where it is missing, a link is followed, and a file that is replaced keeps its rights. A device
    or a pipe takes the bytes as they come.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as stream:
            if path.exists():
                shutil.copymode(path, part)
            yield stream
        part.replace(path)
    except BaseException:  # Ctrl-C too leaves nothing behind
        part.unlink(missing_ok=True)
        raise
