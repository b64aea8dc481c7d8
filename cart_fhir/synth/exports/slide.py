"""A table from a slide: patients in columns, `+` and `-`, several facts in one cell, look-alike letters in the labels.

It is what many centres have instead of an export, and the hardest thing to map without losing or inventing anything.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from cart_fhir.profiles.kinetics import peak
from cart_fhir.profiles.regimen import REGIMENS
from cart_fhir.synth.codes import THERAPIES
from cart_fhir.synth.exports import xlsx
from cart_fhir.synth.model import Journey, Score

_DISEASE: Final = {"sle": "SLE", "jdm": "JDM", "ssc": "SSc", "mg": "MG", "itp": "ITP", "aiha": "AIHA"}
_LABEL: Final = {
    "glucocorticoids": "Glucocorticoids",
    "hcq": "\u041d\u0421\u041e",  # Cyrillic letters, as found on a slide
    "aza": "Azathioprine",
    "mmf": "MMF",
    "rtx": "Rituximab",
    "belimumab": "Belimumab",
    "jak": "JAK inhibitors",
    "mtx": "MTX",
    "cni": "CNI inhibitors",
    "cyc": "\u0421\u0423\u0421",  # Cyrillic as well
    "ivig": "IVIGs",
    "plasmapheresis": "Plasmapheresis",
    "eltrombopag": "Eltrombopag",
    "romiplostim": "Romiplostim",
    "splenectomy": "Splenectomy",
    "pyridostigmine": "Pyridostigmine",
    "efgartigimod": "Efgartigimod",
}
_MARK: Final = {True: "+", False: "-", None: "n.a."}
_SHORT: Final = {"L01BB05": "Flu", "L01AA01": "Cy"}
_RESPONSE: Final = {"cr": "CR", "pr": "PR", "nr": "NR", "relapse": "Relapse"}


def write(folder: Path, journeys: Iterable[Journey]) -> list[Path]:
    """Write `slide.csv` and the same as `slide.xlsx`; return both."""
    everyone = list(journeys)  # patients are columns: a row needs them all
    rows = [["", *(f"Pt {journey.person.number}" for journey in everyone)]]
    rows += [[label, *(tell(journey) for journey in everyone)] for label, tell in _ROWS.items()]
    path = folder / "slide.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return [path, xlsx.write(folder / "slide.xlsx", {"Table 1": rows})]


def _disease(journey: Journey) -> str:
    classes = "/".join(name.removeprefix("class-").upper() for name in journey.disease.nephritis)
    return _DISEASE[journey.disease.key] + (f" (LN class {classes})" if classes else "")


def _duration(journey: Journey) -> str:
    """The time from onset to infusion in words, as on slides: "3 years and 6 months"."""
    year, month = map(int, journey.disease.onset.split("-"))
    months = (journey.infusion.on.year - year) * 12 + journey.infusion.on.month - month
    years, rest = divmod(months, 12)
    words = [f"{years} year{'s' * (years > 1)}"] if years else []
    words += [f"{rest} month{'s' * (rest > 1)}"] if rest else []
    return " and ".join(words)


def _lymphodepletion(journey: Journey) -> str:
    parts = []
    for drug in REGIMENS[journey.regimen].drugs:
        given = [dose.day for dose in journey.lymphodepletion if dose.atc == drug.atc and dose.milligrams]
        days = ("/" if len(given) == 2 else ",").join(map(str, given))
        parts += [f"{_SHORT[drug.atc]} {drug.per_m2} mg/sqm D{days}"] if given else []
    return "; ".join(parts)


def _dose(journey: Journey) -> str:
    return f"{journey.infusion.millions_per_kg.normalize():f} x 10\u2076/kg"


def _activity(score: Score) -> str:
    if score.instrument == "jdm-das-total":
        return f"mDAS={score.items['jdm-das-muscle']}, sDAS={score.items['jdm-das-skin']}"
    name = {"sledai-2k": "SLEDAI-2k", "mg-adl": "MG-ADL", "mrss": "mRSS"}[score.instrument]
    return f"{name}={score.total}"


def _baseline(journey: Journey) -> str:
    if journey.scores:
        return _activity(journey.scores[0])
    analyte, name, unit = ("platelets", "PLT", "G/l") if journey.disease.key == "itp" else ("haemoglobin", "Hb", "g/dl")
    value = next(lab.value for lab in journey.labs if lab.analyte == analyte)
    return f"{name}={value} {unit}"


def _month_3(journey: Journey) -> str:
    return next((_activity(score) for score in journey.scores if score.visit == "mo3"), "-")


def _toxicity(code: str) -> Callable[[Journey], str]:
    def tell(journey: Journey) -> str:
        event = next((event for event in journey.events if event.code == code), None)
        if event is None or event.end is None:
            return "-"
        first = (event.begin - journey.infusion.on).days
        return f"G{event.grade} (D{first}-{(event.end - journey.infusion.on).days})"

    return tell


def _expansion(journey: Journey) -> str:
    day, cells = peak([(point.day, point.value) for point in journey.kinetics if point.code == "cart-cells-per-ul"])
    return f"{cells} cells/\u03bcl D{day}"  # Greek mu


def _therapy(key: str) -> Callable[[Journey], str]:
    return lambda journey: next(_MARK[row.exposed] for row in journey.prior if row.therapy == key)


_ROWS: Final[dict[str, Callable[[Journey], str]]] = {
    "Sex": lambda journey: "F" if journey.person.sex == "female" else "M",
    "Year of birth": lambda journey: str(journey.person.birth.year),
    "Diagnosis": _disease,
    "Disease duration": _duration,
    **{_LABEL[key]: _therapy(key) for key in THERAPIES},
    "Lymphodepletion": _lymphodepletion,
    "CAR-T dose": _dose,
    "Infusion (D0)": lambda journey: f"{journey.infusion.on:%d/%m/%Y}",
    "Activity at baseline": _baseline,
    "Activity at M3": _month_3,
    "Peak expansion": _expansion,
    "CRS": _toxicity("crs"),
    "ICANS": _toxicity("icans"),
    "Response at M3": lambda journey: _RESPONSE[journey.responses[0].value] if journey.responses else "-",
}
