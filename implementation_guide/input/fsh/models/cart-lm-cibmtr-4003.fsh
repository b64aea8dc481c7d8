Logical: CARTLmCibmtr4003
Parent: Element
Id: cart-lm-cibmtr-4003
Title: "Cellular therapy product (CIBMTR form 4003)"
Description: "Items of the form that a centre has to answer for CAR-T cells, in our own short words; the wording of the form belongs to its owner. Each item says where the guide keeps it."
* productIdentifier 0..* string "Product, lot, chain of identity" "Product, lot, chain of identity (CIBMTR 4003, product)"
* source 0..* CodeableConcept "Source of the cells" "Source of the cells (CIBMTR 4003, source)"
* cellType 0..* CodeableConcept "Type of cells" "Type of cells (CIBMTR 4003, cell type)"
* collectionDate 0..* date "Date of collection" "Date of collection (CIBMTR 4003, collection)"
* collectionProcedure 0..* CodeableConcept "Procedure of collection" "Procedure of collection (CIBMTR 4003, collection)"
* site 0..* string "Manufacturing site" "Manufacturing site (CIBMTR 4003, manufacturing)"
* manipulation 0..* CodeableConcept "Vector" "Vector (CIBMTR 4003, manipulation)"
* target 0..* CodeableConcept "Target antigen" "Target antigen (CIBMTR 4003, manipulation)"
* analysis 0..* Quantity "Analysis of the product" "Analysis of the product (CIBMTR 4003, analysis)"
