"""Grades of immune effector cell toxicities from their criteria: ASTCT CRS and ICANS, and the LICATS onset window.

Source of CRS and ICANS: Lee et al., ASTCT consensus grading, Biol Blood Marrow Transplant 2019;25:625 (as reprinted
in PMC9327779, table 2). LICATS: Hagen et al., Lancet Rheumatol 2025, doi 10.1016/S2665-9913(25)00091-8. Grades are
integers; 0 means that the criteria aren't met. A grade of 5 (death) is never derived from criteria, only from the
fact.

Children below 12 years (and older patients with delay) are screened with CAPD in place of ICE: 9 or more is grade 3,
below 9 the level of consciousness tells 1 from 2 (the consensus as reported by its authors in
mdedge.com/hematology-oncology/article/192202).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

# levels of the criteria, by the codes of the guide's code systems
Hypotension = Literal["none", "no-vasopressor", "one-vasopressor", "multiple-vasopressors"]
Hypoxia = Literal["none", "low-flow", "high-flow", "positive-pressure"]
Consciousness = Literal["alert", "awakens-spontaneously", "awakens-to-voice", "awakens-to-tactile", "unarousable"]
Seizure = Literal["none", "brief-or-resolving", "prolonged-or-repetitive"]
Pressure = Literal["none", "focal-oedema", "diffuse-oedema"]

# criterion -> level -> the grade it stands for; the grade of an assessment is the worst of them
_HYPOTENSION: Final[Mapping[str, int]] = {
    "none": 1,
    "no-vasopressor": 2,
    "one-vasopressor": 3,
    "multiple-vasopressors": 4,
}
_HYPOXIA: Final[Mapping[str, int]] = {"none": 1, "low-flow": 2, "high-flow": 3, "positive-pressure": 4}
_CONSCIOUSNESS: Final[Mapping[str, int]] = {
    "alert": 0,
    "awakens-spontaneously": 1,
    "awakens-to-voice": 2,
    "awakens-to-tactile": 3,
    "unarousable": 4,
}
_SEIZURE: Final[Mapping[str, int]] = {"none": 0, "brief-or-resolving": 3, "prolonged-or-repetitive": 4}
_PRESSURE: Final[Mapping[str, int]] = {"none": 0, "focal-oedema": 3, "diffuse-oedema": 4}

_ICE_PARTS: Final[Mapping[str, int]] = {"orientation": 4, "naming": 3, "command": 1, "writing": 1, "attention": 1}

# ICD-10-CM 2021 and later: the code carries the ASTCT grade (None: unspecified)
ICD10CM_CRS: Final[Mapping[int | None, str]] = {
    None: "D89.839",
    1: "D89.831",
    2: "D89.832",
    3: "D89.833",
    4: "D89.834",
    5: "D89.835",
}
ICD10CM_ICANS: Final[Mapping[int | None, str]] = {
    None: "G92.00",
    1: "G92.01",
    2: "G92.02",
    3: "G92.03",
    4: "G92.04",
    5: "G92.05",
}


def crs_grade(
    *, fever: bool, hypotension: Hypotension, hypoxia: Hypoxia, fever_treated: bool = False, died: bool = False
) -> int:
    """The ASTCT CRS grade, 0-5: the worst of hypotension and hypoxia, given fever.

    `fever` is a temperature of 38.0 Cel or more without another cause; `fever_treated` says that CRS had begun with
    fever and antipyretics, tocilizumab or steroids were given since, after which fever is no longer required (with
    neither hypotension nor hypoxia the grade stays 1, though it may be over: the source leaves that to the clinician).
    Without either the answer is 0: hypotension alone is not CRS. Vasopressin beside one vasopressor still counts as
    one. `hypoxia`: low-flow is <= 6 L/min or blow-by, high-flow includes masks.
    """
    if died:
        return 5
    worst = max(_level("hypotension", _HYPOTENSION, hypotension), _level("hypoxia", _HYPOXIA, hypoxia))
    return worst if fever or fever_treated else 0


def icans_grade(
    *,
    ice: int | None,
    capd: int | None = None,
    consciousness: Consciousness = "alert",
    seizure: Seizure = "none",
    deep_weakness: bool = False,
    pressure: Pressure = "none",
    died: bool = False,
) -> int:
    """The ASTCT ICANS grade, 0-5: the most severe of its criteria.

    `ice` is the ICE score 0-10, or None where it couldn't be done (unarousable) or isn't the instrument. An ICE of 0 in
    a patient who can be roused is grade 3, in an unarousable one 4 by consciousness. `capd` is a child's CAPD score
    0-32: 9 or more is grade 3; a lower one says nothing beside consciousness, so that 0 is the answer for an alert
    child, whom the source calls grade 1 once ICANS is diagnosed. `seizure`: brief-or-resolving covers non-convulsive
    ones on EEG, prolonged is > 5 min. `deep_weakness`: deep focal motor weakness. `pressure`: cerebral oedema and its
    signs. Raises ValueError for a score out of range or an unknown level.
    """
    if died:
        return 5
    return max(
        0 if ice is None else ice_grade(ice),
        0 if capd is None else capd_grade(capd),
        _level("consciousness", _CONSCIOUSNESS, consciousness),
        _level("seizure", _SEIZURE, seizure),
        4 if deep_weakness else 0,
        _level("pressure", _PRESSURE, pressure),
    )


def ice_grade(ice: int) -> int:
    """What an ICE score alone stands for: 10 -> 0, 7-9 -> 1, 3-6 -> 2, 0-2 -> 3. Raises ValueError out of 0-10."""
    if not 0 <= ice <= 10:
        raise ValueError(f"ICE is {ice}; it runs from 0 to 10.")
    return next(grade for grade, least in enumerate((10, 7, 3, 0)) if ice >= least)


def capd_grade(capd: int) -> int:
    """What a CAPD score alone stands for: 9 or more -> 3, below 9 -> 0. Raises ValueError out of 0-32."""
    if not 0 <= capd <= 32:
        raise ValueError(f"CAPD is {capd}; it runs from 0 to 32.")
    return 3 if capd >= 9 else 0


def ice_score(parts: Mapping[str, int]) -> int:
    """The ICE score 0-10 from its parts: orientation 0-4, naming 0-3, command, writing and attention 0-1 each."""
    if set(parts) != set(_ICE_PARTS):
        raise ValueError(f"ICE needs exactly these parts: {', '.join(_ICE_PARTS)}.")
    for name, points in parts.items():
        if not 0 <= points <= _ICE_PARTS[name]:
            raise ValueError(f"ICE {name} is {points}; it runs from 0 to {_ICE_PARTS[name]}.")
    return sum(parts.values())


def neuro_instrument(birth: date, on: date) -> Literal["ICE", "CAPD"]:
    """Which screening belongs to the patient's age: CAPD before the 12th birthday, ICE from then on.

    So says the ASTCT consensus; the definition of NCIt C188936 counts 12 completed years with the children.
    """
    years = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    return "CAPD" if years < 12 else "ICE"


def licats_window(onset_day: int) -> Literal["early", "intermediate", "late"]:
    """When a LICATS began, by study day: early up to 14, intermediate 15-30, late after 30 (a month taken as 30
    days).
    """
    if onset_day < 0:
        raise ValueError(f"LICATS follows the infusion; day {onset_day} is before it.")
    return "early" if onset_day <= 14 else "intermediate" if onset_day <= 30 else "late"


def _level(criterion: str, levels: Mapping[str, int], level: str) -> int:
    if level not in levels:
        raise ValueError(f"{criterion} is '{level}'; it is one of {', '.join(levels)}.")
    return levels[level]
