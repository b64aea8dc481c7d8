"""A data collection project for CAR-T in autoimmunity: its forms and fields, and a journey as filled-in forms.

REDCap and ODM exports are both written from here, and the REDCap data dictionary made of it lets a centre start
collecting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from cart_fhir.profiles.activity import MG_ADL, SLEDAI_2K
from cart_fhir.synth.codes import ANALYTES, DRUGS, EVENTS, THERAPIES

Kind = Literal["text", "date", "month", "integer", "number", "choice", "checkbox", "yesno"]


@dataclass(frozen=True, slots=True)
class Field:
    """A question: `choices` maps the guide's code to the label; in the data stands its place, counted from 1."""

    name: str
    label: str
    kind: Kind = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    needed: bool = False
    low: int | None = None
    high: int | None = None
    only_if: str = ""

    def raw(self, code: str) -> str:
        """The number that the data hold for a choice."""
        return str(list(self.choices).index(code) + 1)


@dataclass(frozen=True, slots=True)
class Form:
    """A form: filled in once, or as often as needed (`repeats`)."""

    name: str
    label: str
    fields: tuple[Field, ...]
    repeats: bool = False


def _choice(name: str, label: str, choices: Mapping[str, str], *, needed: bool = True, only_if: str = "") -> Field:
    return Field(name, label, "choice", choices, needed, only_if=only_if)


def _date(name: str, label: str, *, needed: bool = True) -> Field:
    return Field(name, label, "date", needed=needed)


def _number(name: str, label: str, *, needed: bool = True) -> Field:
    return Field(name, label, "number", needed=needed)


def _points(name: str, label: str, high: int, only_if: str = "") -> Field:
    return Field(name, label, "integer", low=0, high=high, only_if=only_if)


def _shown(unit: str) -> str:
    """A UCUM unit without its brackets: REDCap takes them for the name of another field."""
    return "".join(letter for letter in unit if letter not in "[]{}")


_VISITS: Final = {
    "screening": "Screening",
    "baseline": "Baseline",
    "d0": "Day 0",
    "d7": "Day 7",
    "d14": "Day 14",
    "d28": "Day 28",
    "mo3": "Month 3",
    "mo6": "Month 6",
    "mo9": "Month 9",
    "y1": "Year 1",
    "y2": "Year 2",
}
_EXPOSED: Final = {"given": "Given", "never": "Never given", "unknown": "Not known"}
_PRODUCTS: Final = {
    "zorpocabtagene-autoleucel": "Zorpocabtagene autoleucel",
    "inaticabtagene-autoleucel": "Inaticabtagene autoleucel",
    "kyv-101": "KYV-101",
    "cd19-cart-nct06231368": "CD19 CAR-T (NCT06231368)",
    "other": "Other",
}
_INSTRUMENTS: Final = {
    "sledai-2k": "SLEDAI-2K",
    "jdm-das-total": "JDM DAS",
    "mg-adl": "MG-ADL",
    "mrss": "mRSS",
}
_CRITERIA: Final = {
    "C48275": "Death",
    "C84266": "Life-threatening",
    "C83052": "Inpatient hospitalisation",
    "C82521": "Other medically important condition",
}


def lymphodepletion_drugs() -> dict[str, str]:
    """The two drugs of lymphodepletion by ATC."""
    return {atc: DRUGS[atc][1] for atc in ("L01BB05", "L01AA01")}


FORMS: Final[tuple[Form, ...]] = (
    Form(
        "demographics",
        "Demographics",
        (
            _choice("sex", "Sex", {"female": "Female", "male": "Male"}),
            _date("birth_date", "Date of birth"),
            _date("death_date", "Date of death", needed=False),
        ),
    ),
    Form(
        "disease",
        "Treated disease",
        (
            _choice(
                "diagnosis",
                "Diagnosis",
                {
                    "sle": "Systemic lupus erythematosus",
                    "jdm": "Juvenile dermatomyositis",
                    "ssc": "Systemic sclerosis",
                    "mg": "Myasthenia gravis",
                    "itp": "Immune thrombocytopenia",
                    "aiha": "Autoimmune haemolytic anaemia",
                },
            ),
            Field("onset", "Month of onset (YYYY-MM)", "month"),
            Field(
                "ln_class",
                "Lupus nephritis, ISN/RPS class",
                "checkbox",
                {f"class-{number}": f"Class {number.upper()}" for number in ("i", "ii", "iii", "iv", "v", "vi")},
                only_if="[diagnosis] = '1'",
            ),
        ),
    ),
    Form(
        "prior_therapy",
        "Prior therapy",
        tuple(_choice(f"prior_{key}", therapy.name, _EXPOSED) for key, therapy in THERAPIES.items()),
    ),
    Form(
        "apheresis",
        "Leukapheresis",
        (_date("aph_date", "Date"), Field("aph_din", "Donation identification number")),
    ),
    Form(
        "product",
        "CAR-T product",
        (
            Field("prod_lot", "Lot", needed=True),
            _choice("prod_code", "Product", _PRODUCTS),
            Field("prod_coi", "Chain of identity identifier"),
            Field("prod_din", "Donation identification number"),
            _date("prod_collected", "Date of collection", needed=False),
            _choice("prod_antigen", "Target antigen", {"cd19": "CD19", "bcma": "BCMA", "cd20": "CD20"}),
            _choice("prod_costim", "Costimulatory domain", {"4-1bb": "4-1BB", "cd28": "CD28", "unknown": "Not known"}),
            _choice(
                "prod_vector",
                "Vector",
                {"lentiviral": "Lentiviral", "gammaretroviral": "Gammaretroviral", "unknown": "Not known"},
            ),
            _choice("prod_donor", "Donor", {"autologous": "Autologous"}),
            _choice(
                "prod_formulation", "At infusion", {"fresh": "Fresh", "cryopreserved-thawed": "Cryopreserved, thawed"}
            ),
            Field("prod_generation", "CAR generation", "integer", low=1, high=5),
        ),
    ),
    Form(
        "body_size",
        "Body size before lymphodepletion",
        (
            _date("body_date", "Date"),
            _number("body_height", "Height (cm)"),
            _number("body_weight", "Weight (kg)"),
            _number("body_bsa", "Body surface area, Mosteller (m2)"),
        ),
    ),
    Form(
        "lymphodepletion",
        "Lymphodepletion: one dose",
        (
            _choice("ld_drug", "Drug", lymphodepletion_drugs()),
            _date("ld_date", "Date"),
            _number("ld_per_m2", "Planned dose (mg/m2 per day)"),
            _number("ld_mg", "Dose given (mg)"),
        ),
        repeats=True,
    ),
    Form(
        "infusion",
        "CAR-T infusion",
        (
            _date("inf_date", "Date (day 0)"),
            Field("inf_lot", "Lot", needed=True),
            _number("inf_dose", "Planned dose (10^6 CAR+ T cells/kg)"),
            _number("inf_weight", "Weight it was made for (kg)"),
            _number("inf_cells", "Cells given (10^6 CAR+ T cells)"),
            Field("inf_entire", "Entire volume infused?", "yesno"),
            Field("inf_number", "Number of the infusion", "integer", low=1, high=9),
            _choice(
                "inf_reason",
                "Reason for a further infusion",
                {
                    "relapse": "Relapse",
                    "no-response": "No response",
                    "loss-of-b-cell-aplasia": "Loss of B-cell aplasia",
                    "planned-split-dose": "Planned split dose",
                    "other": "Other",
                },
                needed=False,
                only_if="[inf_number] > 1",
            ),
        ),
        repeats=True,
    ),
    Form(
        "support",
        "Supportive drug: one dose",
        (
            _date("sup_date", "Date"),
            _choice("sup_drug", "Drug", {atc: name for atc, (_, name) in DRUGS.items()}),
            _number("sup_dose", "Dose"),
            _choice("sup_unit", "Unit", {"mg": "mg", "g": "g", "ug": "µg"}),
            _choice(
                "sup_purpose",
                "Purpose",
                {
                    "premedication": "Premedication",
                    "toxicity-management": "Management of toxicity",
                    "infection-prophylaxis": "Prophylaxis of infection",
                    "ig-replacement": "Immunoglobulin replacement",
                },
            ),
        ),
        repeats=True,
    ),
    Form(
        "activity",
        "Disease activity",
        (
            _date("act_date", "Date"),
            _choice("act_visit", "Visit", _VISITS, needed=False),
            _choice("act_instrument", "Instrument", _INSTRUMENTS),
            Field(
                "act_sledai",
                "SLEDAI-2K items",
                "checkbox",
                {item.code: item.label for item in SLEDAI_2K},
                only_if="[act_instrument] = '1'",
            ),
            _points("act_muscle", "JDM DAS muscle", 11, "[act_instrument] = '2'"),
            _points("act_skin", "JDM DAS skin", 9, "[act_instrument] = '2'"),
            *(
                _points(f"act_mg_{number}", f"MG-ADL: {code}", 3, "[act_instrument] = '3'")
                for number, code in enumerate(MG_ADL, 1)
            ),
            _points("act_total", "Total", 105),
        ),
        repeats=True,
    ),
    Form(
        "laboratory",
        "Laboratory",
        (
            _date("lab_date", "Date"),
            *(
                _number(f"lab_{key.replace('-', '_')}", f"{analyte.name} ({_shown(analyte.unit)})", needed=False)
                for key, analyte in ANALYTES.items()
            ),
        ),
        repeats=True,
    ),
    Form(
        "expansion",
        "CAR-T expansion",
        (
            _date("exp_date", "Date"),
            _number("exp_cells", "CAR+ T cells per uL", needed=False),
            _number("exp_percent", "CAR+ T cells in % of T cells", needed=False),
            _choice("exp_method", "Method", {"flow": "Flow cytometry", "qpcr": "qPCR", "ddpcr": "ddPCR"}),
        ),
        repeats=True,
    ),
    Form(
        "adverse_event",
        "Adverse event",
        (
            _choice("ae_term", "Event", {key: term.name for key, term in EVENTS.items()}),
            _date("ae_begin", "Began"),
            _date("ae_end", "Ended", needed=False),
            _points("ae_grade", "Highest grade", 5),
            Field("ae_serious", "Serious?", "yesno"),
            _choice("ae_criterion", "Why serious", _CRITERIA, needed=False, only_if="[ae_serious] = '1'"),
            _choice(
                "ae_outcome",
                "Outcome",
                {
                    "resolved": "Resolved",
                    "ongoing": "Ongoing",
                    "resolvedWithSequelae": "Resolved with sequelae",
                    "fatal": "Fatal",
                },
            ),
            _choice(
                "ae_causality",
                "Related to CAR-T",
                {"probably-likely": "Probably", "possible": "Possibly", "unlikely": "Unlikely"},
            ),
        ),
        repeats=True,
    ),
    Form(
        "grading",
        "CRS or ICANS assessment",
        (
            _date("gr_date", "Date"),
            _choice("gr_system", "System", {"astct-crs": "CRS", "astct-icans": "ICANS"}),
            _points("gr_grade", "Grade", 5),
            _number("gr_temperature", "Highest temperature (Cel)", needed=False),
            _choice(
                "gr_hypotension",
                "Hypotension",
                {
                    "none": "None",
                    "no-vasopressor": "No vasopressor needed",
                    "one-vasopressor": "One vasopressor",
                    "multiple-vasopressors": "Multiple vasopressors",
                },
                needed=False,
                only_if="[gr_system] = '1'",
            ),
            _choice(
                "gr_hypoxia",
                "Hypoxia",
                {
                    "none": "None",
                    "low-flow": "Low flow",
                    "high-flow": "High flow",
                    "positive-pressure": "Positive pressure",
                },
                needed=False,
                only_if="[gr_system] = '1'",
            ),
            _points("gr_ice", "ICE score", 10, "[gr_system] = '2'"),
            _choice(
                "gr_consciousness",
                "Consciousness",
                {
                    "alert": "Alert",
                    "awakens-spontaneously": "Awakens spontaneously",
                    "awakens-to-voice": "Awakens to voice",
                    "awakens-to-tactile": "Awakens to touch",
                    "unarousable": "Unarousable",
                },
                needed=False,
                only_if="[gr_system] = '2'",
            ),
            _choice(
                "gr_seizure",
                "Seizure",
                {
                    "none": "None",
                    "brief-or-resolving": "Brief or resolving",
                    "prolonged-or-repetitive": "Prolonged or repetitive",
                },
                needed=False,
                only_if="[gr_system] = '2'",
            ),
        ),
        repeats=True,
    ),
    Form(
        "response",
        "Response",
        (
            _date("resp_date", "Date"),
            _choice("resp_visit", "Visit", _VISITS, needed=False),
            _choice(
                "resp_value",
                "Response",
                {"cr": "Complete", "pr": "Partial", "nr": "None", "relapse": "Relapse"},
            ),
        ),
        repeats=True,
    ),
)
