"""The operations that come with the server, one file each."""

from __future__ import annotations

from cart_fhir.server.config import Settings
from cart_fhir.server.operations import (
    Operation,
    convert,
    everything,
    journey,
    map,
    meta,
    product,
    terminology,
    validate,
)


def installed(settings: Settings) -> tuple[Operation, ...]:
    """Every operation of ours, in the order in which /metadata lists them; `$map` only where maps are installed."""
    return (
        validate.OPERATION,
        everything.OPERATION,
        journey.operation(),
        product.operation(),
        *([map.operation()] if settings.maps else []),
        convert.OPERATION,
        *meta.OPERATIONS,
        *terminology.OPERATIONS,
    )
