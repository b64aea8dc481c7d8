ValueSet: CARTPriorProcedureVS
Id: cart-prior-procedure-vs
Title: "Prior Procedure"
Description: "Procedures against autoimmune disease before CAR-T cells."
* insert Codes
* insert SNOMEDCopyright
* $SCT#20720000 "Plasmapheresis"
* $SCT#234319005 "Splenectomy"
