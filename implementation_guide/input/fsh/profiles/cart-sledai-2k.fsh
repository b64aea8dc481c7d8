Profile: CARTSledai2k
Parent: CARTDiseaseActivity
Id: cart-sledai-2k
Title: "SLEDAI-2K"
Description: "SLE Disease Activity Index 2000: 24 weighted items, total 0 to 105. It does not see haemolytic anaemia, interstitial lung disease, pulmonary hypertension or alveolar haemorrhage: organ findings are recorded beside it."
* code = CARTDiseaseActivityCS#sledai-2k
* value[x] only Quantity
* valueQuantity = $UCUM#{score}
* component.code from CARTSledai2kItemVS (required)
* component.value[x] only boolean
* component.value[x] ^short = "Whether the item is present; the code system gives its weight"
* obeys cart-sle-1 and cart-sle-2 and cart-item-1
