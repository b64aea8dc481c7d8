"""The pages: what they show is what the server holds; nothing is loaded from elsewhere; markup is whole."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cart_fhir.server.extension import service_of

VOID = {"meta", "link", "input", "br", "img", "hr"}
PATHS = ["/", "/cohort", "/check", "/guide", "/guide/cart-administration"]


class Whole(HTMLParser):
    """Checks that every element is closed, collects links, ids and sources."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.styles: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        self.links += [value for name in ("href", "src", "action") if (value := given.get(name))]
        if given.get("id"):
            self.ids.append(given["id"] or "")
        self.styles += [value for name, value in attrs if name == "style" and value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"


def whole(text: str) -> Whole:
    page = Whole()
    page.feed(text)
    assert not page.open
    assert len(page.ids) == len(set(page.ids))
    return page


def a_journey(browser: FlaskClient) -> str:
    found = re.search(r'href="(/journey/[^"]+)"', browser.get("/").text)
    assert found
    return found[1]


@pytest.mark.parametrize("path", [*PATHS, "journey", "/journey/unknown", "/guide/unknown"])
def test_pages_are_whole_and_closed(browser: FlaskClient, path: str) -> None:
    answer = browser.get(a_journey(browser) if path == "journey" else path)
    assert answer.status_code == (404 if "unknown" in path else 200)
    page = whole(answer.text)
    assert {"html", "title", "main", "h1"} <= page.tags
    assert not page.tags & {"script", "iframe", "style"}
    assert not page.styles, "the policy refuses styles in attributes"
    outside = [one for one in page.links if "//" in one and not one.startswith(("http://localhost/", "data:"))]
    assert not outside
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_every_link_of_the_home_page_leads_somewhere(browser: FlaskClient) -> None:
    for link in set(whole(browser.get("/").text).links):
        if not link.startswith(("#", "data:")):
            with browser.get(link.removeprefix("http://localhost")) as answer:
                assert answer.status_code == 200, link


def test_home_counts_what_is_stored(pages: Flask, browser: FlaskClient) -> None:
    figures = dict(re.findall(r"<dt>([^<]+)</dt><dd>([\d,]+)</dd>", browser.get("/").text))
    counts = service_of(pages).shared.store.counts()
    assert figures["Patients"] == str(counts["Patient"]) == "5"
    assert figures["Adverse events"] == str(counts["AdverseEvent"])
    assert figures["Resources"].replace(",", "") == str(sum(counts.values()))


def test_the_journey_shows_every_event(browser: FlaskClient) -> None:
    text = browser.get(a_journey(browser)).text
    picture = text[text.index("<svg class") : text.index("</svg>")]
    for lane in ("Prior therapy", "Treatment", "CAR-T expansion", "Adverse events", "Laboratory"):
        assert f">{lane}</text>" in picture
    assert ">day 0</text>" in picture
    assert 'role="img"' in picture
    assert "infusion on" in picture, "the picture is told in words too"
    linked = set(re.findall(r"/fhir/([A-Za-z]+/[0-9a-f-]+)\?", text[text.index("Every event") :]))
    assert len(linked) > 50
    for reference in sorted(linked)[:5]:
        assert browser.get(f"/fhir/{reference}").status_code == 200


def test_the_cohort_can_be_narrowed(browser: FlaskClient) -> None:
    every = browser.get("/cohort").text
    assert "5 patients" in every
    disease = re.findall(r"<option>([^<]+)</option>", every)[0]
    narrowed = browser.get("/cohort", query_string={"disease": disease}).text
    assert re.search(r"[1-4] patient", narrowed)
    assert "No patient matches" in browser.get("/cohort", query_string={"disease": "none"}).text
    assert browser.get("/cohort?page=999").status_code == 200
    assert browser.get("/cohort?page=-3").status_code == 200


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"resourceType": "Patient",\n "gender": "unsure"}', "line 2"),
        ('{"resourceType": "Patient"', "fatal"),
        ("", "error"),
        ('<Patient xmlns="http://hl7.org/fhir"><gender value="unsure"/></Patient>', "Patient.gender"),
        ('{"resourceType": "Patient", "active": true}', "Valid"),
    ],
)
def test_check(browser: FlaskClient, text: str, told: str) -> None:
    answer = browser.post("/check", data={"text": text})
    assert answer.status_code == 200
    whole(answer.text)
    assert told in answer.text


def test_what_is_pasted_is_never_markup(browser: FlaskClient) -> None:
    evil = '{"resourceType": "Patient", "gender": "<script>alert(1)</script>"}'
    assert "<script>" not in browser.post("/check", data={"text": evil}).text


def test_hooks_decide_about_pages_too(pages: Flask, browser: FlaskClient) -> None:
    from cart_fhir.errors import Forbidden

    hooks = service_of(pages).shared.hooks

    def nobody(interaction: str, request: object) -> None:
        raise Forbidden("Nobody may read this.")

    hooks.before.append(nobody)
    try:
        for path in ("/", "/cohort"):
            answer = browser.get(path)
            assert answer.status_code == 403
            assert "Nobody may read this." in answer.text
    finally:
        hooks.before.remove(nobody)


def test_a_fault_is_a_page_with_a_reference_and_no_words(
    pages: Flask, browser: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    hooks = service_of(pages).shared.hooks

    words = "Erika Mustermann"

    def fail(interaction: str, request: object) -> None:
        raise KeyError(words)

    hooks.before.append(fail)
    try:
        with caplog.at_level("INFO"):
            answer = browser.get("/cohort")
    finally:
        hooks.before.remove(fail)
    assert answer.status_code == 500
    found = re.search(r"under reference ([0-9a-f]{8})", answer.text)
    assert found
    assert f"reference {found[1]}: KeyError at " in caplog.text
    assert words not in caplog.text
    assert browser.post("/cohort").status_code == 405


def test_each_disease_of_the_overview_leads_to_as_many_patients(browser: FlaskClient) -> None:
    rows = re.findall(
        r'<a href="(/cohort\?disease=[^"]+)">[^<]+</a></th><td class="number">(\d+)</td>', browser.get("/").text
    )
    assert rows
    for link, number in rows:
        assert re.search(rf"<p>{number} patients?</p>", browser.get(link).text), link


def test_a_page_beyond_the_last_is_the_last(browser: FlaskClient) -> None:
    assert "Page 1 of 1" in browser.get("/cohort?page=99").text
    assert "Page 1 of 1" in browser.get("/cohort?page=nonsense").text
