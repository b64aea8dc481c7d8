Profile: CARTCdasi
Parent: CARTDiseaseActivity
Id: cart-cdasi
Title: "CDASI"
Description: "Cutaneous Dermatomyositis Disease Area and Severity Index, activity or damage. The guide checks no range: none was seen in a source that could be cited."
* code from CARTCdasiVS (required)
* value[x] only Quantity
* valueQuantity = $UCUM#{score}
