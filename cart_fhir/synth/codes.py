"""What the journeys speak of: diseases, therapies, drugs and analytes, each with the codes it has in FHIR.

Codes are those checked for the guide; where no standard code could be verified there is only the local one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SNOMED: Final = "http://snomed.info/sct"
LOINC: Final = "http://loinc.org"
ATC: Final = "http://www.whocc.no/atc"
RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
ORPHANET: Final = "https://www.orpha.net"
NCIT: Final = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A disease: SNOMED CT code and its display, and the ICD-10 code that a hospital would export."""

    snomed: str
    display: str
    icd10: str


DISEASES: Final[Mapping[str, Diagnosis]] = {
    "sle": Diagnosis("55464009", "Systemic lupus erythematosus", "M32.9"),
    "jdm": Diagnosis("1212005", "Childhood type dermatomyositis", "M33.0"),
    "ssc": Diagnosis("89155008", "Systemic sclerosis", "M34"),
    "mg": Diagnosis("91637004", "Myasthenia gravis", "G70.0"),
    "itp": Diagnosis("2897005", "Immune thrombocytopenia", "D69.3"),
    "aiha": Diagnosis("413603009", "Autoimmune hemolytic anemia", "D59.1"),
}
NEPHRITIS: Final = Diagnosis("68815009", "Systemic lupus erythematosus glomerulonephritis syndrome", "M32.1")


@dataclass(frozen=True, slots=True)
class Therapy:
    """A row of the prior therapy table: ATC (and RxNorm) of a drug or class, or the SNOMED CT code of a procedure."""

    name: str
    atc: str = ""
    rxnorm: str = ""
    procedure: str = ""


THERAPIES: Final[Mapping[str, Therapy]] = {
    "glucocorticoids": Therapy("Glucocorticoids", "H02AB"),
    "hcq": Therapy("Hydroxychloroquine", "P01BA02", "5521"),
    "aza": Therapy("Azathioprine", "L04AX01", "1256"),
    "mmf": Therapy("Mycophenolate mofetil", "L04AA06", "68149"),
    "rtx": Therapy("Rituximab", "L01FA01", "121191"),
    "belimumab": Therapy("Belimumab", "L04AG04", "1092437"),
    "jak": Therapy("JAK inhibitors", "L04AF"),
    "mtx": Therapy("Methotrexate", "L04AX03", "6851"),
    "cni": Therapy("Calcineurin inhibitors", "L04AD"),
    "cyc": Therapy("Cyclophosphamide", "L01AA01", "3002"),
    "ivig": Therapy("Intravenous immunoglobulin", "J06BA02"),
    "plasmapheresis": Therapy("Plasmapheresis", procedure="20720000"),
    "eltrombopag": Therapy("Eltrombopag", "B02BX05", "711942"),
    "romiplostim": Therapy("Romiplostim", "B02BX04"),
    "splenectomy": Therapy("Splenectomy", procedure="234319005"),
    "pyridostigmine": Therapy("Pyridostigmine", "N07AA02"),
    "efgartigimod": Therapy("Efgartigimod", "L04AL01"),
}

# ATC -> (RxNorm ingredient where one was verified, name) of what is given around the infusion
DRUGS: Final[Mapping[str, tuple[str, str]]] = {
    "L01BB05": ("24698", "Fludarabine"),
    "L01AA01": ("3002", "Cyclophosphamide"),
    "L04AC07": ("612865", "Tocilizumab"),
    "H02AB02": ("3264", "Dexamethasone"),
    "L03AA02": ("68442", "Filgrastim"),
    "J06BA02": ("", "Intravenous immunoglobulin"),
    "N02BE01": ("161", "Paracetamol"),
    "N03AX14": ("114477", "Levetiracetam"),
}


@dataclass(frozen=True, slots=True)
class Analyte:
    """A laboratory test: short name, LOINC code and display (empty where its long name wasn't seen), UCUM unit, decimal
    places, and reference limits.
    """

    name: str
    loinc: str
    display: str
    unit: str
    places: int
    low: float | None = None
    high: float | None = None


ANALYTES: Final[Mapping[str, Analyte]] = {
    "platelets": Analyte("Platelets", "26515-7", "Platelets [#/volume] in Blood", "10*9/L", 0, 150, 400),
    "haemoglobin": Analyte("Haemoglobin", "718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 1, 12, 17),
    "leukocytes": Analyte("Leukocytes", "26464-8", "Leukocytes [#/volume] in Blood", "10*9/L", 1, 4, 10),
    "neutrophils": Analyte("Neutrophils", "26499-4", "Neutrophils [#/volume] in Blood", "10*9/L", 2, 1.5, 7.5),
    "c3": Analyte("Complement C3", "4485-9", "Complement C3 [Mass/volume] in Serum or Plasma", "g/L", 2, 0.9, 1.8),
    "c4": Analyte("Complement C4", "4498-2", "Complement C4 [Mass/volume] in Serum or Plasma", "g/L", 2, 0.1, 0.4),
    "anti-dsdna": Analyte("Anti-dsDNA IgG", "33799-8", "", "[IU]/mL", 0, None, 30),
    "ck": Analyte(
        "Creatine kinase",
        "2157-6",
        "Creatine kinase [Enzymatic activity/volume] in Serum or Plasma",
        "U/L",
        0,
        None,
        190,
    ),
    "ldh": Analyte(
        "Lactate dehydrogenase",
        "2532-0",
        "Lactate dehydrogenase [Enzymatic activity/volume] in Serum or Plasma",
        "U/L",
        0,
        None,
        250,
    ),
    "crp": Analyte(
        "C-reactive protein", "1988-5", "C reactive protein [Mass/volume] in Serum or Plasma", "mg/L", 1, None, 5
    ),
    "ferritin": Analyte("Ferritin", "2276-4", "Ferritin [Mass/volume] in Serum or Plasma", "ng/mL", 0, 15, 300),
    "b-cells": Analyte("CD19+ B cells", "8116-6", "CD19 cells [#/volume] in Blood", "{cells}/uL", 0, 100, 500),
    "igg": Analyte("IgG", "2465-3", "IgG [Mass/volume] in Serum or Plasma", "g/L", 1, 7, 16),
}


@dataclass(frozen=True, slots=True)
class Term:
    """An adverse event: a code of the guide (`local`) or of SNOMED CT."""

    code: str
    name: str
    local: bool = False


EVENTS: Final[Mapping[str, Term]] = {
    "crs": Term("crs", "Cytokine release syndrome", local=True),
    "icans": Term("icans", "Immune effector cell-associated neurotoxicity syndrome", local=True),
    "licats": Term("licats", "Local immune effector cell-associated toxicity syndrome", local=True),
    "neutropenia": Term("165517008", "Neutropenia"),
    "thrombocytopenia": Term("302215000", "Thrombocytopenia"),
    "anaemia": Term("271737000", "Anaemia"),
    "hypogammaglobulinaemia": Term("119250001", "Hypogammaglobulinaemia"),
    "pneumonia": Term("233604007", "Pneumonia"),
    "herpes-zoster": Term("4740000", "Herpes zoster"),
}
