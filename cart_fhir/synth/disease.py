"""The six diseases as a journey needs them: who gets them, which therapies came before, how they look before CAR-T.

All numbers are invented to be plausible for patients refractory enough for CAR-T; none describes a patient or a cohort.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cart_fhir.synth.model import DiseaseKey

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Profile:
    """How a disease presents: share among patients, age at infusion in years, share of women, regimens, prior
    therapies.

    `therapies` maps a row of the therapy table to the probability that it was tried; a row that isn't named was never
    given. `before` maps an analyte to its range in active disease, where it differs from the healthy one;
    `instrument` is the score followed (None: the blood count itself is the activity).
    """

    share: float
    age: Range
    women: float
    regimens: tuple[str, ...]
    therapies: Mapping[str, float]
    before: Mapping[str, Range]
    instrument: str | None = None


HEALTHY: Final[Mapping[str, Range]] = {
    "platelets": (180, 340),
    "haemoglobin": (12.0, 14.5),
    "leukocytes": (4.5, 8.5),
    "neutrophils": (2.4, 5.2),
    "c3": (0.95, 1.45),
    "c4": (0.14, 0.32),
    "anti-dsdna": (2, 20),
    "ck": (40, 160),
    "ldh": (140, 235),
    "crp": (0.5, 4.0),
    "ferritin": (30, 180),
    "b-cells": (110, 320),
    "igg": (5.8, 13.5),  # after years of rituximab and steroids
}

_BASIC: Final = {"glucocorticoids": 1.0, "rtx": 0.7, "ivig": 0.4}

PROFILES: Final[Mapping[DiseaseKey, Profile]] = {
    "sle": Profile(
        0.34,
        (9, 48),
        0.85,
        ("R1",),
        {
            **_BASIC,
            "hcq": 0.97,
            "mmf": 0.9,
            "belimumab": 0.6,
            "aza": 0.5,
            "cyc": 0.55,
            "cni": 0.4,
            "mtx": 0.25,
            "jak": 0.1,
        },
        {
            "platelets": (60, 240),
            "haemoglobin": (9.0, 12.0),
            "leukocytes": (2.4, 6.5),
            "c3": (0.35, 0.85),
            "c4": (0.03, 0.12),
            "anti-dsdna": (60, 480),
            "crp": (2, 20),
            "igg": (9, 19),
        },
        "sledai-2k",
    ),
    "jdm": Profile(
        0.13,
        (5, 17),
        0.65,
        ("R1",),
        {**_BASIC, "ivig": 0.95, "mtx": 0.95, "hcq": 0.6, "mmf": 0.6, "cyc": 0.4, "jak": 0.6, "cni": 0.35},
        {"ck": (300, 4200), "ldh": (320, 780), "crp": (1, 12)},
        "jdm-das-total",
    ),
    "ssc": Profile(
        0.13,
        (26, 62),
        0.8,
        ("R1",),
        {**_BASIC, "mmf": 0.95, "cyc": 0.55, "mtx": 0.5, "ivig": 0.2},
        {"crp": (3, 25)},
        "mrss",
    ),
    "mg": Profile(
        0.13,
        (22, 68),
        0.6,
        ("R3",),
        {
            **_BASIC,
            "ivig": 0.95,
            "pyridostigmine": 1.0,
            "aza": 0.8,
            "mmf": 0.5,
            "plasmapheresis": 0.65,
            "efgartigimod": 0.4,
        },
        {},
        "mg-adl",
    ),
    "itp": Profile(
        0.13,
        (19, 64),
        0.6,
        ("R3",),
        {**_BASIC, "ivig": 0.95, "eltrombopag": 0.95, "romiplostim": 0.8, "splenectomy": 0.35, "mmf": 0.4, "cni": 0.3},
        {"platelets": (4, 28)},
    ),
    "aiha": Profile(
        0.14,
        (20, 70),
        0.6,
        ("R4a", "R4b"),
        {**_BASIC, "cni": 0.5, "mmf": 0.4, "cyc": 0.4, "splenectomy": 0.2, "aza": 0.3},
        {"haemoglobin": (6.0, 9.0), "ldh": (380, 900)},
    ),
}

# SLEDAI-2K items that aren't read from laboratory values -> probability in active disease
LUPUS_SIGNS: Final[Mapping[str, float]] = {
    "vasculitis": 0.1,
    "arthritis": 0.6,
    "myositis": 0.08,
    "rash": 0.55,
    "alopecia": 0.35,
    "mucosal-ulcers": 0.35,
    "pleurisy": 0.18,
    "pericarditis": 0.12,
    "fever": 0.15,
    "lupus-headache": 0.04,
    "seizure": 0.03,
    "organic-brain-syndrome": 0.03,
    "cva": 0.01,
    "visual-disturbance": 0.02,
    "cranial-nerve-disorder": 0.01,
    "psychosis": 0.02,
}
NEPHRITIS_SIGNS: Final[Mapping[str, float]] = {
    "proteinuria": 1.0,
    "haematuria": 0.65,
    "urinary-casts": 0.3,
    "pyuria": 0.4,
}
NEPHRITIS_CLASSES: Final[tuple[tuple[str, ...], ...]] = (
    ("class-iii",),
    ("class-iv",),
    ("class-iv",),
    ("class-v",),
    ("class-iii", "class-v"),
    ("class-iv", "class-v"),
)
