Profile: CARTPriorProcedure
Parent: Procedure
Id: cart-prior-procedure
Title: "CAR-T Prior Procedure"
Description: "A procedure against the autoimmune disease before CAR-T cells: plasmapheresis, splenectomy. Status not-done says that it was never performed."
* extension contains CARTLineNumber named lineNumber 0..1
* code 1..1
* code from CARTPriorProcedureVS (extensible)
* subject only Reference(CARTPatient)
* insert Supported(extension[lineNumber], [[Line of therapy]])
* insert Supported(status, [[Completed; not-done for never]])
* insert Supported(code, [[The procedure]])
* insert Supported(subject, [[The patient]])
* insert Supported(performed[x], [[When, as far as known]])
* insert Supported(reasonReference, [[The disease it was done for]])
* obeys cart-prior-2
