Profile: CARTResearchSubject
Parent: ResearchSubject
Id: cart-research-subject
Title: "CAR-T Research Subject"
Description: "The patient as a subject of a study."
* individual only Reference(CARTPatient)
* insert Supported(identifier, [[Number of the subject in the study]])
* insert Supported(status, [[On study, off study ...]])
* insert Supported(study, [[The study]])
* insert Supported(individual, [[The patient]])
* insert Supported(period, [[From when to when]])
