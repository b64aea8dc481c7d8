"""Patient/$journey: the record in the order of the days around the infusion, as the guide's operation defines it."""

from __future__ import annotations

from cart_fhir.errors import BadRequest
from cart_fhir.profiles import canonical
from cart_fhir.server.http import Json, Request, Response
from cart_fhir.server.journey import infusion_dates, study_day
from cart_fhir.server.operations import Operation
from cart_fhir.server.operations.arguments import Arguments, arguments
from cart_fhir.server.operations.everything import record
from cart_fhir.server.service import Service


def journey(service: Service, request: Request) -> Response:
    """200 with a searchset: what has no study day first, then day by day.

    `infusion` (default 1) says which infusion is day 0; `from-day` and `to-day` limit the days.
    """
    given = arguments(service, request, known=("infusion", "from-day", "to-day"))
    number = _whole(given, "infusion", 1)
    low, high = _whole(given, "from-day", None), _whole(given, "to-day", None)
    found = list(record(service, request, request.id))
    dates = infusion_dates(found)
    assert number is not None
    if number < 1 or (number > 1 and number > len(dates)):
        raise BadRequest(f"There is no infusion {number}; the record holds {len(dates)}.")
    zero = dates[number - 1] if dates else None
    rows = [(study_day(one, zero), one) for one in found]
    if low is not None or high is not None:
        rows = [(day, one) for day, one in rows if day is not None and _between(day, low, high)]
    rows.sort(key=lambda row: (row[0] is not None, row[0] or 0, row[1]["resourceType"] != "Patient"))
    entries = [
        {
            "fullUrl": f"{request.base}/{one['resourceType']}/{one['id']}",
            "resource": one,
            "search": {"mode": "match"},
        }
        for _, one in rows
    ]
    return Response(200, _searchset(request, entries))


def _searchset(request: Request, entries: list[Json]) -> Json:
    query = "&".join(f"{key}={value}" for key, value in request.query)
    url = f"{request.base}/Patient/{request.id}/$journey" + (f"?{query}" if query else "")
    made: Json = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    return made | {"link": [{"relation": "self", "url": url}]} | ({"entry": entries} if entries else {})


def _whole(given: Arguments, name: str, default: int | None) -> int | None:
    text = given.text(name)
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise BadRequest(f"{name}='{text}' is no whole number.") from None


def _between(day: int, low: int | None, high: int | None) -> bool:
    return (low is None or day >= low) and (high is None or day <= high)


def operation() -> Operation:
    """The operation, with the canonical that the built guide gives it."""
    return Operation(
        "journey",
        journey,
        canonical.url("x").partition("/StructureDefinition/")[0] + "/OperationDefinition/cart-journey",
        "The record in the order of the days around the infusion.",
        instance=frozenset({"Patient"}),
    )
