Profile: CARTInfusion
Parent: Procedure
Id: cart-infusion
Title: "CAR-T Infusion Procedure"
Description: "The infusion as a procedure, for systems that bill or plan procedures; the administration is part of it and carries the dose."
* insert StudyDay
* code 1..1
* code = CARTProcedureCS#cart-infusion
* code from CARTInfusionCodeVS (extensible)
* subject only Reference(CARTPatient)
* performed[x] 1..1
* performed[x] only dateTime or Period
* insert Supported(status, [[Completed, stopped ...]])
* insert Supported(code, [[CAR-T infusion; ICD-10-PCS beside it where the hospital codes it]])
* insert Supported(subject, [[The patient]])
* insert Supported(performed[x], [[When]])
* insert Supported(reasonReference, [[The disease]])
* obeys cart-day-2
