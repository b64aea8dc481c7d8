CodeSystem: CARTProcedureCS
Id: cart-procedure-cs
Title: "Procedure"
Description: "Procedures without a verified standard code."
* insert LocalCodes
* #cart-infusion "CAR-T infusion" "Infusion of CAR-T cells."
* #cart-starting-material-collection "Collection of starting material" "Collection of bone marrow or blood for manufacturing other than by leukapheresis."
