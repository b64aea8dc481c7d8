"""Plug-ins by entry point: what is installed under a name in a group, ours and those of others alike."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

from cart_fhir.errors import ConfigError


def load(group: str, name: str) -> Any:
    """What is registered under the name; None where nothing is.

    ConfigError names the package of a plug-in that cannot be imported, whatever it raises then.
    """
    for entry in entry_points(group=group, name=name):
        try:
            return entry.load()
        except Exception as problem:
            package = f"{entry.dist.name}=={entry.dist.version}" if entry.dist else entry.value
            raise ConfigError(
                f"'{name}' of {package} ({group}) cannot be loaded: {type(problem).__name__}: {problem}.",
                advice="Mend or uninstall that package.",
            ) from problem
    return None


def names(group: str) -> list[str]:
    """The names that are registered, in order."""
    return sorted({entry.name for entry in entry_points(group=group)})
