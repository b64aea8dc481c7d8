Profile: CARTVeinToVein
Parent: Observation
Id: cart-vein-to-vein
Title: "CAR-T Vein-to-vein Time"
Description: "Days from leukapheresis to infusion. It is derived and never entered by hand when both dates are there."
* insert Category(procedure)
* code = CARTOutcomeCS#vein-to-vein-time
* partOf 1..*
* value[x] only Quantity
* valueQuantity = $UCUM#d
* insert PatientAndTime
* insert Supported(code, [[Vein-to-vein time]])
* insert Supported(partOf, [[The infusion]])
* insert Supported(focus, [[The product]])
* insert Supported(value[x], [[Days]])
* obeys cart-obs-1 and cart-fu-1
