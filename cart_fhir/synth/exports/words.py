"""What the two centres call things: kind -> code of the journeys -> the word, or (German, Italian) where they differ.

Hydroxychloroquine and cyclophosphamide stand with the Italian ones in Cyrillic letters that look Latin, as in tables
typed by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Word = str | tuple[str, str]

WORDS: Final[Mapping[str, Mapping[str, Word]]] = {
    "sex": {"female": ("w", "F"), "male": ("m", "M")},
    "disease": {
        "sle": ("SLE", "M32.9"),
        "jdm": ("JDM", "M33.0"),
        "ssc": ("SSc", "M34"),
        "mg": ("MG", "G70.0"),
        "itp": ("ITP", "D69.3"),
        "aiha": ("AIHA", "D59.1"),
    },
    "donor": {"autologous": ("autolog", "autologo")},
    "yes": {"True": ("ja", "si"), "False": ("nein", "no")},
    "visit": {
        "baseline": ("Baseline", "basale"),
        "d0": ("T0", "d0"),
        "d7": ("T7", "d7"),
        "d14": ("T14", "d14"),
        "d28": ("T28", "d28"),
        "mo3": ("M3", "mo3"),
        "mo6": ("M6", "mo6"),
        "mo9": ("M9", "mo9"),
        "y1": ("J1", "y1"),
        "y2": ("J2", "y2"),
    },
    "reason": {"relapse": ("Rezidiv", "recidiva")},
    "therapy": {
        "glucocorticoids": ("Glukokortikoide", "Glucocorticoidi"),
        "hcq": ("HCQ", "\u041d\u0421\u041e"),
        "aza": ("AZA", "Azatioprina"),
        "mmf": ("MMF", "Micofenolato"),
        "rtx": ("RTX", "Rituximab"),
        "belimumab": "Belimumab",
        "jak": ("JAK-Inhibitoren", "JAK inibitori"),
        "mtx": ("MTX", "Metotressato"),
        "cni": ("CNI", "CNI inibitori"),
        "cyc": ("CYC", "\u0421\u0423\u0421"),
        "ivig": "IVIG",
        "plasmapheresis": ("Plasmapherese", "Plasmaferesi"),
        "eltrombopag": "Eltrombopag",
        "romiplostim": "Romiplostim",
        "splenectomy": ("Splenektomie", "Splenectomia"),
        "pyridostigmine": ("Pyridostigmin", "Piridostigmina"),
        "efgartigimod": "Efgartigimod",
    },
    "product": {
        "zorpocabtagene-autoleucel": ("Zorpocabtagen autoleucel", "zorpo-cel"),
        "kyv-101": "KYV-101",
        "cd19-cart-nct06231368": ("CD19-CAR-T (NCT06231368)", "CD19 CAR-T"),
    },
    "costimulation": {
        "4-1bb": "4-1BB",
        "cd28": "CD28",
        "unknown": ("unbekannt", "sconosciuta"),
    },
    "vector": {
        "lentiviral": ("lentiviral", "lentivirus"),
        "unknown": ("unbekannt", "sconosciuto"),
    },
    "formulation": {
        "fresh": ("frisch", "fresco"),
        "cryopreserved-thawed": ("kryokonserviert", "criopreservato"),
    },
    "drug": {
        "L01BB05": ("Fludarabin", "Fludarabina"),
        "L01AA01": ("Cyclophosphamid", "Ciclofosfamide"),
        "L04AC07": "Tocilizumab",
        "H02AB02": ("Dexamethason", "Desametasone"),
        "L03AA02": "Filgrastim",
        "J06BA02": ("Immunglobulin i.v.", "Immunoglobuline ev"),
        "N02BE01": ("Paracetamol", "Paracetamolo"),
    },
    "unit": {
        "mg": "mg",
        "g": "g",
        "ug": ("µg", "mcg"),
    },
    "purpose": {
        "toxicity-management": ("Toxizität", "tossicità"),
        "premedication": ("Prämedikation", "premedicazione"),
        "ig-replacement": ("IgG-Ersatz", "reintegro IgG"),
    },
    "event": {
        "crs": "CRS",
        "icans": "ICANS",
        "licats": "LICATS",
        "neutropenia": ("Neutropenie", "Neutropenia"),
        "thrombocytopenia": ("Thrombopenie", "Piastrinopenia"),
        "anaemia": ("Anämie", "Anemia"),
        "hypogammaglobulinaemia": ("Hypogammaglobulinämie", "Ipogammaglobulinemia"),
        "pneumonia": ("Pneumonie", "Polmonite"),
        "herpes-zoster": "Herpes zoster",
    },
    "criterion": {
        "C83052": ("Krankenhausaufenthalt", "ospedalizzazione"),
        "C84266": ("lebensbedrohlich", "pericolo di vita"),
        "C48275": ("Tod", "decesso"),
        "C82521": ("medizinisch bedeutsam", "clinicamente rilevante"),
    },
    "outcome": {
        "resolved": ("abgeklungen", "risolto"),
        "ongoing": ("andauernd", "in corso"),
        "fatal": ("tödlich", "fatale"),
    },
    "causality": {
        "probably-likely": ("wahrscheinlich", "probabile"),
        "possible": ("möglich", "possibile"),
        "unlikely": ("unwahrscheinlich", "improbabile"),
    },
    "hypotension": {
        "none": ("keine", "no"),
        "no-vasopressor": ("ohne Vasopressor", "senza vasopressore"),
        "one-vasopressor": ("ein Vasopressor", "un vasopressore"),
        "multiple-vasopressors": ("mehrere Vasopressoren", "più vasopressori"),
    },
    "hypoxia": {
        "none": ("keine", "no"),
        "low-flow": ("Low-Flow", "basso flusso"),
        "high-flow": ("High-Flow", "alto flusso"),
        "positive-pressure": ("Überdruck", "pressione positiva"),
    },
    "consciousness": {
        "alert": ("wach", "vigile"),
        "awakens-spontaneously": ("spontan", "spontanea"),
        "awakens-to-voice": ("auf Ansprache", "alla voce"),
        "awakens-to-tactile": ("auf Berührung", "al tatto"),
        "unarousable": ("nicht erweckbar", "non risvegliabile"),
    },
    "seizure": {
        "none": ("nein", "no"),
        "brief-or-resolving": ("ja", "si"),
    },
    "response": {
        "cr": "CR",
        "pr": "PR",
        "nr": "NR",
        "relapse": ("Rezidiv", "recidiva"),
    },
}
