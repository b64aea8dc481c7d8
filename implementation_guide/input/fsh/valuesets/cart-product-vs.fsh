ValueSet: CARTProductVS
Id: cart-product-vs
Title: "CAR-T Product"
Description: "CAR-T products: RxNorm and ATC where they have codes, local codes for the others. ATC calls the class antineoplastic; there is none for autoimmune disease."
* insert Codes
* insert DrugCopyright
* include codes from system CARTProductCS
* $RXN#1986438 "tisagenlecleucel"
* $RXN#1987398 "axicabtagene ciloleucel"
* $RXN#2387277 "brexucabtagene autoleucel"
* $RXN#2479136 "lisocabtagene maraleucel"
* $RXN#2536430 "idecabtagene vicleucel"
* $RXN#2594775 "ciltacabtagene autoleucel"
* $ATC#L01XL03 "axicabtagene ciloleucel"
* $ATC#L01XL04 "tisagenlecleucel"
* $ATC#L01XL05 "ciltacabtagene autoleucel"
* $ATC#L01XL06 "brexucabtagene autoleucel"
* $ATC#L01XL07 "idecabtagene vicleucel"
* $ATC#L01XL08 "lisocabtagene maraleucel"
* $ATC#L01XL12 "obecabtagene autoleucel"
* $NCIT#C172103 "zorpocabtagene autoleucel"
* $NCIT#C102758 "tisagenlecleucel"
* $NCIT#C120309 "axicabtagene ciloleucel"
