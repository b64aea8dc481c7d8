Profile: CARTConsent
Parent: Consent
Id: cart-consent
Title: "CAR-T Consent to Registry Use"
Description: "Consent of the patient that data may go to a registry or be used for research."
* patient 1..1
* patient only Reference(CARTPatient)
* category from CARTConsentCategoryVS (extensible)
* insert Supported(status, [[Active, rejected, inactive ...]])
* insert Supported(scope, [[Research]])
* insert Supported(category, [[Registry use]])
* insert Supported(patient, [[The patient]])
* insert Supported(dateTime, [[When it was given]])
* insert Supported(organization, [[Who holds it]])
* insert Supported(provision, [[What is permitted, and until when]])
