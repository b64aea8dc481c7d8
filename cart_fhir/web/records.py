"""What the pages read: searches and records through the server's interactions, so that its hooks see every one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from cart_fhir.profiles import canonical
from cart_fhir.server.http import Json, Request
from cart_fhir.server.operations.everything import record
from cart_fhir.server.service import Service

_MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Records:
    """A mounted server as the pages see it: `base` is its FHIR base URL, `credentials` those of the page's visitor."""

    service: Service
    base: str
    credentials: str = ""

    def bundle(self, type: str, query: str) -> Json:
        """One page of a search."""
        headers = {"authorization": self.credentials} if self.credentials else {}
        pairs = tuple(parse_qsl(query, keep_blank_values=True))
        request = Request("GET", type, pairs, headers, base=self.base)
        return self.service.shared.dispatch(self.service, request).body or {}

    def count(self, type: str, query: str = "") -> int:
        """How many resources a search finds."""
        return int(self.bundle(type, f"{query}&_summary=count".lstrip("&")).get("total", 0))

    def all(self, type: str, query: str = "") -> list[Json]:
        """Every match of a search, all pages of it (at most 200)."""
        found: list[Json] = []
        following = f"{query}&_count={self.service.settings.max_page_size}".lstrip("&")
        for _ in range(_MOST_PAGES):
            page = self.bundle(type, following)
            found += [entry["resource"] for entry in page.get("entry", ()) if entry["search"]["mode"] == "match"]
            url = next((one["url"] for one in page.get("link", ()) if one["relation"] == "next"), "")
            if not url:
                break
            following = url.partition("?")[2]
        return found

    def of_profile(self, type: str, profile: str, more: str = "") -> list[Json]:
        """Every resource that claims a profile of the guide."""
        return self.all(type, f"_profile={canonical.url(profile)}{more}")

    def record(self, patient: str) -> list[Json]:
        """A patient's whole record; NotFound when there is no such patient."""
        headers = {"authorization": self.credentials} if self.credentials else {}
        request = Request("GET", f"Patient/{patient}/$everything", (), headers, base=self.base)
        request = self.service.shared.hooks.enter("operation", request)
        return list(record(self.service, request, patient))

    def name(self, concept: Any) -> str:
        """What a coded thing is called whoever wrote it, so that centres of two languages are counted together."""
        for coding in concept.get("coding", ()) if isinstance(concept, dict) else ():
            known = self.service.shared.terminology.display(coding.get("system", ""), coding.get("code", ""))
            if known:
                return known.removesuffix(" (disorder)").removesuffix(" (finding)")
        return self.label(concept)

    def label(self, concept: Any) -> str:
        """What to call a CodeableConcept or Coding: a display, the terminology's word, its text, or the code.

        The text comes after the displays: centres write it in their own languages, and a page is in one.
        """
        if not isinstance(concept, dict):
            return ""
        codings = concept.get("coding") or ([concept] if "code" in concept else [])
        for coding in codings:
            if coding.get("display"):
                return str(coding["display"])
            known = self.service.shared.terminology.display(coding.get("system", ""), coding.get("code", ""))
            if known:
                return known
        return str(concept.get("text") or (codings[0].get("code", "") if codings else ""))


def centre_of(patient: Json) -> str:
    """The centre a patient belongs to: the managing organisation, or who gave the identifier."""
    organization = patient.get("managingOrganization", {})
    if organization.get("display"):
        return str(organization["display"])
    for identifier in patient.get("identifier", ()):
        if identifier.get("assigner", {}).get("display"):
            return str(identifier["assigner"]["display"])
        host = str(identifier.get("system", "")).partition("://")[2].partition("/")[0]
        if host:
            return host
    return str(organization.get("reference", "not stated"))


def pseudonym_of(patient: Json) -> str:
    """What to call a patient on a page: the pseudonym of the hospital, else the id."""
    values = [one.get("value", "") for one in patient.get("identifier", ()) if one.get("value")]
    return str(values[0]) if values else str(patient.get("id", ""))


def shares(counts: Counter[str]) -> list[tuple[str, int, int]]:
    """Name, number and per cent of the largest, the most frequent first: rows of a bar chart."""
    largest = max(counts.values(), default=1)
    return [(name, number, round(100 * number / largest)) for name, number in counts.most_common()]


def death_of(patient: Json) -> str:
    """The day of a patient's death, `date not known` where only the fact is recorded; empty for the living."""
    when = str(patient.get("deceasedDateTime", ""))[:10]
    return when or ("date not known" if patient.get("deceasedBoolean") is True else "")
