"""Pages: every match once, whatever the order, with tokens that fit no other search."""

from __future__ import annotations

import pytest

from cart_fhir.errors import BadRequest
from cart_fhir.store.base import Store
from cart_fhir.store.contract.base import Contract, find, ids, patient, platelets, put


class Paging(Contract):
    """search: _count, _sort, _total, next."""

    @pytest.mark.parametrize(
        "sort", ["", "date", "-date", "value-quantity,-date", "status,code", "-_id", "-_lastUpdated"]
    )
    @pytest.mark.parametrize("count", [1, 4, 7, 100])
    def test_each_match_once(self, store: Store, sort: str, count: int) -> None:
        put(store, *(_observation(number) for number in range(23)))
        whole = ids(find(store, "Observation", f"_sort={sort}" if sort else ""))
        assert len(whole) == 23
        assert _all_pages(store, f"_count={count}" + (f"&_sort={sort}" if sort else "")) == whole

    def test_order(self, store: Store) -> None:
        put(store, *(_observation(number) for number in range(23)))
        days = [number % 7 for number in _numbers(_all_pages(store, "_sort=date,_id"))]
        assert days == sorted(days, key=lambda day: (day == 6, day))
        down = [number % 7 for number in _numbers(_all_pages(store, "_sort=-date,_id"))]
        assert down == sorted(down, key=lambda day: (day == 6, -day))

    def test_names_sort_as_people_write_them(self, store: Store) -> None:
        put(store, *(patient(name, id=name[:2].lower()) for name in ("zander", "Ähren", "Meyer", "abel")))
        assert [one.resource["name"][0]["family"] for one in find(store, "Patient", "_sort=family").matches] == [
            "abel",
            "Ähren",
            "Meyer",
            "zander",
        ]

    def test_total_and_count(self, store: Store) -> None:
        put(store, *(_observation(number) for number in range(23)))
        page = find(store, "Observation", "_total=accurate&_count=5&status=final")
        assert page.total == len(ids(find(store, "Observation", "status=final")))
        assert len(page.matches) == 5
        nothing = find(store, "Observation", "_count=0")
        assert (nothing.total, nothing.matches, nothing.next) == (23, [], "")
        counted = find(store, "Observation", "_summary=count")
        assert (counted.total, counted.matches) == (23, [])

    def test_what_is_added_meanwhile_moves_nothing(self, store: Store) -> None:
        put(store, *(_observation(number) for number in range(10)))
        first = find(store, "Observation", "_count=5")
        put(store, *(_observation(number) for number in range(10, 15)))
        second = find(store, "Observation", f"_count=5&_page={first.next}")
        assert _numbers(ids(first) + ids(second)) == list(range(10))

    def test_a_token_fits_its_search_and_caller_only(self, store: Store) -> None:
        put(store, *(_observation(number) for number in range(10)))
        token = find(store, "Observation", "_count=3&status=final", caller="anna").next
        assert find(store, "Observation", f"_count=2&status=final&_page={token}", caller="anna").matches
        for query, caller in (
            (f"status=amended&_page={token}", "anna"),
            (f"status=final&_page={token}", "ben"),
            (f"status=final&_page={token[:-3]}AAA", "anna"),
            ("status=final&_page=!!!", "anna"),
            ("status=final&_page=é", "anna"),
        ):
            with pytest.raises(BadRequest):
                find(store, "Observation", query, caller=caller)

    def test_a_token_tells_nothing_of_patients(self, store: Store) -> None:
        put(store, *(patient("Secretname", id=f"p{number}") for number in range(3)))
        token = find(store, "Patient", "_count=1&_sort=family").next
        assert "ecret" not in token
        assert len(token) < 100


def _observation(number: int) -> dict[str, object]:
    made = platelets(
        str(number * 7 % 5),
        id=f"o{number}",
        day=f"2024-03-{number % 7 + 1:02d}",
        status="final" if number % 3 else "amended",
    )
    if number % 7 == 6:
        del made["effectiveDateTime"]
    return made


def _all_pages(store: Store, query: str) -> list[str]:
    found: list[str] = []
    token = ""
    while True:
        page = find(store, "Observation", f"{query}&_page={token}" if token else query)
        found += ids(page)
        token = page.next
        if not token:
            return found


def _numbers(found: list[str]) -> list[int]:
    return [int(id[1:]) for id in found]
