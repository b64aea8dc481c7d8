CodeSystem: CARTDonorTypeCS
Id: cart-donor-type-cs
Title: "Donor Type"
Description: "Relation of the donor to the recipient."
* insert LocalCodes
* #autologous "Autologous" "Cells of the recipient."
* #allogeneic-related "Allogeneic, related" "Cells of a relative."
* #allogeneic-unrelated "Allogeneic, unrelated" "Cells of an unrelated donor, for this recipient."
* #allogeneic-off-the-shelf "Allogeneic, off the shelf" "Cells of a donor, made in advance for many recipients."
