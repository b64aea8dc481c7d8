Profile: CARTMrss
Parent: CARTDiseaseActivity
Id: cart-mrss
Title: "mRSS"
Description: "Modified Rodnan Skin Score over 17 sites. The guide checks no range: none was seen in a source that could be cited."
* code = CARTDiseaseActivityCS#mrss
* value[x] only Quantity
* valueQuantity = $UCUM#{score}
