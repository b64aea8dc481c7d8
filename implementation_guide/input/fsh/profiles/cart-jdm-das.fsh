Profile: CARTJdmDas
Parent: CARTDiseaseActivity
Id: cart-jdm-das
Title: "JDM DAS"
Description: "Disease Activity Score of juvenile dermatomyositis: total 0 to 20, the sum of muscle (0 to 11) and skin (0 to 9). The muscle part is not the modified score (DASmod), which has its own code."
* code = CARTDiseaseActivityCS#jdm-das-total
* value[x] only Quantity
* valueQuantity = $UCUM#{score}
* insert ByCode
* component contains muscle 0..1 and skin 0..1
* component[muscle].code = CARTDiseaseActivityCS#jdm-das-muscle
* component[muscle].value[x] only Quantity
* component[muscle].valueQuantity = $UCUM#{score}
* component[skin].code = CARTDiseaseActivityCS#jdm-das-skin
* component[skin].value[x] only Quantity
* component[skin].valueQuantity = $UCUM#{score}
* insert Supported(component[muscle], [[Muscle part, 0 to 11]])
* insert Supported(component[skin], [[Skin part, 0 to 9]])
* obeys cart-jdm-1 and cart-jdm-2
