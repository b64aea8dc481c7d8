Logical: CARTLmCibmtr4006
Parent: Element
Id: cart-lm-cibmtr-4006
Title: "Cellular therapy infusion (CIBMTR form 4006)"
Description: "Items of the form that a centre has to answer for CAR-T cells, in our own short words; the wording of the form belongs to its owner. Each item says where the guide keeps it."
* lot 0..* string "Batch or lot" "Batch or lot (CIBMTR 4006, product)"
* chainOfIdentity 0..* string "Chain of identity" "Chain of identity (CIBMTR 4006, product)"
* infusionDate 0..* dateTime "Date of infusion" "Date of infusion (CIBMTR 4006, infusion)"
* infusionNumber 0..* positiveInt "Number of the infusion" "Number of the infusion (CIBMTR 4006, infusion)"
* reasonSubsequent 0..* CodeableConcept "Reason for a subsequent infusion" "Reason for a subsequent infusion (CIBMTR 4006, infusion)"
* wholeVolume 0..* boolean "Entire volume infused" "Entire volume infused (CIBMTR 4006, infusion)"
* route 0..* CodeableConcept "Route" "Route (CIBMTR 4006, infusion)"
* cells 0..* Quantity "Cells infused" "Cells infused (CIBMTR 4006, dose)"
* cellsByType 0..* Quantity "Cells by type" "Cells by type (CIBMTR 4006, dose)"
* concomitant 0..* CodeableConcept "Concomitant therapy" "Concomitant therapy (CIBMTR 4006, concomitant)"
