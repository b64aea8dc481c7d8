CodeSystem: CARTProductQcCS
Id: cart-product-qc-cs
Title: "Product Test"
Description: "Tests of the product for which no LOINC code could be verified."
* insert LocalCodes
* #transduction-efficiency "Transduction efficiency" "Share of CAR-positive cells among T cells of the product, in per cent."
* #vector-copy-number "Vector copy number" "Copies of the vector in each cell."
* #viability "Viability" "Share of viable cells, in per cent."
* #cd4-cd8-ratio "CD4 to CD8 ratio" "Ratio of CD4-positive to CD8-positive cells."
* #cells-infused-by-type "Cells by type" "Count of one type of cells in the product; the type stands in the method."
* #potency "Potency" "Result of the potency test of the specification."
* #identity "Identity" "Result of the identity test."
* #sterility "Sterility" "Result of the sterility test."
* #mycoplasma "Mycoplasma" "Result of the test for mycoplasma."
* #endotoxin "Endotoxin" "Result of the test for endotoxin."
* #replication-competent-vector "Replication-competent vector" "Result of the test for replication-competent virus."
