Mapping: LmCibmtr4000ToProduct
Source: CARTProduct
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4000"
Id: cibmtr-4000
Title: "Cellular therapy, before infusion (CIBMTR form 4000)"
* productCode -> "product" "Product (Q46-65)"
* identifier -> "productIdentifier" "Identifier of the product (Q46-65)"
