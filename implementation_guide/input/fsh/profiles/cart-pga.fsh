Profile: CARTPga
Parent: CARTDiseaseActivity
Id: cart-pga
Title: "Physician Global Assessment"
Description: "Physician's global assessment. The scale is not the same in all diseases, so the method is a must."
* code = CARTDiseaseActivityCS#pga
* value[x] only Quantity
* valueQuantity = $UCUM#{score}
* method 1..1
* obeys cart-pga-1
