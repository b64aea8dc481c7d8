"""The pages in a real browser: they render, and nothing in them breaks their own policy."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def address(pages: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, pages, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
def test_the_journey_renders(address: str, pages: Flask, tmp_path: Path, need: Callable[[str, bool], None]) -> None:
    need("Chromium", CHROMIUM is not None)
    import re

    found = re.search(r'href="(/journey/[^"]+)"', pages.test_client().get("/").text)
    assert found
    picture = tmp_path / "journey.png"
    command = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
        "--no-first-run", f"--user-data-dir={tmp_path / 'profile'}", "--enable-logging=stderr", "--hide-scrollbars",
        "--window-size=1200,1400", f"--screenshot={picture}", address + found[1],
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert picture.exists(), done.stderr[-2000:]
    assert picture.stat().st_size > 40_000, "an empty page is smaller"
    assert "Content Security Policy" not in done.stderr, done.stderr[-2000:]
