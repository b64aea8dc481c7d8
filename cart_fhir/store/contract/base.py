"""What the topics of the contract share: the store under test and a few resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from cart_fhir.definitions import Registry
from cart_fhir.search import parse
from cart_fhir.store.base import Page, Reader, Store

Json = dict[str, Any]
Opened = Callable[[], Store]

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"


class Contract:
    """One topic of the contract."""

    isolated = True
    durable = True

    @pytest.fixture
    def opened(self) -> Opened:
        """Opens the store under test; to be given by the subclass."""
        raise NotImplementedError("Define a fixture 'opened' that returns a function () -> Store.")

    @pytest.fixture
    def store(self, opened: Opened) -> Iterator[Store]:
        """The store under test, empty."""
        store = opened()
        try:
            yield store
        finally:
            store.close()


def patient(family: str = "Meyer", **more: Any) -> Json:
    """A Patient."""
    return {"resourceType": "Patient", "name": [{"family": family}], **more}


def platelets(value: str = "150", subject: str = "Patient/p1", day: str = "2024-03-01", **more: Any) -> Json:
    """A platelet count in 10*9/L."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": "777-3", "display": "Platelets"}]},
        "subject": {"reference": subject},
        "effectiveDateTime": day,
        "valueQuantity": {"value": Decimal(value), "unit": "10*9/L", "system": UCUM, "code": "10*9/L"},
        **more,
    }


def put(store: Store, *resources: Json) -> list[str]:
    """Create the resources in one transaction, under their own ids where they have one; the ids."""
    with store.transaction() as tx:
        return [tx.create(resource, resource.get("id", "")).stored.id for resource in resources]


_REGISTRY = Registry(guide=False)


def find(store: Reader, type: str | None, text: str = "", **options: Any) -> Page:
    """Search with a query string as it would stand in a URL, unencoded."""
    pairs = [(name, value) for name, _, value in (part.partition("=") for part in text.split("&") if part)]
    return store.search(parse(type, pairs, _REGISTRY, **options))


def ids(page: Page) -> list[str]:
    """The ids of the matches in their order."""
    return [stored.id for stored in page.matches]
