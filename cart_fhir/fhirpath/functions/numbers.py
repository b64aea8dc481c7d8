"""Functions on numbers. https://hl7.org/fhirpath/N1/#math"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, getcontext
from typing import Any

from cart_fhir.fhirpath.functions.registry import scalar
from cart_fhir.fhirpath.quantities import Quantity, with_value


@scalar("abs", "NumberOrQuantity")
def absolute(number: Any) -> Any:
    """The number without its sign."""
    return with_value(number, abs(number.value)) if isinstance(number, Quantity) else abs(number)


@scalar("ceiling", "Number", returns="Integer")
def ceiling(number: int | Decimal) -> int:
    """The smallest Integer that is not smaller."""
    return -int(-Decimal(number) // 1) if number <= 0 or number == int(number) else int(number) + 1


@scalar("floor", "Number", returns="Integer")
def floor(number: int | Decimal) -> int:
    """The largest Integer that is not larger."""
    return int(number) if number >= 0 or number == int(number) else int(number) - 1


@scalar("truncate", "Number", returns="Integer")
def truncate(number: int | Decimal) -> int:
    """The Integer part."""
    return int(number)


@scalar("round", "Number", "Integer", optional=1)
def rounded(number: int | Decimal, digits: int = 0) -> Decimal | int | None:
    """The number with so many digits after the point, halves away from zero."""
    if not 0 <= digits <= getcontext().prec:
        return None
    made = Decimal(number).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return int(made) if isinstance(number, int) or not digits else made


@scalar("sqrt", "Number", returns="Decimal")
def square_root(number: int | Decimal) -> Decimal | None:
    """The square root; nothing for negative numbers."""
    return Decimal(number).sqrt() if number >= 0 else None


@scalar("exp", "Number", returns="Decimal")
def exponential(number: int | Decimal) -> Decimal:
    """e to the power of the number."""
    return Decimal(number).exp()


@scalar("ln", "Number", returns="Decimal")
def natural_logarithm(number: int | Decimal) -> Decimal | None:
    """The natural logarithm; nothing for numbers that are not positive."""
    return Decimal(number).ln() if number > 0 else None


@scalar("log", "Number", "Number", returns="Decimal")
def logarithm(number: int | Decimal, base: int | Decimal) -> Decimal | None:
    """The logarithm to a base."""
    if number <= 0 or base <= 0 or base == 1:
        return None
    return round(Decimal(number).ln() / Decimal(base).ln(), 20).normalize() + 0


@scalar("power", "Number", "Number")
def power(number: int | Decimal, exponent: int | Decimal) -> int | Decimal | None:
    """The number to a power; nothing where the result is no number or beyond reach."""
    if (number < 0 and exponent != int(exponent)) or (number == 0 and exponent < 0):
        return None
    if number == 0 and exponent == 0:
        return 1 if isinstance(number, int) else Decimal(1)
    made = Decimal(number) ** Decimal(exponent)
    if isinstance(number, int) and isinstance(exponent, int) and exponent >= 0 and made.adjusted() < getcontext().prec:
        return int(made)
    return made
