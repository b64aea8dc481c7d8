"""Disease activity: SLEDAI-2K, JDM DAS and MG-ADL as weights, ranges and sums. Scores are integers.

A total is summed from its items; items are never guessed from a total. Sources: SLEDAI-2K, Gladman et al., J
Rheumatol 2002;29:288 (24 items, 0-105); JDM DAS, Bode et al., Arthritis Care Res 2003 (muscle 0-11, skin 0-9);
MG-ADL, Wolfe et al., Neurology 1999;52:1487 (8 items of 0-3); mRSS, 17 sites of 0-3, Clements et al., J Rheumatol
1993;20:1892. Item wording is the authors' property: only codes and
short labels stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Item:
    """One yes-or-no item of a weighted index: its local code, what it adds when present, a short label."""

    code: str
    weight: int
    label: str


SLEDAI_2K: Final[tuple[Item, ...]] = (
    Item("seizure", 8, "Seizure"),
    Item("psychosis", 8, "Psychosis"),
    Item("organic-brain-syndrome", 8, "Organic brain syndrome"),
    Item("visual-disturbance", 8, "Visual disturbance"),
    Item("cranial-nerve-disorder", 8, "Cranial nerve disorder"),
    Item("lupus-headache", 8, "Lupus headache"),
    Item("cva", 8, "Cerebrovascular accident"),
    Item("vasculitis", 8, "Vasculitis"),
    Item("arthritis", 4, "Arthritis"),
    Item("myositis", 4, "Myositis"),
    Item("urinary-casts", 4, "Urinary casts"),
    Item("haematuria", 4, "Haematuria"),
    Item("proteinuria", 4, "Proteinuria"),
    Item("pyuria", 4, "Pyuria"),
    Item("rash", 2, "Rash"),
    Item("alopecia", 2, "Alopecia"),
    Item("mucosal-ulcers", 2, "Mucosal ulcers"),
    Item("pleurisy", 2, "Pleurisy"),
    Item("pericarditis", 2, "Pericarditis"),
    Item("low-complement", 2, "Low complement"),
    Item("increased-dna-binding", 2, "Increased DNA binding"),
    Item("fever", 1, "Fever"),
    Item("thrombocytopenia", 1, "Thrombocytopenia"),
    Item("leukopenia", 1, "Leukopenia"),
)

# Serological items: DORIS leaves them out of its "clinical SLEDAI" (van Vollenhoven et al., Lupus Sci Med
# 2021;8:e000538).
SEROLOGICAL: Final = frozenset({"low-complement", "increased-dna-binding"})

MG_ADL: Final[tuple[str, ...]] = (
    "talking",
    "chewing",
    "swallowing",
    "breathing",
    "brush-teeth-comb-hair",
    "arise-from-chair",
    "double-vision",
    "eyelid-droop",
)

# instrument -> (lowest, highest) total. Only ranges seen in a source; an instrument that is not here has no checked
# range.
RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "sledai-2k": (0, 105),
    "jdm-das-total": (0, 20),
    "jdm-das-muscle": (0, 11),
    "jdm-das-skin": (0, 9),
    "jdm-das-modified": (0, 12),
    "mmt-8": (0, 80),
    "cmas": (0, 52),
    "mg-adl": (0, 24),
    "mrss": (0, 51),
}


def sledai_2k_total(items: Mapping[str, bool]) -> int:
    """The SLEDAI-2K total, 0-105: the weights of the items that are present.

    `items` maps all 24 item codes to present or not. Raises ValueError when an item is unknown or not answered:
    an unanswered item isn't an absent one.
    """
    return sum(item.weight for item in _answered(items) if items[item.code])


def clinical_sledai(items: Mapping[str, bool]) -> int:
    """SLEDAI-2K without its two serological items, as DORIS 2021 uses it. Errors as `sledai_2k_total`."""
    return sum(item.weight for item in _answered(items) if items[item.code] and item.code not in SEROLOGICAL)


def jdm_das_total(muscle: int, skin: int) -> int:
    """The JDM DAS, 0-20: muscle (0-11, often printed mDAS) plus skin (0-9, sDAS). Raises ValueError out of range.

    Not the *modified* DAS (0-12, `jdm-das-modified`), which some also abbreviate mDAS.
    """
    return check_range("jdm-das-muscle", muscle) + check_range("jdm-das-skin", skin)


def mg_adl_total(items: Mapping[str, int]) -> int:
    """The MG-ADL total, 0-24: eight items of 0-3. Raises ValueError for an unknown, missing or impossible item."""
    _same_names("MG-ADL", set(MG_ADL), set(items))
    for code, value in items.items():
        if not 0 <= value <= 3:
            raise ValueError(f"MG-ADL item {code} is {value}; each item is 0 to 3.")
    return sum(items.values())


def check_range(instrument: str, value: int) -> int:
    """`value` itself when it lies in the published range of the instrument (or none is known); else ValueError."""
    low, high = RANGES.get(instrument, (value, value))
    if not low <= value <= high:
        raise ValueError(f"{instrument} is {value}; it runs from {low} to {high}.")
    return value


def _answered(items: Mapping[str, bool]) -> tuple[Item, ...]:
    _same_names("SLEDAI-2K", {item.code for item in SLEDAI_2K}, set(items))
    return SLEDAI_2K


def _same_names(instrument: str, wanted: set[str], given: set[str]) -> None:
    for kind, names in (("no item", given - wanted), ("not answered", wanted - given)):
        if names:
            raise ValueError(f"{instrument}: {kind}: {', '.join(sorted(names))}.")
