Profile: CARTQmg
Parent: CARTDiseaseActivity
Id: cart-qmg
Title: "QMG"
Description: "Quantitative Myasthenia Gravis score, 13 items. The guide checks no range: none was seen in a source that could be cited."
* code = CARTDiseaseActivityCS#qmg
* value[x] only Quantity
* valueQuantity = $UCUM#{score}
