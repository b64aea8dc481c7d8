"""The Flask extension: an application in, a FHIR server mounted under a prefix of it.

    app = Flask(__name__)
    CartFHIR(app)                                                  # or: fhir = CartFHIR(); fhir.init_app(app)
    CartFHIR(app, name="trial", CART_FHIR_URL_PREFIX="/trial", CART_FHIR_STORE="sqlite:///trial.db")

Several may be mounted in one application and several applications may live in one process: everything a server holds
stands in `app.extensions["cart_fhir"][name]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from flask import Flask

from cart_fhir.definitions import Registry
from cart_fhir.errors import ConfigError
from cart_fhir.server.blueprint import make_blueprint
from cart_fhir.server.config import PREFIX, Settings, load
from cart_fhir.server.health import make_health
from cart_fhir.server.hooks import After, Before, Hooks
from cart_fhir.server.operations import Handler, Operation
from cart_fhir.server.operations.installed import installed
from cart_fhir.server.routes import dispatch
from cart_fhir.server.service import Service, Shared
from cart_fhir.server.tracing import tracer
from cart_fhir.server.visibility import Policy
from cart_fhir.store import Store, open_store

EXTENSION = "cart_fhir"


class CartFHIR:
    """One FHIR server. Keyword arguments are `CART_FHIR_*` keys and win over the application's configuration.

    `store` and `registry` may be given ready-made; what is given is not closed by `close`.
    """

    def __init__(
        self,
        app: Flask | None = None,
        *,
        name: str = "fhir",
        store: Store | None = None,
        registry: Registry | None = None,
        **config: Any,
    ) -> None:
        self.name = name
        self.hooks = Hooks()
        self._store = store
        self._registry = registry
        self._config = config
        self._operations: list[Operation] = []
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> Service:
        """Mount the server in an application; ConfigError names every key that is wrong."""
        held: dict[str, Service] = app.extensions.setdefault(EXTENSION, {})
        if self.name in held:
            raise ConfigError(f"A FHIR server named '{self.name}' is mounted already.", advice="Give another name=.")
        settings = load({**app.config, **self._config})
        self._refuse_same_prefix(held.values(), settings)
        registry = self._registry or _registry(settings.definitions)
        opener = partial(open_store, settings.store, registry) if self._store is None else None
        store = opener() if opener else self._store
        assert store is not None
        shared = Shared(registry, store, settings, dispatch, installed(settings), self._operations, self.hooks)
        shared.opener, shared.tracer = opener, tracer(settings.tracing)
        service = Service(shared)
        held[self.name] = service
        app.register_blueprint(make_health(f"{self.name}_health", service))
        app.register_blueprint(make_blueprint(self.name, service))
        return service

    def before(self, hook: Before) -> Before:
        """Decorator: call a function before every interaction (see `hooks`)."""
        self.hooks.before.append(hook)
        return hook

    def after(self, hook: After) -> After:
        """Decorator: call a function after every interaction."""
        self.hooks.after.append(hook)
        return hook

    def visible(self, policy: Policy) -> Policy:
        """Decorator: show only resources of which the function (request, stored) answers True (see `visibility`)."""
        self.hooks.visible.append(policy)
        return policy

    def operation(
        self,
        code: str,
        *,
        definition: str,
        about: str = "",
        system: bool = False,
        type: Iterable[str] = (),
        instance: Iterable[str] = (),
        affects_state: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Decorator: offer a function (service, request) -> response as the operation `$code`.

        `system`, `type` and `instance` (resource types, "*" for all) say where. ConfigError for a code that is no name,
        that is offered nowhere, or that was given before.
        """
        places = (system, frozenset(type), frozenset(instance))
        if not re.fullmatch("[A-Za-z][A-Za-z0-9-]{0,63}", code):
            raise ConfigError(
                f"'{code}' cannot be an operation.", advice="Write its name without $: letters, digits, -."
            )
        if not any(places):
            raise ConfigError(f"${code} is offered nowhere.", advice="Say system=True, type=[...] or instance=[...].")
        if any(one.code == code for one in self._operations):
            raise ConfigError(
                f"${code} is an operation of this server already.", advice="Give it all its places at once."
            )

        def add(handler: Handler) -> Handler:
            self._operations.append(Operation(code, handler, definition, about, *places, affects_state))
            return handler

        return add

    @staticmethod
    def _refuse_same_prefix(mounted: Iterable[Service], settings: Settings) -> None:
        for other in mounted:
            if other.settings.url_prefix == settings.url_prefix:
                raise ConfigError(
                    f"Two FHIR servers would share the prefix '{settings.url_prefix}'.",
                    advice=f"Set {PREFIX}URL_PREFIX for one of them.",
                )


def service_of(app: Flask, name: str = "fhir") -> Service:
    """The service of a server mounted in an application; ConfigError where none of that name is."""
    mounted: dict[str, Service] = app.extensions.get(EXTENSION, {})
    if name not in mounted:
        raise ConfigError(
            f"No FHIR server named '{name}' is mounted in this application.", advice="Call CartFHIR(app) before."
        )
    return mounted[name]


def _registry(paths: tuple[str, ...]) -> Registry:
    if not paths:
        return Registry.default()
    registry = Registry()
    for path in paths:
        registry.load(path)
    return registry
