CodeSystem: CARTClassificationCriteriaCS
Id: cart-classification-criteria-cs
Title: "Classification Criteria"
Description: "Published classification criteria."
* insert LocalCodes
* #eular-acr-sle-2019 "EULAR/ACR 2019 criteria for SLE" "Classification criteria for systemic lupus erythematosus of EULAR and ACR, 2019."
* #eular-acr-iim-2017 "EULAR/ACR 2017 criteria for myositis" "Classification criteria for idiopathic inflammatory myopathies of EULAR and ACR, 2017."
