Instance: cart-map
InstanceOf: OperationDefinition
Usage: #definition
Title: "Map an Export"
Description: "Turns an export of a hospital into a submission; nothing is stored."
* url = "https://w3id.org/cart-fhir/OperationDefinition/cart-map"
* name = "CARTMap"
* title = "Map an Export"
* status = #active
* experimental = false
* kind = #operation
* description = "Turns the files of an export into a transaction that keeps this guide, by a map that the operator of the server has installed. Nothing is stored: the caller reads what was found and sends the bundle when it is right. Rows that cannot be mapped are told in the outcome with file, row and column; they do not stop the others."
* affectsState = false
* code = #map
* system = true
* type = false
* instance = false
* parameter[0].name = #map
* parameter[=].use = #in
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #string
* parameter[=].documentation = "Name of an installed map."
* parameter[+].name = #export
* parameter[=].use = #in
* parameter[=].min = 1
* parameter[=].max = "*"
* parameter[=].type = #Attachment
* parameter[=].documentation = "A file of the export: its name in title, its content in data."
* parameter[+].name = #bundle
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #Bundle
* parameter[=].documentation = "The submission, a transaction of PUTs."
* parameter[+].name = #outcome
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #OperationOutcome
* parameter[=].documentation = "Every finding of the mapping and of the validation."
* parameter[+].name = #totals
* parameter[=].use = #out
* parameter[=].min = 0
* parameter[=].max = "*"
* parameter[=].documentation = "What became of the rows of one file; read = mapped + skipped + refused."
* parameter[=].part[0].name = #file
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = 1
* parameter[=].part[=].max = "1"
* parameter[=].part[=].type = #string
* parameter[=].part[=].documentation = "The table that the rows stand in."
* parameter[=].part[+].name = #read
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = 1
* parameter[=].part[=].max = "1"
* parameter[=].part[=].type = #integer
* parameter[=].part[=].documentation = "Rows read."
* parameter[=].part[+].name = #mapped
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = 1
* parameter[=].part[=].max = "1"
* parameter[=].part[=].type = #integer
* parameter[=].part[=].documentation = "Rows that became resources."
* parameter[=].part[+].name = #skipped
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = 1
* parameter[=].part[=].max = "1"
* parameter[=].part[=].type = #integer
* parameter[=].part[=].documentation = "Rows that the map leaves out on purpose."
* parameter[=].part[+].name = #refused
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = 1
* parameter[=].part[=].max = "1"
* parameter[=].part[=].type = #integer
* parameter[=].part[=].documentation = "Rows that could not be mapped."
