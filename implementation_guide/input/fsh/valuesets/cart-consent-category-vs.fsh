ValueSet: CARTConsentCategoryVS
Id: cart-consent-category-vs
Title: "Consent Category"
Description: "What a consent is for."
* insert Codes
* include codes from system CARTConsentCategoryCS
