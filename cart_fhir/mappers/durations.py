"""Durations in words, "3 years and 6 months", and the date that lies so long before another: onset from duration.

What is found is no more exact than what was said: years before a date give a year, months a month.
"""

from __future__ import annotations

import re
from decimal import Decimal

from cart_fhir.mappers.dates import add_days, is_full
from cart_fhir.mappers.text import fold
from cart_fhir.mappers.values import Amount, Refused

# UCUM unit -> its words in the languages of the exports (English, German, Italian, French, Spanish, Swedish)
_WORDS = {
    "a": ("year", "years", "yr", "yrs", "y", "a", "jahr", "jahre", "jahren", "j", "anno", "anni", "an", "ans", "ano",
          "anos", "año", "años", "ar", "år"),
    "mo": ("month", "months", "mo", "mos", "mth", "m", "monat", "monate", "monaten", "mese", "mesi", "mois", "mes",
           "meses", "manad", "manader", "månad", "månader"),
    "wk": ("week", "weeks", "wk", "wks", "w", "woche", "wochen", "settimana", "settimane", "semaine", "semaines",
           "semana", "semanas", "vecka", "veckor"),
    "d": ("day", "days", "d", "tag", "tage", "tagen", "giorno", "giorni", "jour", "jours", "dia", "dias", "dag",
          "dagar"),
}  # fmt: skip
_UNIT = {fold(word): unit for unit, words in _WORDS.items() for word in words}
_PIECE = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?")
_JOIN = re.compile(r"(?:\s|,|and|und|e|et|y|och|\+)*")


def parse(text: str) -> Amount:
    """The duration as a number of its smallest unit (years and months: months).

    Refused where it is none, where a slash leaves two readings ("1 year/9 months"), and where units don't add up
    exactly (years and days).
    """
    told = fold(text)
    if "/" in told:
        raise Refused("type", "Two durations stand here, or one of two parts: write it with 'and', or separately.")
    pieces = [(Decimal(number.replace(",", ".")), _UNIT.get(word)) for number, word in _PIECE.findall(told)]
    units = [unit for _, unit in pieces]
    if not pieces or None in units or _JOIN.fullmatch(_PIECE.sub("", told)) is None:
        raise Refused("type", "This is not a duration such as '3 years and 6 months'.")
    if len(pieces) == 1:
        return Amount(pieces[0][0], "", str(units[0]))
    if units == ["a", "mo"]:
        return Amount(pieces[0][0] * 12 + pieces[1][0], "", "mo")
    if units == ["wk", "d"]:
        return Amount(pieces[0][0] * 7 + pieces[1][0], "", "d")
    raise Refused("type", "These units do not add up exactly.")


def before(duration: Amount, day: str) -> str | None:
    """The date that lies the duration before `day`, as exact as both are; None where they don't reach each other."""
    number, unit = duration.value, duration.unit
    if number != number.to_integral_value():
        raise Refused("type", "A part of a month or year is no date.")
    if unit == "a":
        return f"{int(day[:4]) - int(number):04}"
    if unit == "mo":
        if len(day) < 7:
            return None
        months = int(day[:4]) * 12 + int(day[5:7]) - 1 - int(number)
        return f"{months // 12:04}-{months % 12 + 1:02}"
    return add_days(day, -int(number) * (7 if unit == "wk" else 1)) if is_full(day) else None
