Profile: CARTPerformanceStatus
Parent: Observation
Id: cart-performance-status
Title: "CAR-T Performance Status"
Description: "ECOG or Karnofsky performance status; Lansky in children."
* insert StudyDay
* insert Visit
* insert Category(survey)
* code from CARTPerformanceStatusVS (extensible)
* value[x] only Quantity or integer or CodeableConcept
* insert PatientAndTime
* insert Supported(code, [[The scale]])
* insert Supported(value[x], [[The score]])
* obeys cart-day-1 and cart-obs-1
