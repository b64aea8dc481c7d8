"""$meta, $meta-add, $meta-delete: profiles, tags and security labels, read over everything or changed on one resource.

https://hl7.org/fhir/R4/resource-operation-meta.html
"""

from __future__ import annotations

from typing import Any

from cart_fhir.errors import BadRequest, Forbidden, NotSupported
from cart_fhir.server.body import validate
from cart_fhir.server.http import Json, Request, Response, require_match
from cart_fhir.server.operations import CORE, Operation
from cart_fhir.server.operations.arguments import arguments
from cart_fhir.server.service import Service
from cart_fhir.store.base import Transaction

_LISTS = ("profile", "security", "tag")


def meta(service: Service, request: Request) -> Response:
    """200 with the Meta of the resource, or what is in use on a type or on all of them, as a Parameters resource."""
    arguments(service, request, known=())
    if request.id:
        return _answer(service.reader(request.type).read(request.type, request.id).resource.get("meta", {}))
    if service.shared.hooks.visible:
        raise Forbidden("What all resources bear could tell of hidden ones; ask for the $meta of one.")
    types = [request.type] if request.type else [one for one in service.shared.types if not service.read_only(one)]
    store = service.shared.definitions if service.read_only(request.type) else service.shared.store
    labels = getattr(store, "labels", None)
    if labels is None:
        raise NotSupported("This store cannot tell which labels are in use.", advice="Ask for the $meta of a resource.")
    return _answer(labels(types))


def meta_add(service: Service, request: Request) -> Response:
    """200 with the Meta after adding what the argument holds; what is there already is not added twice."""

    def change(old: list[Any], given: list[Any]) -> list[Any]:
        keys = [_key(one) for one in old]
        return old + [one for one in given if _key(one) not in keys]

    return _change(service, request, change)


def meta_delete(service: Service, request: Request) -> Response:
    """200 with the Meta after taking away what the argument holds."""

    def change(old: list[Any], given: list[Any]) -> list[Any]:
        keys = [_key(one) for one in given]
        return [one for one in old if _key(one) not in keys]

    return _change(service, request, change)


def _change(service: Service, request: Request, change: Any) -> Response:
    service.require_writable(request.type)
    given = arguments(service, request, known=("meta",)).value("meta")
    if given is None:
        raise BadRequest("The argument meta is missing.", advice="Send Parameters with a parameter meta (valueMeta).")
    asked: Json = given

    def work(tx: Transaction) -> Json:
        stored = tx.read(request.type, request.id)
        require_match(request.header("if-match"), stored.version)
        resource = stored.resource
        held = dict(resource.get("meta", {}))
        for name in _LISTS:
            rows = change(list(held.get(name, ())), list(asked.get(name, ())))
            if rows:
                held[name] = rows
            else:
                held.pop(name, None)
        made = {**resource, "meta": held}
        validate(service, made)
        written = tx.update(made, expected=str(stored.version))
        found: Json = written.stored.resource.get("meta", {})
        return found

    return _answer(service.run(work))


def _key(value: Any) -> Any:
    return (value.get("system"), value.get("code")) if isinstance(value, dict) else value


def _answer(found: Json) -> Response:
    made = {"resourceType": "Parameters"}
    return Response(200, made | ({"parameter": [{"name": "return", "valueMeta": found}]} if found else {}))


_EVERY = frozenset({"*"})
OPERATIONS = (
    Operation(
        "meta",
        meta,
        f"{CORE}Resource-meta",
        "Profiles, tags and labels of a resource, or those in use on a type or on all.",
        system=True,
        type=_EVERY,
        instance=_EVERY,
    ),
    Operation(
        "meta-add",
        meta_add,
        f"{CORE}Resource-meta-add",
        "Add profiles, tags and labels.",
        instance=_EVERY,
        affects_state=True,
    ),
    Operation(
        "meta-delete",
        meta_delete,
        f"{CORE}Resource-meta-delete",
        "Take profiles, tags and labels away.",
        instance=_EVERY,
        affects_state=True,
    ),
)
