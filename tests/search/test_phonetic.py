"""Names by their sound."""

from __future__ import annotations

import pytest

from cart_fhir.search.phonetic import sound


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Washington", "w252"),
        ("Lee", "l000"),
        ("Gutierrez", "g362"),
        ("Pfister", "p236"),
        ("Jackson", "j250"),
        ("Tymczak", "t522"),
        ("Ashcraft", "a261"),
        ("Rupert", "r163"),
        ("Müller-Lüdenscheidt", "m460 l352"),
        ("  Mc   Donald ", "m200 d543"),
        ("O'Hara", "o600"),
        ("李", "李"),
        ("", ""),
    ],
)
def test_the_sound_of_a_name(text: str, expected: str) -> None:
    assert sound(text) == expected
