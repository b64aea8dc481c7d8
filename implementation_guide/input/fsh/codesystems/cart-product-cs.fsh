CodeSystem: CARTProductCS
Id: cart-product-cs
Title: "Product"
Description: "CAR-T products that have no code in RxNorm or ATC, and classes of products."
* insert LocalCodes
* #zorpocabtagene-autoleucel "Zorpocabtagene autoleucel" "Autologous CD19-directed CAR-T cells with 4-1BB costimulation and a lentiviral vector (zorpo-cel, MB-CART19.1)."
* #inaticabtagene-autoleucel "Inaticabtagene autoleucel" "Autologous CD19-directed second-generation CAR-T cells with 4-1BB costimulation and a lentiviral vector (CNCT19)."
* #kyv-101 "KYV-101" "Autologous CD19-directed CAR-T cells with a fully human binder and CD28 costimulation."
* #cd19-cart-nct06231368 "CD19 CAR-T of NCT06231368" "Autologous CD19-directed CAR-T cells of the trial NCT06231368, whose product has no published name."
* #cart-bcma-unspecified "BCMA-directed CAR-T, unspecified" "CAR-T cells directed at BCMA, without the name of a product."
* #cart-cd19-bcma-unspecified "CD19- and BCMA-directed CAR-T, unspecified" "CAR-T cells directed at CD19 and BCMA, without the name of a product."
* #other "Other CAR-T product" "A CAR-T product that is not in this list; its name stands in the text."
