Profile: CARTImagingFinding
Parent: Observation
Id: cart-imaging-finding
Title: "CAR-T Imaging Finding"
Description: "Finding of interstitial lung disease on chest CT, its features, or its evolution since the last one."
* insert StudyDay
* insert Visit
* insert Category(imaging)
* code from CARTImagingVS (extensible)
* value[x] only CodeableConcept
* value[x] from CARTImagingFindingVS (extensible)
* insert ByCode
* component contains feature 0..*
* component[feature].code = CARTImagingCS#ild-ct-feature
* component[feature].value[x] only CodeableConcept
* component[feature].value[x] from CARTIldFeatureVS (extensible)
* insert PatientAndTime
* insert Supported(code, [[Finding or evolution]])
* insert Supported(focus, [[The lung disease, for its evolution]])
* insert Supported(value[x], [[The finding; better, stable or worse for evolution]])
* insert Supported(component[feature], [[Features of the pattern]])
* obeys cart-day-1 and cart-obs-1
