Profile: CARTMgAdl
Parent: CARTDiseaseActivity
Id: cart-mg-adl
Title: "MG-ADL"
Description: "Myasthenia Gravis Activities of Daily Living: eight items of 0 to 3, total 0 to 24."
* code = CARTDiseaseActivityCS#mg-adl
* value[x] only Quantity
* valueQuantity = $UCUM#{score}
* component.code from CARTMgAdlItemVS (required)
* component.value[x] only Quantity
* component.valueQuantity = $UCUM#{score}
* obeys cart-mga-1 and cart-mga-2 and cart-item-1
