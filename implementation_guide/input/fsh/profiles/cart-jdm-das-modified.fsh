Profile: CARTJdmDasModified
Parent: CARTDiseaseActivity
Id: cart-jdm-das-modified
Title: "Modified JDM DAS"
Description: "Modified Disease Activity Score of juvenile dermatomyositis (DASmod): 0 to 12. An export that says mDAS may mean this or the muscle part: ask."
* code = CARTDiseaseActivityCS#jdm-das-modified
* value[x] only Quantity
* valueQuantity = $UCUM#{score}
* obeys cart-jdm-3
