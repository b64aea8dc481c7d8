"""What every test gets: a zone that is not UTC, no network beyond this machine, skips that CI turns into failures."""

from __future__ import annotations

import ipaddress
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

# A property that holds is true however busy the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A zone with an odd offset and the date line nearby: code that mixes up local time and UTC fails at once.
os.environ["TZ"] = "Pacific/Chatham"
time.tzset()


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The public cases and samples kept beside the repository; tests that need them skip where they are absent."""
    if not SHARED.is_dir():
        pytest.skip("the shared folder with public cases is not beside this checkout")
    return SHARED


@pytest.fixture
def need() -> Callable[[str, bool], None]:
    """Skip when something from outside Python is absent, or fail where CI says that everything must be there."""

    def check(what: str, present: bool) -> None:
        if present:
            return
        if os.environ.get("CART_FHIR_REQUIRE_ALL") == "1":
            pytest.fail(f"{what} is required here (CART_FHIR_REQUIRE_ALL=1) and absent")
        pytest.skip(f"{what} is not installed on this machine")

    return check


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections to any address but loopback: no test may depend on a network."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            try:
                local = ipaddress.ip_address(host).is_loopback
            except ValueError:
                local = host == "localhost"
            if not local:
                raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
