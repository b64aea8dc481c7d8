Profile: CARTLungFunction
Parent: Observation
Id: cart-lung-function
Title: "CAR-T Lung Function"
Description: "Forced vital capacity, diffusion capacity and need of oxygen."
* insert StudyDay
* insert Visit
* insert Category(procedure)
* code from CARTLungFunctionVS (extensible)
* value[x] only Quantity
* insert PatientAndTime
* insert Supported(code, [[What was measured]])
* insert Supported(value[x], [[The value; diffusion capacity in mL/min/mm[Hg] or mmol/min/kPa]])
* obeys cart-day-1 and cart-obs-1 and cart-obs-2
