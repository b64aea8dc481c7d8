"""The pages in a real browser: by keyboard, on a phone, in the dark, without scripts, and within their own policy."""

from __future__ import annotations

import base64
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from .chromium import Chromium, chromium

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATHS = ["/", "/cohort", "/check", "/guide", "/guide/cart-administration", "journey"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(pages: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, pages, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(tmp_path: Path, need: Callable[[str, bool], None]) -> Iterator[Chromium]:
    need("Chromium", CHROMIUM is not None)
    with chromium(str(CHROMIUM), tmp_path / "profile") as browser:
        yield browser


@pytest.fixture
def journey(pages: Flask) -> str:
    found = re.search(r'href="(/journey/[^"]+)"', pages.test_client().get("/").text)
    assert found
    return found[1]


def test_pages_fit_a_phone_keep_their_policy_and_load_nothing_from_elsewhere(
    address: str, page: Chromium, journey: str
) -> None:
    page.phone()
    for path in PATHS:
        page.open(address + (journey if path == "journey" else path))
        assert page.value("document.querySelector('h1') !== null"), path
        assert page.value("document.scrollingElement.scrollWidth") <= 390, f"{path} is wider than a phone"
        assert page.complaints() == [], path
        assert all(one.startswith((address, "data:")) for one in page.requested()), path


def test_the_journey_is_drawn(address: str, page: Chromium, journey: str) -> None:
    page.open(address + journey)
    assert page.value("document.querySelector('svg.picture').getBoundingClientRect().height") > 300
    assert page.value("document.querySelectorAll('svg.picture .mark, svg.picture .point').length") > 40
    picture = base64.b64decode(page.call("Page.captureScreenshot")["data"])
    assert len(picture) > 30_000, "an empty page is smaller"


def test_the_keyboard_reaches_the_journey_and_its_table(address: str, page: Chromium, journey: str) -> None:
    page.open(address + "/")
    page.press("Tab", 9)
    assert page.value("document.activeElement.className") == "skip"
    for _ in range(30):
        page.press("Tab", 9)
        if "/journey/" in str(page.value("document.activeElement.href")):
            break
    assert page.value("getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus can be seen"
    page.told.clear()
    page.press("Enter", 13)
    page.wait("Page.loadEventFired")
    assert page.value("location.pathname") == journey
    for _ in range(12):
        page.press("Tab", 9)
        if page.value("document.activeElement.closest('table') !== null"):
            return
    pytest.fail("the table of events is a dozen stops away or more")


def test_the_dark_is_dark_and_can_be_read(address: str, page: Chromium) -> None:
    page.dark()
    page.open(address + "/cohort")
    ground, ink = (
        [int(part) for part in re.findall(r"\d+", page.value(f"getComputedStyle(document.body).{what}"))]
        for what in ("backgroundColor", "color")
    )
    assert max(ground) < 60
    assert min(ink) > 190


def test_without_scripts_forms_work_and_errors_are_pages(address: str, page: Chromium) -> None:
    page.without_scripts()
    page.open(address + "/check")
    page.value('document.querySelector(\'textarea\').value = \'{"resourceType": "Patient", "gender": "xx"}\'')
    page.told.clear()
    page.value("document.querySelector('form.card button').click()")
    page.wait("Page.loadEventFired")
    assert "Patient.gender" in page.value("document.querySelector('.findings').textContent")
    page.open(address + "/journey/nobody")
    assert page.value("document.querySelector('h1').textContent")
    assert page.value("document.querySelector('nav a') !== null"), "there is a way back"
