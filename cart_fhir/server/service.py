"""What every interaction is given: the store, the definitions, the validator, and what the operator decided.

A service is made by the extension, one for each mounted server. `within(tx)` is the same service bound to a running
transaction: interactions called with it read and write inside that transaction, so that an entry of a transaction
bundle runs exactly the code of the single request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from cart_fhir.definitions import Registry
from cart_fhir.definitions.terminology import Terminology
from cart_fhir.errors import MethodNotAllowed, NotFound
from cart_fhir.server.codes import Codes
from cart_fhir.server.config import Settings
from cart_fhir.server.definitions import DEFINITIONAL, definition_store
from cart_fhir.server.hooks import Hooks
from cart_fhir.server.http import Json, Request, Response
from cart_fhir.server.metrics import Metrics
from cart_fhir.server.visibility import Visible, VisibleTransaction
from cart_fhir.store import Store
from cart_fhir.store.base import Reader, Transaction
from cart_fhir.validator import Validator

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

    from cart_fhir.server.operations import Operation

Result = TypeVar("Result")
NOBODY = Request("GET", "")


@dataclass
class Shared:
    """What a service and its bound copies have in common; made once, parts of it when first needed.

    `dispatch` runs one request through the routing table; bundles call it for each of their entries. `added` are the
    application's operations, which it may add to as long as it likes, before and after mounting, as it may to `hooks`.
    """

    registry: Registry
    store: Store
    settings: Settings
    dispatch: Callable[[Service, Request], Response]
    ours: tuple[Operation, ...] = ()
    added: list[Operation] = field(default_factory=list)
    hooks: Hooks = field(default_factory=Hooks)
    metrics: Metrics = field(default_factory=Metrics)
    statements: dict[tuple[str, int, int], Json] = field(default_factory=dict)
    opener: Callable[[], Store] | None = None
    tracer: Tracer | None = None

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All operations; the application's own come first: it may put one in the place of ours."""
        return (*self.added, *self.ours)

    def reopen(self) -> None:
        """Open the store again, after a fork: connections must not be shared between processes."""
        if self.opener is not None:
            self.store = self.opener()

    @cached_property
    def validator(self) -> Validator:
        """The validator over the registry."""
        return Validator(registry=self.registry, allow_extensions=self.settings.allow_extensions)

    @cached_property
    def terminology(self) -> Terminology:
        """The terminology of the registry."""
        return Terminology(self.registry)

    @cached_property
    def codes(self) -> Codes:
        """What searches ask of the terminology."""
        return Codes(self.terminology, self.registry)

    @cached_property
    def definitions(self) -> Store:
        """The loaded definitions as a store of their own, so that they are searched like anything else."""
        return definition_store(self.registry)

    @cached_property
    def types(self) -> frozenset[str]:
        """The resource types that are offered."""
        known = frozenset(self.registry.resource_types)
        asked = self.settings.types
        if not asked:
            return known
        guide = {profile["type"] for profile in self.registry.profiles()} & known if "guide" in asked else set()
        return frozenset((set(asked) - {"guide"}) & known) | guide | DEFINITIONAL | {"Bundle", "OperationOutcome"}


@dataclass(frozen=True)
class Service:
    """A mounted FHIR server without HTTP. `tx` is the running transaction, None outside of one.

    `asked` is the request on whose behalf resources are read; policies of visibility are asked about it.
    """

    shared: Shared
    tx: Transaction | None = None
    asked: Request = NOBODY

    @property
    def settings(self) -> Settings:
        """What the operator decided."""
        return self.shared.settings

    @property
    def registry(self) -> Registry:
        """The definitions: R4 core, the guide, what the operator added."""
        return self.shared.registry

    def within(self, tx: Transaction) -> Service:
        """This service bound to a running transaction."""
        return replace(self, tx=tx.inner if isinstance(tx, VisibleTransaction) else tx)

    def asking(self, request: Request) -> Service:
        """This service reading on behalf of a request, where anything depends on who asks."""
        return replace(self, asked=request) if self.shared.hooks.visible else self

    def reader(self, type: str = "") -> Reader:
        """Where resources of a type are read: the running transaction, the store, or the loaded definitions."""
        if self.read_only(type):
            return self.shared.definitions
        reader = self.tx or self.shared.store
        policies = self.shared.hooks.visible
        return Visible(reader, policies, self.asked) if policies else reader

    def run(self, work: Callable[[Transaction], Result], *, exclusive: tuple[str, ...] = ()) -> Result:
        """Do changes in the running transaction, or in one of their own that is tried again after a collision.

        `exclusive`: the types that are searched to decide what to write; a transaction bundle has asked for them all.
        """
        policies = self.shared.hooks.visible

        def seen(tx: Transaction) -> Transaction:
            return VisibleTransaction(tx, policies, self.asked) if policies else tx

        if self.tx is not None:
            return work(seen(self.tx))

        def whole(tx: Transaction) -> Result:
            if exclusive:
                tx.exclusive(exclusive)
            return work(seen(tx))

        return self.shared.store.run(whole)

    def full_text(self, type: str) -> bool:
        """True where `_text` and `_content` are answered: the store was opened with `?full_text=on`."""
        return not self.read_only(type) and bool(getattr(self.shared.store, "full_text", False))

    def read_only(self, type: str) -> bool:
        """True for the types that are served from the loaded definitions."""
        return type in DEFINITIONAL and self.settings.definitions_read_only

    def require_type(self, type: str) -> None:
        """Raise 404 for a resource type that is not offered."""
        if type not in self.shared.types:
            known = type in self.registry.resource_types
            text = f"The resource type '{type}' is not offered here." if known else f"FHIR R4 has no type '{type}'."
            raise NotFound(text, advice="GET [base]/metadata lists the types.")

    def require_writable(self, type: str) -> None:
        """Raise 404 for a type that is not offered and 405 for one that is only read."""
        self.require_type(type)
        if self.read_only(type):
            raise MethodNotAllowed(
                f"{type} is served from the loaded definitions and cannot be written.",
                advice="Add definitions with CART_FHIR_DEFINITIONS, or set CART_FHIR_DEFINITIONS_READ_ONLY to false.",
            )
