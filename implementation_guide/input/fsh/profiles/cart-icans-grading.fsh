Profile: CARTIcansGrading
Parent: CARTGradingBase
Id: cart-icans-grading
Title: "ICANS Grading"
Description: "Immune effector cell-associated neurotoxicity syndrome graded by the ASTCT consensus: the worst of encephalopathy, consciousness, seizures, motor findings and raised intracranial pressure. In children below 12 years, and in older patients with delay of development, the CAPD takes the place of the ICE score; its raw value is kept."
* code = CARTAeGradingSystemCS#astct-icans
* insert ByCode
* component contains ice 0..1 and capd 0..1 and consciousness 0..1 and seizure 0..1 and motor 0..1 and icp 0..1
* component[ice].code = CARTToxicityCriterionCS#ice-score
* component[ice].value[x] only Quantity
* component[ice].valueQuantity = $UCUM#{score}
* component[capd].code = CARTToxicityCriterionCS#capd-score
* component[capd].value[x] only Quantity
* component[capd].valueQuantity = $UCUM#{score}
* component[consciousness].code = CARTToxicityCriterionCS#consciousness
* component[consciousness].value[x] only CodeableConcept
* component[consciousness].value[x] from CARTConsciousnessVS (required)
* component[seizure].code = CARTToxicityCriterionCS#seizure
* component[seizure].value[x] only CodeableConcept
* component[seizure].value[x] from CARTSeizureVS (required)
* component[motor].code = CARTToxicityCriterionCS#motor-weakness
* component[motor].value[x] only boolean
* component[icp].code = CARTToxicityCriterionCS#raised-icp
* component[icp].value[x] only CodeableConcept
* component[icp].value[x] from CARTRaisedIcpVS (required)
* insert Supported(component[ice], [[ICE score, 0 to 10]])
* insert Supported(component[capd], [[CAPD score, 0 to 32]])
* insert Supported(component[consciousness], [[Level of consciousness]])
* insert Supported(component[seizure], [[Seizures]])
* insert Supported(component[motor], [[Deep focal motor weakness]])
* insert Supported(component[icp], [[Raised intracranial pressure or oedema]])
* obeys cart-icans-1 and cart-icans-2 and cart-icans-3
