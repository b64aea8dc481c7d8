Profile: CARTMrss
Parent: CARTDiseaseActivity
Id: cart-mrss
Title: "mRSS"
Description: "Modified Rodnan Skin Score: 17 sites of 0 to 3, total 0 to 51."
* code = CARTDiseaseActivityCS#mrss
* value[x] only Quantity
* valueQuantity = $UCUM#{score}
* obeys cart-mrss-1
