"""The operations that come with the server, one file each."""

from __future__ import annotations

from cart_fhir.server.operations import Operation, convert, everything, journey, meta, product, terminology, validate


def installed() -> tuple[Operation, ...]:
    """Every operation of ours, in the order in which /metadata lists them."""
    return (
        validate.OPERATION,
        everything.OPERATION,
        journey.operation(),
        product.operation(),
        convert.OPERATION,
        *meta.OPERATIONS,
        *terminology.OPERATIONS,
    )
