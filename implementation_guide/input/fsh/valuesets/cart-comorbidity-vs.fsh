ValueSet: CARTComorbidityVS
Id: cart-comorbidity-vs
Title: "Comorbidity"
Description: "Comorbidities often seen beside autoimmune disease and its treatment; any condition may be sent."
* insert Codes
* insert SNOMEDCopyright
* $SCT#190447002 "Steroid-induced diabetes"
* $SCT#38341003 "Hypertensive disorder, systemic arterial"
* $SCT#312894000 "Osteopenia"
* $SCT#64859006 "Osteoporosis"
* $SCT#42942008 "Compression fracture of vertebral column"
* $SCT#205616004 "Trisomy 21- mitotic nondisjunction mosaicism"
* $SCT#119250001 "Hypogammaglobulinemia"
