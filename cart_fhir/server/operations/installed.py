"""The operations that come with the server, one file each."""

from __future__ import annotations

from cart_fhir.server.operations import Operation, everything, validate

OPERATIONS: tuple[Operation, ...] = (validate.OPERATION, everything.OPERATION)
