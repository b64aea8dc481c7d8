Profile: CARTCmas
Parent: CARTDiseaseActivity
Id: cart-cmas
Title: "CMAS"
Description: "Childhood Myositis Assessment Scale: 0 to 52, higher is better."
* code = CARTDiseaseActivityCS#cmas
* value[x] only Quantity
* valueQuantity = $UCUM#{score}
* obeys cart-cmas-1
