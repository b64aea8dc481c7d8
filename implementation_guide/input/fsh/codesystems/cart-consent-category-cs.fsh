CodeSystem: CARTConsentCategoryCS
Id: cart-consent-category-cs
Title: "Consent Category"
Description: "What a consent is for."
* insert LocalCodes
* #registry-use "Registry use" "Data go to a registry."
* #research-use "Research use" "Data are used for research."
