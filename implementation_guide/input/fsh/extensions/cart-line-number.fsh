Extension: CARTLineNumber
Id: cart-line-number
Title: "Line of Therapy"
Description: "Number of the line of therapy, 1 for the first treatment of the disease."
* insert Context(MedicationStatement)
* insert Context(Procedure)
* value[x] 1..1
* value[x] only positiveInt
