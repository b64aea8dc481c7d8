"""The published CAR-T regimens of the guide as data: product, cell dose, lymphodepletion by drug and study day.

R1: zorpocabtagene autoleucel in childhood SLE and JDM (JDM case: Nicolai et al., Arthritis Rheumatol 2024, doi
10.1002/art.42933). R3: KYV-101 in ITP (Trautmann-Grill et al., Lancet 2025). R4a, R4b: CD19 CAR-T in AIHA (Li et al.,
Blood 2024;144 Suppl 1:682, NCT06231368). What a source doesn't state is None here, not a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from cart_fhir.profiles.dose import cumulative


@dataclass(frozen=True, slots=True)
class Drug:
    """One lymphodepleting drug: ATC code, name, planned mg/m2 per day and the study days it is given on."""

    atc: str
    name: str
    per_m2: Decimal
    days: tuple[int, ...]

    @property
    def sum_per_m2(self) -> Decimal:
        """The planned cumulative dose in mg/m2."""
        return cumulative([self.per_m2] * len(self.days))


@dataclass(frozen=True, slots=True)
class Regimen:
    """A whole regimen: local product code, CAR+ T cells in 10*6/kg, the drugs, and where it was published."""

    key: str
    product: str
    vector: str | None
    costimulation: str | None
    million_cells_per_kg: Decimal
    drugs: tuple[Drug, ...]
    source: str


def _fludarabine(per_m2: int) -> Drug:
    return Drug("L01BB05", "fludarabine", Decimal(per_m2), (-5, -4, -3))


def _cyclophosphamide(per_m2: int, *days: int) -> Drug:
    return Drug("L01AA01", "cyclophosphamide", Decimal(per_m2), days)


_NCT06231368 = "Li et al., Blood 2024;144 Suppl 1:682; NCT06231368"

REGIMENS: Final[Mapping[str, Regimen]] = {
    "R1": Regimen(
        "R1",
        "zorpocabtagene-autoleucel",
        "lentiviral",
        "4-1bb",
        Decimal("1.0"),
        (_fludarabine(30), _cyclophosphamide(500, -4, -3)),
        "Nicolai et al., Arthritis Rheumatol 2024, doi 10.1002/art.42933",
    ),
    "R3": Regimen(
        "R3",
        "kyv-101",
        None,
        "cd28",
        Decimal("1.0"),
        (_fludarabine(30), _cyclophosphamide(300, -5, -4, -3)),
        "Trautmann-Grill et al., Lancet 2025",
    ),
    "R4a": Regimen(
        "R4a",
        "cd19-cart-nct06231368",
        None,
        None,
        Decimal("1.0"),
        (_fludarabine(25), _cyclophosphamide(1000, -3)),
        f"{_NCT06231368} (compassionate use)",
    ),
    "R4b": Regimen(
        "R4b",
        "cd19-cart-nct06231368",
        None,
        None,
        Decimal("0.5"),
        (_fludarabine(25), _cyclophosphamide(1000, -3)),
        f"{_NCT06231368} (phase I, dose level 1)",
    ),
}
