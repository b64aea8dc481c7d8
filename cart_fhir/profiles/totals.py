"""Totals from items and grades from criteria, in one Observation: added where missing, compared where reported.

Never the other way round, and never in place of a reported value: `complete` adds, `disagreement` tells. Where an
item or a criterion is missing nothing is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, cast

from cart_fhir.definitions import ucum
from cart_fhir.profiles import activity, adverse_event
from cart_fhir.profiles.elements import Json, local, quantity

_TEMPERATURE: Final = "8310-5"
_CAPD: Final = "capd-score"


def complete(observation: Json) -> Json:
    """The Observation with its total or grade, and in `method` how it came, when the source gives none but all it
    needs.

    Scores: SLEDAI-2K, JDM DAS, MG-ADL. Grades: ASTCT CRS and ICANS. Anything else, and an Observation that has a
    value or says why not (dataAbsentReason), comes back as it is.
    """
    computed = _computed(observation)
    if computed is None or "dataAbsentReason" in observation or any(key.startswith("value") for key in observation):
        return observation
    code, value = computed
    how = {"method": observation.get("method", {"text": _RULES[code][1]})}
    if code in _GRADES:
        return {**observation, **how, "valueCodeableConcept": local("cart-grade", str(value))}
    return {**observation, **how, "valueQuantity": quantity(value, "{score}")}


def disagreement(observation: Json) -> str:
    """What is wrong between the reported total or grade and its items or criteria, in one sentence; "" when nothing
    is.
    """
    computed = _computed(observation)
    reported = _reported(observation)
    if computed is None or reported is None or reported == computed[1]:
        return ""
    code, value = computed
    if code in _GRADES and reported == 5:  # death isn't among the criteria
        return ""
    kind, parts = ("grade", "criteria") if code in _GRADES else ("total", "items")
    return f"The reported {kind} of {code} is {reported}; its {parts} give {value}."


def _computed(observation: Json) -> tuple[str, int] | None:
    codes = [coding.get("code") for coding in observation.get("code", {}).get("coding", ())]
    code = next((code for code in codes if code in _RULES), None)
    if code is None:
        return None
    parts = {name: value for part in observation.get("component", ()) for name, value in _component(part)}
    try:
        return code, _RULES[code][0](parts)
    except (KeyError, ValueError):  # an item is missing, unknown or out of range: the validator says which
        return None


def _component(part: Json) -> list[tuple[str, Any]]:
    value = next((part[key] for key in part if key.startswith("value")), None)
    names = [str(coding.get("code")) for coding in part.get("code", {}).get("coding", ())]
    if isinstance(value, dict):
        coded = [coding.get("code") for coding in value.get("coding", ())]
        value = coded[0] if coded else _number(value, "Cel" if _TEMPERATURE in names else "")
    return [(name, value) for name in names] if value is not None else []


def _number(told: Json, unit: str) -> Any:
    """The value of a Quantity, in that unit where one is asked for; None where it is only bounded (< 38)."""
    value, own = told.get("value"), told.get("code", "")
    if value is None or "comparator" in told:
        return None
    return ucum.convert(Decimal(value), own, unit) if unit and own != unit else value


def _reported(observation: Json) -> int | Decimal | None:
    if "valueQuantity" in observation:
        return cast("int | Decimal | None", observation["valueQuantity"].get("value"))
    grades = [coding.get("code", "") for coding in observation.get("valueCodeableConcept", {}).get("coding", ())]
    return int(grades[0]) if grades and grades[0].isdigit() else None


def _sledai(parts: Mapping[str, Any]) -> int:
    return activity.sledai_2k_total({item.code: parts[item.code] for item in activity.SLEDAI_2K})


def _jdm_das(parts: Mapping[str, Any]) -> int:
    return activity.jdm_das_total(_whole(parts["jdm-das-muscle"]), _whole(parts["jdm-das-skin"]))


def _mg_adl(parts: Mapping[str, Any]) -> int:
    return activity.mg_adl_total({code: _whole(parts[code]) for code in activity.MG_ADL})


def _crs(parts: Mapping[str, Any]) -> int:
    fever = Decimal(parts[_TEMPERATURE]) >= 38
    told = [parts[name] for name in ("tocilizumab-given", "steroid-given") if name in parts]
    treated = True in told
    if not fever and not treated and len(told) < 2:
        raise ValueError("Without fever the grade hangs on whether treatment took it away, which isn't told.")
    levels = {name: parts[f"{name}-level"] for name in ("hypotension", "hypoxia")}
    if not fever and treated and set(levels.values()) == {"none"}:
        raise ValueError("Treated and free of all three, it is over (0) or is not yet (1): the clinician says which.")
    return adverse_event.crs_grade(fever=fever, fever_treated=treated, **levels)


def _icans(parts: Mapping[str, Any]) -> int:
    """Either score will do; neither is needed where the patient can't be roused, who can do neither."""
    scores = {name: _whole(parts[code]) for name, code in (("ice", "ice-score"), ("capd", _CAPD)) if code in parts}
    grade = adverse_event.icans_grade(
        ice=scores.get("ice"),
        capd=scores.get("capd"),
        consciousness=parts["consciousness"],
        seizure=parts.get("seizure", "none"),
        deep_weakness=parts.get("motor-weakness") is True,
        pressure=parts.get("raised-icp", "none"),
    )
    if not scores and grade < 4:
        raise ValueError("Without a score the grade may be higher than the other criteria say.")
    if scores.get("capd") and "ice" not in scores and not grade:
        raise ValueError("An alert child with a CAPD below 9 has no ICANS (0) or has it (1): the clinician says which.")
    return grade


def _whole(value: Any) -> int:
    """A score, which is a whole number: 7.5 is none."""
    if int(value) != value:
        raise ValueError(f"{value} is no whole number.")
    return int(value)


_GRADES: Final = ("astct-crs", "astct-icans")
_RULES: Final[Mapping[str, tuple[Callable[[Mapping[str, Any]], int], str]]] = {
    "sledai-2k": (_sledai, "Total summed from the 24 weighted items"),
    "jdm-das-total": (_jdm_das, "Total summed from muscle and skin"),
    "mg-adl": (_mg_adl, "Total summed from the 8 items"),
    "astct-crs": (_crs, "Grade from fever, hypotension and hypoxia (ASTCT 2019)"),
    "astct-icans": (_icans, "Grade from ICE, consciousness, seizure, weakness and pressure (ASTCT 2019)"),
}
