CodeSystem: CARTBsaFormulaCS
Id: cart-bsa-formula-cs
Title: "Body Surface Formula"
Description: "Formulas of the body surface area."
* insert LocalCodes
* #du-bois "Du Bois" "Formula of Du Bois and Du Bois."
* #mosteller "Mosteller" "Formula of Mosteller."
* #haycock "Haycock" "Formula of Haycock."
