CodeSystem: CARTVectorCS
Id: cart-vector-cs
Title: "Vector"
Description: "Ways to bring the receptor gene into the cells."
* insert LocalCodes
* #lentiviral "Lentiviral vector" "Transduction outside the body with a lentiviral vector."
* #gammaretroviral "Gammaretroviral vector" "Transduction outside the body with a gammaretroviral vector."
* #transposon "Transposon" "Non-viral integration by a transposon system."
* #crispr-knock-in "CRISPR knock-in" "Targeted integration by CRISPR."
* #mrna-lnp "mRNA in lipid nanoparticles" "Transient expression from mRNA delivered in lipid nanoparticles."
* #in-vivo-lentiviral "In vivo lentiviral vector" "Lentiviral vector that reaches the T cells inside the body."
* #unknown "Unknown" "The source does not state the vector."
