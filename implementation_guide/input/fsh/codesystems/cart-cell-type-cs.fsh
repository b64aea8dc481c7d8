CodeSystem: CARTCellTypeCS
Id: cart-cell-type-cs
Title: "Cell Type"
Description: "Types of collected or infused cells."
* insert LocalCodes
* #t-cells "T cells" "T cells, unselected."
* #cd4-cd8-selected "CD4 and CD8 selected" "T cells selected for CD4 and CD8."
* #regulatory-t-cells "Regulatory T cells" "Regulatory T cells."
* #nk-cells "NK cells" "Natural killer cells."
* #mononuclear-cells "Mononuclear cells" "Mononuclear cells, as collected."
* #other "Other" "Another type; named in the text."
