Profile: CARTTherapyState
Parent: Observation
Id: cart-therapy-state
Title: "CAR-T Therapy State"
Description: "The state of immunosuppressive therapy at a time: its intensity, the daily dose of glucocorticoid as prednisone, whether bridging was given, when immunosuppression was stopped."
* insert StudyDay
* insert Visit
* insert Category(therapy)
* code from CARTTherapyStateVS (required)
* value[x] only CodeableConcept or Quantity or boolean or dateTime
* valueCodeableConcept from CARTBackgroundIntensityVS (extensible)
* insert Supported(valueCodeableConcept, [[A result or state as a code]])
* insert PatientAndTime
* insert Supported(code, [[Which state]])
* insert Supported(value[x], [[Intensity as a code, dose as a quantity, bridging as a boolean, end of immunosuppression as a date]])
* obeys cart-day-1 and cart-obs-1 and cart-state-1
