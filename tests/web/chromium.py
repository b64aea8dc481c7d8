"""A Chromium without a window, spoken to over its DevTools pipe: enough to look at a page as a person would.

https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SECONDS = 20.0


class Chromium:
    """One page. Every wait ends after twenty seconds with an error."""

    def __init__(self, sent: int, received: int) -> None:
        self._sent, self._received = sent, received
        self._waiting = b""
        self._number = 0
        self._session = ""
        self.told: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command and its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._sent, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer)
                found: dict[str, Any] = answer["result"]
                return found
            self.told.append(answer)

    def _next(self) -> dict[str, Any]:
        end = time.monotonic() + _SECONDS
        while b"\0" not in self._waiting:
            ready, _, _ = select.select([self._received], [], [], max(0.0, end - time.monotonic()))
            assert ready, "Chromium said nothing for twenty seconds"
            more = os.read(self._received, 65536)
            assert more, "Chromium has gone"
            self._waiting += more
        message, _, self._waiting = self._waiting.partition(b"\0")
        made: dict[str, Any] = json.loads(message)
        return made

    def open(self, address: str) -> None:
        """Go to an address and wait until all of it is loaded."""
        self.told.clear()
        self.call("Page.navigate", url=address)
        self.wait("Page.loadEventFired")

    def wait(self, event: str) -> None:
        """Wait for an event since the last page was asked for."""
        while not any(one.get("method") == event for one in self.told):
            self.told.append(self._next())

    def value(self, expression: str) -> Any:
        """What a JavaScript expression gives on the page (the page itself may not run any)."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def press(self, key: str, code: int) -> None:
        """Press a key, e.g. ("Tab", 9)."""
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text)

    def phone(self) -> None:
        """Look through a phone's screen of 390 pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)

    def dark(self) -> None:
        """Prefer dark pages."""
        dark = [{"name": "prefers-color-scheme", "value": "dark"}]
        self.call("Emulation.setEmulatedMedia", features=dark)

    def without_scripts(self) -> None:
        """Run no script of a page."""
        self.call("Emulation.setScriptExecutionDisabled", value=True)

    def requested(self) -> list[str]:
        """The addresses asked for since the last page."""
        sent = [one for one in self.told if one.get("method") == "Network.requestWillBeSent"]
        return [one["params"]["request"]["url"] for one in sent]

    def complaints(self) -> list[str]:
        """What the browser logged since the last page: policies broken, files not found."""
        return [one["params"]["entry"]["text"] for one in self.told if one.get("method") == "Log.entryAdded"]


@contextlib.contextmanager
def chromium(program: str, folder: Path) -> Iterator[Chromium]:
    """A browser with a profile of its own in a folder, gone afterwards."""
    (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()
    command = [
        program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
        "--remote-debugging-pipe", f"--user-data-dir={folder}",
    ]  # fmt: skip
    nothing = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    # Chromium reads from descriptor 3 and writes to 4; ours may have either number, so they are copied out of the way
    far = [(os.POSIX_SPAWN_DUP2, theirs_in, 103), (os.POSIX_SPAWN_DUP2, theirs_out, 104)]
    near = [(os.POSIX_SPAWN_DUP2, 103, 3), (os.POSIX_SPAWN_DUP2, 104, 4)]
    process = os.posix_spawn(program, command, os.environ, file_actions=[*nothing, *far, *near])
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Chromium(ours_out, ours_in)
    finally:
        os.close(ours_out)
        os.close(ours_in)
        os.kill(process, signal.SIGTERM)
        os.waitpid(process, 0)
