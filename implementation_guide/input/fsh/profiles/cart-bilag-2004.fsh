Profile: CARTBilag2004
Parent: CARTDiseaseActivity
Id: cart-bilag-2004
Title: "BILAG-2004"
Description: "British Isles Lupus Assessment Group index 2004: a letter from A to E for each of nine systems. Item wording is not shipped."
* code = CARTDiseaseActivityCS#bilag-2004
* component.code from CARTBilagSystemVS (required)
* component.value[x] only CodeableConcept
* component.value[x] from CARTBilagGradeVS (required)
* obeys cart-item-1
