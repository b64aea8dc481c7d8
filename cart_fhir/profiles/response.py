"""Remission and low disease activity, where their sources define them.

DORIS 2021: van Vollenhoven et al., Lupus Sci Med 2021;8:e000538 (PMC8614136). LLDAS: Franklyn et al., Ann Rheum Dis
2016;75:1615, table 1. ITP complete response: platelets of 100 x10*9/L or more (as in
NCT06826430). Responses of the other diseases have no definition in the sources of this guide: they are recorded as
reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from cart_fhir.profiles.activity import clinical_sledai, sledai_2k_total

# SLEDAI-2K descriptors of activity in a major organ system (renal, CNS, cardiopulmonary, vasculitis, fever), as LLDAS
# lists them
_MAJOR_ORGAN = frozenset(
    {
        "seizure",
        "psychosis",
        "organic-brain-syndrome",
        "visual-disturbance",
        "cranial-nerve-disorder",
        "lupus-headache",
        "cva",
        "vasculitis",
        "urinary-casts",
        "haematuria",
        "proteinuria",
        "pyuria",
        "pleurisy",
        "pericarditis",
        "fever",
    }
)


@dataclass(frozen=True, slots=True)
class LupusVisit:
    """What DORIS and LLDAS ask of a visit.

    `items`: the 24 SLEDAI-2K items; `pga`: physician's global assessment on the 0-3 scale; `prednisone_mg`:
    prednisone-equivalent daily dose in mg; `stable_therapy`: antimalarials, immunosuppressants and biologics at
    stable, tolerated maintenance doses; `new_activity`: a feature of lupus that is new since the previous visit, or any
    haemolytic anaemia or gastrointestinal activity, new or not (SLEDAI-2K sees neither, and LLDAS admits neither).
    """

    items: Mapping[str, bool]
    pga: Decimal
    prednisone_mg: Decimal
    stable_therapy: bool
    new_activity: bool = False


def doris_remission(visit: LupusVisit) -> bool:
    """DORIS 2021: clinical SLEDAI 0, PGA below 0.5, prednisone at most 5 mg/d, therapy stable; serology doesn't count.

    The paper's text says "5 mg/day or less" and one of its tables "<5"; the text is followed.
    """
    _check(visit)
    return (
        clinical_sledai(visit.items) == 0
        and visit.pga < Decimal("0.5")
        and visit.prednisone_mg <= 5
        and visit.stable_therapy
    )


def lldas(visit: LupusVisit) -> bool:
    """LLDAS: SLEDAI-2K at most 4 with no major organ active, nothing new, PGA at most 1, prednisone at most 7.5 mg/d,
    stable.
    """
    _check(visit)
    return (
        sledai_2k_total(visit.items) <= 4
        and not any(visit.items[code] for code in _MAJOR_ORGAN)
        and not visit.new_activity
        and visit.pga <= 1
        and visit.prednisone_mg <= Decimal("7.5")
        and visit.stable_therapy
    )


def itp_complete_response(platelets: Decimal) -> bool:
    """A platelet count of 100 x10*9/L or more. Bleeding and rescue therapy are judged by the clinician, not here."""
    return platelets >= 100


def _check(visit: LupusVisit) -> None:
    if not 0 <= visit.pga <= 3:
        raise ValueError(f"PGA is {visit.pga}; DORIS and LLDAS use the scale of 0 to 3.")
    if visit.prednisone_mg < 0:
        raise ValueError(f"The prednisone-equivalent dose is {visit.prednisone_mg} mg/d; it can't be negative.")
