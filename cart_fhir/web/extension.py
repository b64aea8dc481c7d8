"""Pages for people as a Flask extension: an application with a FHIR server in, the same with pages out.

    CartFHIR(app)
    Pages(app)                      # at /, or Pages(app, url_prefix="/registry")

The pages read through the server's own interactions, so that hooks decide about them too. They hold no scripts, load
nothing from elsewhere, and say so in their Content-Security-Policy.
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from cart_fhir import __version__
from cart_fhir.errors import CartFHIRError
from cart_fhir.server.blueprint import base_url
from cart_fhir.server.extension import service_of
from cart_fhir.server.outcomes import from_error
from cart_fhir.web import views
from cart_fhir.web.records import Records

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class Pages:
    """The pages of one mounted FHIR server, by its name."""

    def __init__(self, app: Flask | None = None, *, name: str = "fhir", url_prefix: str = "") -> None:
        self.name, self.url_prefix = name, url_prefix
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Mount the pages; the FHIR server of this name must be mounted already."""
        service = service_of(app, self.name)
        blueprint = Blueprint(
            f"{self.name}_pages",
            __name__,
            url_prefix=self.url_prefix or None,
            template_folder="templates",
            static_folder="static",
            static_url_path="/pages/static",
        )

        def records() -> Records:
            return Records(service, base_url(service), request.headers.get("Authorization", ""))

        for rule, endpoint, view in (
            ("/", "home", views.home),
            ("/cohort", "cohort", views.cohort),
            ("/journey/<patient>", "journey", views.journey),
            ("/guide", "guide", views.guide),
            ("/guide/<profile>", "profile", views.profile),
        ):

            def page(view: views.View = view, **values: str) -> str:
                return view(records(), **values)

            blueprint.add_url_rule(rule, endpoint, page)
        blueprint.add_url_rule("/check", "check", lambda: views.check(records()), methods=["GET", "POST"])
        blueprint.register_error_handler(CartFHIRError, _told)
        blueprint.register_error_handler(Exception, _fault)
        blueprint.after_request(_closed)
        blueprint.context_processor(
            lambda: {"version": __version__, "fhir": base_url(service), "pages": f"{self.name}_pages"}
        )
        app.register_blueprint(blueprint)


def _told(error: CartFHIRError) -> tuple[str, int]:
    return render_template("cart_fhir/error.html", error=error), error.status


def _fault(error: Exception) -> HTTPException | tuple[str, int]:
    """A fault of the program as a page with a reference; the log has its place, as for a FHIR request."""
    if isinstance(error, HTTPException):
        return error
    told = from_error(error).body or {}
    return _told(CartFHIRError(told["issue"][0]["details"]["text"]))


def _closed(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if response.mimetype == "text/html":
        response.headers["Cache-Control"] = "private, no-store"
    return response
