"""DORIS remission and LLDAS of a visit, derived from its SLEDAI-2K, physician's global assessment and prednisone dose.

Drug-free remission isn't derived: no source of this guide defines it. The definitions stand in `response`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from cart_fhir.definitions import Registry
from cart_fhir.profiles import canonical
from cart_fhir.profiles.activity import SLEDAI_2K
from cart_fhir.profiles.derived import Identify
from cart_fhir.profiles.elements import Json, local
from cart_fhir.profiles.fill import fill
from cart_fhir.profiles.response import LupusVisit, doris_remission, lldas

_HOW: Final[Mapping[str, str]] = {
    "doris-2021": "DORIS 2021 from clinical SLEDAI, PGA and prednisone dose; therapy as stated",
    "lldas": "LLDAS from SLEDAI-2K, PGA and prednisone dose; new activity and therapy as stated",
}


def lupus_states(
    sources: tuple[Json, Json, Json],
    *,
    stable_therapy: bool,
    new_activity: bool,
    identify: Identify,
    registry: Registry | None = None,
) -> list[Json]:
    """DORIS and LLDAS (true or false) of one visit; nothing where a source doesn't tell enough.

    `sources` are the visit's Observations of SLEDAI-2K (all 24 items answered), PGA (method scale-0-3) and
    prednisone-equivalent dose (mg/d). `stable_therapy` and `new_activity` (see `LupusVisit`) are the clinician's
    statements, which no Observation holds. Raises ValueError when the sources aren't of one patient and one date.
    """
    sledai, pga, prednisone = sources
    if len({(one["subject"]["reference"], one["effectiveDateTime"]) for one in sources}) > 1:
        raise ValueError("SLEDAI-2K, PGA and prednisone dose must be of one patient and of one date.")
    items, graded, dose = _items(sledai), _measured(pga), _measured(prednisone, "mg/d")
    if items is None or graded is None or not graded <= 3 or not _is_0_to_3(pga) or dose is None:
        return []
    visit = LupusVisit(items, graded, dose, stable_therapy, new_activity)
    states = {"doris-2021": doris_remission(visit), "lldas": lldas(visit)}
    return [
        _state(code, reached, sources, identify, registry or Registry.default()) for code, reached in states.items()
    ]


def _state(code: str, reached: bool, sources: tuple[Json, Json, Json], identify: Identify, registry: Registry) -> Json:
    first, on = sources[0], sources[0]["effectiveDateTime"]
    days = [part for part in first.get("extension", ()) if part.get("url") == canonical.url("cart-study-day")]
    body = {
        **identify(first["subject"]["reference"], (code, on)),
        **({"extension": days} if days else {}),
        "status": "final",
        "code": local("cart-remission-state", code),
        "subject": first["subject"],
        "effectiveDateTime": on,
        "valueBoolean": reached,
        "method": {"text": _HOW[code]},
        "derivedFrom": [{"reference": f"Observation/{one['id']}", "type": "Observation"} for one in sources],
    }
    return fill(canonical.url("cart-remission-state"), body, registry)


def _items(sledai: Json) -> dict[str, bool] | None:
    answered = {
        coding["code"]: part["valueBoolean"]
        for part in sledai.get("component", ())
        if "valueBoolean" in part
        for coding in part["code"]["coding"]
    }
    wanted = [item.code for item in SLEDAI_2K]
    return {code: answered[code] for code in wanted} if all(code in answered for code in wanted) else None


def _measured(one: Json, unit: str = "") -> Decimal | None:
    """The value, in that unit if one is asked for; None where there is none, or it is only bounded (<) or negative."""
    told = one.get("valueQuantity", {})
    if (unit and told.get("code") != unit) or "value" not in told or "comparator" in told or told["value"] < 0:
        return None
    return Decimal(told["value"])


def _is_0_to_3(pga: Json) -> bool:
    return any(coding.get("code") == "scale-0-3" for coding in pga.get("method", {}).get("coding", ()))
