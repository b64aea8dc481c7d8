Mapping: LmCibmtr4003ToProduct
Source: CARTProduct
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4003"
Id: cibmtr-4003
Title: "Cellular therapy product (CIBMTR form 4003)"
* identifier -> "productIdentifier" "Product, lot, chain of identity (product)"
* extension[donorType] -> "source" "Source of the cells (source)"
* extension[cellType] -> "cellType" "Type of cells (cell type)"
* extension[manufacturingSite] -> "site" "Manufacturing site (manufacturing)"
* extension[vector] -> "manipulation" "Vector (manipulation)"
* extension[targetAntigen] -> "target" "Target antigen (manipulation)"
