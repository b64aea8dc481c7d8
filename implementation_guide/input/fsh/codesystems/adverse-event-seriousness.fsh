// HL7 Terminology (CC0) 1.0.1 changed the spelling of these codes; the R4 core package still has the older one. The later definition is
// carried here, under its own canonical, so that the codes of this guide resolve offline.
Instance: adverse-event-seriousness
InstanceOf: CodeSystem
Usage: #definition
* url = "http://terminology.hl7.org/CodeSystem/adverse-event-seriousness"
* version = "1.0.1"
* name = "AdverseEventSeriousness"
* title = "AdverseEventSeriousness"
* status = #draft
* experimental = false
* publisher = "HL7 (FHIR Project)"
* description = "Overall seriousness of this event for the patient."
* caseSensitive = true
* content = #complete
* concept[0].code = #non-serious
* concept[=].display = "Non-serious"
* concept[=].definition = "Non-serious."
* concept[+].code = #serious
* concept[=].display = "Serious"
* concept[=].definition = "Serious."
