"""Names by their sound, for the parameter `phonetic`: Soundex, as the National Archives of the United States define it.

https://www.archives.gov/research/census/soundex; letters are folded first, so that Müller, Mueller and Miller are one.
"""

from __future__ import annotations

from cart_fhir.search.text import fold

CODE = "phonetic"
"""The search parameter that finds names by sound (Patient, Person, Practitioner, RelatedPerson)."""

_DIGITS = {
    letter: digit
    for digit, letters in (("1", "bfpv"), ("2", "cgjkqsxz"), ("3", "dt"), ("4", "l"), ("5", "mn"), ("6", "r"))
    for letter in letters
}
_SILENT = "hw"


def sound(text: str) -> str:
    """The sounds of the words of a text; a word without Latin letters stands for itself."""
    return " ".join(_soundex(word) for word in fold(text).replace("-", " ").split())


def _soundex(word: str) -> str:
    letters = [letter for letter in word if "a" <= letter <= "z"]
    if not letters:
        return word
    made, last = letters[0], _DIGITS.get(letters[0], "")
    for letter in letters[1:]:
        digit = _DIGITS.get(letter, "")
        if digit and digit != last:
            made += digit
        if letter not in _SILENT:  # two letters of one sound with h or w between them count once
            last = digit
    return made[:4].ljust(4, "0")
