"""Code systems by the names that exports give them, and the codes made with them."""

from __future__ import annotations

import pytest

from cart_fhir.mappers import systems
from cart_fhir.profiles import canonical

OWN = "https://a.example/codes"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("LN", "http://loinc.org"),
        ("SCT", "http://snomed.info/sct"),
        ("2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm"),
        ("2.16.840.1.113883.12.292", "http://hl7.org/fhir/sid/cvx"),
        ("HL70078", "http://terminology.hl7.org/CodeSystem/v2-0078"),
        ("2.16.840.1.113883.12.78", "http://terminology.hl7.org/CodeSystem/v2-0078"),
        ("1.2.276.0.76.5.1", "urn:oid:1.2.276.0.76.5.1"),
        ("https://x.example/list", "https://x.example/list"),
        ("cart-grade-cs", canonical.system("cart-grade")),
        ("99LAB", f"{OWN}/99LAB"),
        ("My list", f"{OWN}/My-list"),
        ("L", OWN),
        ("", OWN),
    ],
)
def test_a_system_has_one_url_whatever_it_is_called(name: str, url: str) -> None:
    assert systems.named(name, canonical.system, OWN) == url


def test_short_names_are_words_of_maps_and_mnemonics_are_not() -> None:
    assert systems.is_word("LOINC")
    assert not systems.is_word("C4")  # a system's mnemonic, and the name of many a column
