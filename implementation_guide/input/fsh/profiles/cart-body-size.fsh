Profile: CARTBodySize
Parent: Observation
Id: cart-body-size
Title: "CAR-T Body Size"
Description: "Weight, height and body surface area that doses are calculated from; the surface with the formula it was calculated by."
* insert StudyDay
* insert Visit
* insert Category(vital-signs)
* code from CARTBodySizeVS (required)
* value[x] only Quantity
* method from CARTBsaFormulaVS (extensible)
* insert PatientAndTime
* insert Supported(code, [[Weight, height or surface]])
* insert Supported(value[x], [[kg, cm or m2]])
* insert Supported(method, [[Formula of the body surface area]])
* insert Supported(derivedFrom, [[Weight and height the surface was calculated from]])
* obeys cart-day-1 and cart-obs-1 and cart-size-1
