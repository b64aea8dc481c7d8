Instance: cart-procedure-study-day
InstanceOf: SearchParameter
Usage: #definition
Title: "Procedure study-day"
Description: "Day relative to the infusion."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-procedure-study-day"
* name = "CARTProcedureStudyDay"
* status = #active
* experimental = false
* description = "Day relative to the infusion."
* code = #study-day
* base = #Procedure
* type = #number
* expression = "Procedure.extension('https://w3id.org/cart-fhir/StructureDefinition/cart-study-day').extension('day').value"
* xpathUsage = #normal
* comparator[+] = #eq
* comparator[+] = #ne
* comparator[+] = #gt
* comparator[+] = #ge
* comparator[+] = #lt
* comparator[+] = #le
