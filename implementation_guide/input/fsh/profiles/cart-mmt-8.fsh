Profile: CARTMmt8
Parent: CARTDiseaseActivity
Id: cart-mmt-8
Title: "MMT-8"
Description: "Manual Muscle Testing of eight muscles on one side: 0 to 80, higher is better. The two-sided variant (0 to 150) is not this code."
* code = CARTDiseaseActivityCS#mmt-8
* value[x] only Quantity
* valueQuantity = $UCUM#{score}
* obeys cart-mmt-1
