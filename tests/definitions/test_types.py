"""The type model: children, choices and ancestors of R4's types."""

from __future__ import annotations

import pytest

from cart_fhir.definitions import Registry
from cart_fhir.fhirpath.types import is_primitive


@pytest.mark.parametrize(
    ("type_name", "name", "types", "many"),
    [
        ("Patient", "id", ("id",), False),
        ("Patient.contact", "id", ("string",), False),
        ("Patient", "contained", ("Resource",), True),
        ("Patient", "contact", ("Patient.contact",), True),
        ("Patient", "deceased", ("boolean", "dateTime"), False),
        ("Observation.component", "referenceRange", ("Observation.referenceRange",), True),
        ("Questionnaire.item", "item", ("Questionnaire.item",), True),
        ("Extension", "url", ("uri",), False),
        ("string", "extension", ("Extension",), True),
        ("Narrative", "div", ("xhtml",), False),
        ("Bundle.entry", "resource", ("Resource",), False),
        ("Timing.repeat", "bounds", ("Duration", "Range", "Period"), False),
        ("Age", "value", ("decimal",), False),
    ],
)
def test_a_child(core: Registry, type_name: str, name: str, types: tuple[str, ...], many: bool) -> None:
    child = core.types.children(type_name)[name]
    assert (child.types, child.max_is_many) == (types, many)


def test_a_choice_has_a_json_name_per_type(core: Registry) -> None:
    child = core.types.children("Patient")["deceased"]
    assert child.is_choice
    assert dict(child.json_names) == {"deceasedBoolean": "boolean", "deceasedDateTime": "dateTime"}


def test_children_stand_in_the_order_of_the_definition(core: Registry) -> None:
    assert list(core.types.children("Coding")) == [
        "id",
        "extension",
        "system",
        "version",
        "code",
        "display",
        "userSelected",
    ]
    assert "value" not in core.types.children("string")


@pytest.mark.parametrize(
    ("type_name", "ancestor", "expected"),
    [
        ("code", "string", True),
        ("Age", "Quantity", True),
        ("Patient", "Resource", True),
        ("Bundle", "DomainResource", False),
        ("Observation.component", "BackboneElement", True),
        ("Timing.repeat", "Element", True),
        ("Timing.repeat", "BackboneElement", False),
        ("Patient", "Patient", True),
        ("Patient", "Person", False),
        ("nothing", "Element", False),
    ],
)
def test_ancestors(core: Registry, type_name: str, ancestor: str, expected: bool) -> None:
    assert core.types.is_a(type_name, ancestor) is expected


@pytest.mark.parametrize("name", ["nothing", "Patient.nothing", "", ".", "Patient.", "vitalsigns"])
def test_an_unknown_type_has_no_children(core: Registry, name: str) -> None:
    assert not core.types.children(name)


def test_every_type_that_a_child_has_is_known_and_ends_in_element_or_resource(core: Registry) -> None:
    pending, seen = list(core.resource_types), set[str]()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        children = core.types.children(name)
        assert "id" in children, name
        assert core.types.is_a(name, "Element") or core.types.is_a(name, "Resource"), name
        assert not is_primitive(name) or "value" not in children
        pending += [type_ for child in children.values() for type_ in child.types]
    assert len(seen) > 650
