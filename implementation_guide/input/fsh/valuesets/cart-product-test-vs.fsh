ValueSet: CARTProductTestVS
Id: cart-product-test-vs
Title: "Product Test"
Description: "Tests of the product: LOINC where a code was verified, local codes elsewhere."
* insert Codes
* insert LOINCCopyright
* include codes from system CARTProductQcCS
* $LNC#102078-3 "CAR-T therapy panel - Specimen"
* $LNC#102081-7 "CAR-T cells total [#] in Blood product unit"
* $LNC#95828-0 "T cell product characterization panel - Blood product unit by Flow cytometry (FC)"
* $LNC#95827-2 "Viable CD3 cells/Cells.CD3 in Blood product unit"
