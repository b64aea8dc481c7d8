"""The operations that come with the server, one file each."""

from __future__ import annotations

from cart_fhir.server.config import Settings
from cart_fhir.server.operations import (
    Operation,
    code_systems,
    convert,
    everything,
    journey,
    map,
    meta,
    product,
    translate,
    validate,
    value_sets,
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
        *value_sets.OPERATIONS,
        *code_systems.OPERATIONS,
        translate.OPERATION,
    )
