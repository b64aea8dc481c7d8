Profile: CARTCrsGrading
Parent: CARTGradingBase
Id: cart-crs-grading
Title: "CRS Grading"
Description: "Cytokine release syndrome graded by the ASTCT consensus: fever, with the worse of hypotension and hypoxia. After antipyretics, tocilizumab or steroids fever is no longer needed for the grade."
* code = CARTAeGradingSystemCS#astct-crs
* insert ByCode
* component contains temperature 0..1 and hypotension 0..1 and hypoxia 0..1 and tocilizumab 0..1 and steroid 0..1
* component[temperature].code = $LNC#8310-5
* component[temperature].value[x] only Quantity
* component[temperature].valueQuantity = $UCUM#Cel
* component[hypotension].code = CARTToxicityCriterionCS#hypotension-level
* component[hypotension].value[x] only CodeableConcept
* component[hypotension].value[x] from CARTHypotensionLevelVS (required)
* component[hypoxia].code = CARTToxicityCriterionCS#hypoxia-level
* component[hypoxia].value[x] only CodeableConcept
* component[hypoxia].value[x] from CARTHypoxiaLevelVS (required)
* component[tocilizumab].code = CARTToxicityCriterionCS#tocilizumab-given
* component[tocilizumab].value[x] only boolean
* component[steroid].code = CARTToxicityCriterionCS#steroid-given
* component[steroid].value[x] only boolean
* insert Supported(component[temperature], [[Highest temperature]])
* insert Supported(component[hypotension], [[Hypotension and vasopressors]])
* insert Supported(component[hypoxia], [[Hypoxia and oxygen]])
* insert Supported(component[tocilizumab], [[Tocilizumab given]])
* insert Supported(component[steroid], [[Steroid given]])
* obeys cart-crs-1 and cart-crs-2
