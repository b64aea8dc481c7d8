"""Hooks: functions of the host application, called before and after every interaction, also inside bundles.

A `before` hook gets (interaction, request) and may raise (Unauthorized, Forbidden ...) or return a changed request, for
instance with `caller` set or a narrower query: it is called before anything is read or searched, so what it
refuses never reaches a page. An `after` hook gets (interaction, request, response), for instance for an audit trail.
A `visible` policy gets (request, stored) and says of each resource whether the caller may see it (see `visibility`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cart_fhir.server.http import Request, Response
from cart_fhir.server.visibility import Policy

Before = Callable[[str, Request], Request | None]
After = Callable[[str, Request, Response], None]


@dataclass
class Hooks:
    """The hooks of one mounted server, called in the order in which they were added."""

    before: list[Before] = field(default_factory=list)
    after: list[After] = field(default_factory=list)
    visible: list[Policy] = field(default_factory=list)

    def enter(self, interaction: str, request: Request) -> Request:
        """Call the `before` hooks; the request as they leave it."""
        for hook in self.before:
            request = hook(interaction, request) or request
        return request

    def leave(self, interaction: str, request: Request, response: Response) -> None:
        """Call the `after` hooks."""
        for hook in self.after:
            hook(interaction, request, response)
