Profile: CARTResearchStudy
Parent: ResearchStudy
Id: cart-research-study
Title: "CAR-T Research Study"
Description: "The study in which the treatment is given, when there is one."
* identifier 1..*
* insert Supported(identifier, [[Registration number, e.g. of ClinicalTrials.gov]])
* insert Supported(title, [[Title]])
* insert Supported(status, [[Active, completed ...]])
* insert Supported(condition, [[Disease under study]])
* insert Supported(sponsor, [[Sponsor]])
