ValueSet: CARTLymphodepletionDrugVS
Id: cart-lymphodepletion-drug-vs
Title: "Lymphodepletion Drug"
Description: "Drugs of lymphodepletion. Send the RxNorm and the ATC code together."
* insert Codes
* insert DrugCopyright
* $RXN#24698 "fludarabine"
* $RXN#3002 "cyclophosphamide"
* $ATC#L01BB05 "fludarabine"
* $ATC#L01AA01 "cyclophosphamide"
