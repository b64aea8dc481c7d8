Profile: CARTLeukapheresis
Parent: Procedure
Id: cart-leukapheresis
Title: "CAR-T Leukapheresis"
Description: "Collection of the cells from which the product is made."
* insert StudyDay
* code 1..1
* code = $NCIT#C15269
* subject only Reference(CARTPatient)
* performed[x] 1..1
* performed[x] only dateTime or Period
* insert Supported(identifier, [[Identifier of the collection, e.g. the donation identification number]])
* insert Supported(status, [[Completed, not done ...]])
* insert Supported(code, [[Leukapheresis]])
* insert Supported(subject, [[The patient]])
* insert Supported(performed[x], [[When the cells were collected]])
* insert Supported(performer, [[Who collected]])
* obeys cart-day-2
