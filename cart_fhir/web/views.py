"""One function for each page: records in, HTML out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from flask import render_template, request

from cart_fhir.errors import NotFound
from cart_fhir.profiles import canonical
from cart_fhir.server.body import located
from cart_fhir.server.http import Json
from cart_fhir.server.journey import grade_of, is_told, was_given
from cart_fhir.server.journey import journey as journey_of
from cart_fhir.web.picture import draw
from cart_fhir.web.records import Records, centre_of, death_of, pseudonym_of, shares

View = Callable[..., str]
_PER_PAGE = 25
_MOST_FINDINGS = 200


def home(records: Records) -> str:
    """Totals per profile, centre, disease and grade, and where to go from here."""
    patients = records.all("Patient")
    conditions = [one for one in records.of_profile("Condition", "cart-autoimmune-condition") if is_told(one)]
    events = [one for one in records.all("AdverseEvent") if is_told(one)]
    profiles = [(profile, _number(records, profile)) for profile in _profiles(records)]
    graded: dict[str, Counter[int]] = defaultdict(Counter)
    for event in events:
        graded[records.name(event.get("event"))][grade_of(event) or 0] += 1
    common = sorted(graded.items(), key=lambda item: -sum(item[1].values()))[:8]
    return render_template(
        "cart_fhir/home.html",
        patients=len(patients),
        infusions=_infusions(records),
        events=len(events),
        resources=sum(records.count(type) for type in records.service.shared.store.counts()),
        centres=shares(Counter(map(centre_of, patients))),
        diseases=shares(_diseases(records, conditions)),
        profiles=[(profile, number) for profile, number in profiles if number],
        toxicities=[(name, sorted(counts.items())) for name, counts in common],
        example=_example(records, patients),
        pseudonym=pseudonym_of,
    )


def cohort(records: Records) -> str:
    """The patients, with disease, infusion, worst grades and last response; by disease and centre when asked."""
    rows = _patients(records)
    disease, centre = request.args.get("disease", ""), request.args.get("centre", "")
    wanted = [row for row in rows if disease in ("", *row["diseases"]) and centre in ("", row["centre"])]
    last = -(-len(wanted) // _PER_PAGE) or 1
    page = min(max(request.args.get("page", 1, type=int), 1), last)
    shown = wanted[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    _add_course(records, {row["id"]: row for row in shown})
    return render_template(
        "cart_fhir/cohort.html",
        rows=shown,
        total=len(wanted),
        page=page,
        last=last,
        diseases=sorted({name for row in rows for name in row["diseases"]}),
        centres=sorted({row["centre"] for row in rows}),
        disease=disease,
        centre=centre,
    )


def journey(records: Records, patient: str) -> str:
    """One patient's journey as a picture on the day-0 axis, and every event as a table with its raw FHIR."""
    found = journey_of(records.record(patient), records.label)
    return render_template(
        "cart_fhir/journey.html",
        journey=found,
        picture=draw(found),
        pseudonym=pseudonym_of(found.patient),
        centre=centre_of(found.patient),
        died=death_of(found.patient),
    )


def check(records: Records) -> str:
    """Paste or upload a resource; findings with line and advice. Nothing is stored."""
    text, name = "", ""
    if request.method == "POST":
        sent = request.files.get("file")
        data = sent.read() if sent and sent.filename else request.form.get("text", "").encode()
        name = sent.filename or "" if sent else ""
        text = data.decode("utf-8", "replace")
        validator = records.service.shared.validator
        issues = located(data, validator.validate(data, request.form.get("profile") or None))
    else:
        issues = []
    lines = text.splitlines()
    return render_template(
        "cart_fhir/check.html",
        checked=request.method == "POST",
        name=name,
        text=text if len(text) <= 200_000 else "",
        issues=issues[:_MOST_FINDINGS],
        left_out=max(0, len(issues) - _MOST_FINDINGS),
        errors=sum(issue.is_error for issue in issues),
        excerpt=lambda line: lines[line - 1].strip()[:160] if line and line <= len(lines) else "",
        profiles=_profiles(records),
        chosen=request.form.get("profile", ""),
    )


def guide(records: Records) -> str:
    """The profiles of the guide, with what they are for."""
    registry = records.service.registry
    guides = registry.all("ImplementationGuide")
    return render_template(
        "cart_fhir/guide.html",
        guide=guides[0] if guides else {},
        profiles=_profiles(records),
        extensions=[one for one in registry.all("StructureDefinition") if one["type"] == "Extension"],
        value_sets=registry.all("ValueSet"),
    )


def profile(records: Records, profile: str) -> str:
    """One profile: its elements that differ from the base, with cardinality, type, binding and rules."""
    found = records.service.registry.structure(canonical.url(profile))
    if found is None:
        raise NotFound(f"The guide has no profile '{profile}'.")
    supported = [one for one in found["snapshot"]["element"] if one.get("mustSupport") or _has_rule(one, found)]
    return render_template("cart_fhir/profile.html", profile=found, elements=supported)


def _has_rule(element: Json, profile: Json) -> bool:
    return any(rule.get("source", profile["url"]) == profile["url"] for rule in element.get("constraint", ()))


def _profiles(records: Records) -> list[Json]:
    return sorted(records.service.registry.profiles(), key=lambda one: (one["type"], one["id"]))


def _number(records: Records, profile: Json) -> int:
    return records.count(profile["type"], f"_profile={profile['url']}")


def _infusions(records: Records) -> int:
    """How many infusions were given, in whole or in part."""
    given = "&status:not=not-done&status:not=entered-in-error"
    return records.count("MedicationAdministration", f"_profile={canonical.url('cart-administration')}{given}")


def _example(records: Records, patients: list[Json]) -> Json | None:
    """A patient whose picture is worth a look: one with much toxicity who lived, if there is one."""
    high = records.bundle("AdverseEvent", "_count=50").get("entry", ())
    events = [entry["resource"] for entry in high if is_told(entry["resource"])]
    died = {_subject(one) for one in events if grade_of(one) == 5}
    burden: Counter[str] = Counter()
    for event in events:
        if _subject(event) not in died:
            burden[_subject(event)] += grade_of(event) or 0
    wanted = max(burden, key=burden.__getitem__, default="")
    return next((one for one in patients if one["id"] == wanted), patients[0] if patients else None)


def _diseases(records: Records, conditions: list[Json]) -> Counter[str]:
    """How many patients have each disease; one with two counts for both, as in the cohort."""
    return Counter(name for _, name in {(_subject(one), records.name(one.get("code"))) for one in conditions})


def _patients(records: Records) -> list[dict[str, Any]]:
    """A row for every patient, in the order of centres and names, with what a page is chosen by."""
    rows: dict[str, dict[str, Any]] = {}
    for patient in records.all("Patient"):
        rows[patient["id"]] = {
            "id": patient["id"],
            "name": pseudonym_of(patient),
            "centre": centre_of(patient),
            "gender": patient.get("gender", ""),
            "born": patient.get("birthDate", "")[:4],
            "died": death_of(patient),
            "diseases": [],
            "infusion": "",
            "grades": [],
            "response": "",
        }
    for condition in filter(is_told, records.of_profile("Condition", "cart-autoimmune-condition")):
        row, name = rows.get(_subject(condition)), records.name(condition.get("code"))
        if row is not None and name and name not in row["diseases"]:
            row["diseases"].append(name)
    for row in rows.values():
        row["diseases"].sort()
    return sorted(rows.values(), key=lambda row: (row["centre"], row["name"]))


def _add_course(records: Records, rows: dict[str, dict[str, Any]]) -> None:
    """Add infusion, response and the three highest grades: read for the patients of one page, not for all."""
    if not rows:
        return
    theirs = "&subject=" + ",".join(f"Patient/{patient}" for patient in rows)
    infusions = records.of_profile("MedicationAdministration", "cart-administration", f"&_sort=-effective-time{theirs}")
    for infusion in filter(was_given, infusions):  # the first one is set last
        began = infusion.get("effectiveDateTime") or infusion.get("effectivePeriod", {}).get("start", "")
        _set(rows, infusion, "infusion", began[:10])
    for response in records.of_profile("Observation", "cart-response", f"&_sort=date{theirs}"):
        if not is_told(response):
            continue
        _set(rows, response, "response", records.label(response.get("valueCodeableConcept")))
    worst: dict[str, dict[str, int]] = defaultdict(dict)
    for event in filter(is_told, records.all("AdverseEvent", theirs.lstrip("&"))):
        grade, name, mine = grade_of(event), records.name(event.get("event")), worst[_subject(event)]
        if grade:
            mine[name] = max(grade, mine.get(name, 0))
    for patient in rows.keys() & worst.keys():
        rows[patient]["grades"] = sorted(worst[patient].items(), key=lambda item: (-item[1], item[0]))[:3]


def _set(rows: dict[str, dict[str, Any]], resource: Json, key: str, value: str) -> None:
    row = rows.get(_subject(resource))
    if row is not None and value:
        row[key] = value


def _subject(resource: Json) -> str:
    return str(resource.get("subject", {}).get("reference", "")).removeprefix("Patient/")
