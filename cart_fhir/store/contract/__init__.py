"""The tests every store passes: ours and a third party's.

Inherit `StoreContract` in a test module and define one fixture, `opened`: a function that opens the same, at first
empty, store each time it is called (with a registry of the R4 core facts):

    class TestMyStore(StoreContract):
        @pytest.fixture
        def opened(self, tmp_path):
            return lambda: MyStore(tmp_path / "data", Registry(guide=False))

Set `isolated = False` where one store has a single connection, so that nothing can be read beside a transaction, and
`durable = False` where a second opening does not find what the first one wrote. Needs pytest (extra `test`).
"""

from cart_fhir.store.contract.base import Contract
from cart_fhir.store.contract.erasure import Erasure
from cart_fhir.store.contract.history import History
from cart_fhir.store.contract.paging import Paging
from cart_fhir.store.contract.races import Races
from cart_fhir.store.contract.searching import Searching
from cart_fhir.store.contract.transactions import Transactions
from cart_fhir.store.contract.versions import Versions

__all__ = ["StoreContract"]


class StoreContract(Versions, History, Transactions, Searching, Paging, Races, Erasure):
    """Everything a store promises (`store.base`)."""


assert issubclass(StoreContract, Contract)
