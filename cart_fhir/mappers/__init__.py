"""From export to resources: readers, row schemas, map files, identity, bundle, provenance.

    with load_map("centre.yaml").run(["export/"]) as mapped:
        mapped.bundle()

Data flows one way: a reader gives records, a marshmallow schema built from the map gives typed values, compiled bodies
give resources, the spool holds them until the last row is read, and `settle` decides what stands. docs/mapping.md.
"""

from __future__ import annotations

from cart_fhir.mappers.feeds import Totals
from cart_fhir.mappers.mapping import Map, Mapped, load_map
from cart_fhir.mappers.readers import Reading, Record, Unreadable

__all__ = ["Map", "Mapped", "Reading", "Record", "Totals", "Unreadable", "load_map"]
