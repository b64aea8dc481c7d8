Extension: CARTStudyDay
Id: cart-study-day
Title: "Study Day"
Description: "Day of an event relative to the infusion it is counted from. The infusion is day 0, the day before is -1; the date of that infusion stands beside the number so that the two can be checked against the date of the event. (CDISC --DY is another convention: it has no day 0.)"
* insert Context(MedicationAdministration)
* insert Context(MedicationStatement)
* insert Context(Observation)
* insert Context(Procedure)
* insert Context(AdverseEvent)
* insert Context(DiagnosticReport)
* insert Context(Condition)
* extension contains day 1..1 and infusionDate 1..1
* extension[day].value[x] 1..1
* extension[day].value[x] only integer
* extension[day] ^short = "Days from the infusion; negative before it"
* extension[infusionDate].value[x] 1..1
* extension[infusionDate].value[x] only date
* extension[infusionDate] ^short = "Date of the infusion that is day 0 (a full date)"
* obeys cart-day-4
