"""Where a command reads and writes: targets looked at before any work is done, standard input as a file."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

DEFINITIONS = click.option(
    "--definitions",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A package (.tgz or folder) or definition file to know; may be given again.",
)


class Target(click.Path):
    """A file (or, with `file_okay=False`, a folder) to write: refused with the command line where it cannot be made."""

    def __init__(self, *, file_okay: bool = True) -> None:
        super().__init__(file_okay=file_okay, dir_okay=not file_okay, writable=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; BadParameter says which folder is in the way."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if str(path) == "-" or (self.file_okay and path.exists() and not path.is_file()):
            return path  # the screen, a device or a pipe
        folder = path.resolve().parent if self.file_okay else path.resolve()
        while not folder.exists():
            folder = folder.parent
        if not folder.is_dir():
            self.fail(f"{path} cannot be written, as {folder} is no folder.", param, ctx)
        if not os.access(folder, os.W_OK | os.X_OK):
            self.fail(f"{path} cannot be written: there is no right to write into {folder}.", param, ctx)
        return path


@contextmanager
def with_standard_input(exports: Sequence[Path], name: str, patterns: Iterable[str]) -> Iterator[list[Path]]:
    """The exports, with `-` as a file that nobody else can read and that is gone when the block ends.

    Tables are found by the names of files, so that file needs one: `name`, else that of the one pattern there is.
    UsageError where there are several.
    """
    if not any(str(export) == "-" for export in exports):
        yield list(exports)
        return
    known = set(patterns)
    if not name and (len(known) != 1 or any(mark in next(iter(known)) for mark in "?[")):
        raise click.UsageError(
            f"Standard input has no name, and the map tells files by theirs: say --stdin-name, one of "
            f"{', '.join(sorted(known))}."
        )
    name = Path(name or next(iter(known)).replace("*", "input")).name
    with TemporaryDirectory(prefix="cart-fhir-") as folder:
        spooled = Path(folder) / name
        with spooled.open("wb") as stream:
            shutil.copyfileobj(sys.stdin.buffer, stream)
        yield [spooled if str(export) == "-" else export for export in exports]
