ValueSet: CARTMitigatingActionVS
Id: cart-mitigating-action-vs
Title: "Mitigating Action"
Description: "Actions taken with the suspected treatment."
* insert Codes
* insert NCItCopyright
* $NCIT#C49504 "Dose Not Changed"
* $NCIT#C49505 "Dose Reduced"
* $NCIT#C49503 "Dose Increased"
* $NCIT#C49501 "Drug Interrupted"
* $NCIT#C49502 "Drug Withdrawn"
