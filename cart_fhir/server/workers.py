"""gunicorn from Python: an application in, worker processes out, each with connections of its own.

The application is made before the workers are forked, so that they share the memory of the definitions; the store's
connections are opened by each worker for itself.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from cart_fhir.server.extension import EXTENSION


class Workers(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's application, configured here instead of by its command line."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn its settings."""
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        """The application a worker serves."""
        return self.app


def run_gunicorn(app: Flask, address: str, *, workers: int, threads: int) -> None:
    """Serve at an address (`127.0.0.1:8080`, `[::1]:8080`) until SIGINT or SIGTERM.

    Requests in progress then have thirty seconds to finish.
    """

    services = app.extensions[EXTENSION].values()
    for service in services:
        # the workers' connections are their own; none may be inherited
        if service.shared.opener:
            service.shared.store.close()

    def after_fork(server: Any, worker: Any) -> None:
        for service in services:
            service.shared.reopen()

    Workers(
        app,
        {
            "bind": address,
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "graceful_timeout": 30,
            "timeout": 120,
            "keepalive": 5,
            "accesslog": None,
            "loglevel": "warning",
            "post_fork": after_fork,
            "limit_request_line": 8190,
            "preload_app": True,
        },
    ).run()
