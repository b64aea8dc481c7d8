ValueSet: CARTSeriousnessCriterionVS
Id: cart-seriousness-criterion-vs
Title: "Seriousness Criterion"
Description: "Criteria by which an adverse event is serious."
* insert Codes
* insert NCItCopyright
* $NCIT#C48275 "Death Related to Adverse Event"
* $NCIT#C84266 "Is Life Threatening"
* $NCIT#C83052 "Requires Inpatient Hospitalization"
* $NCIT#C11338 "Results In Persistent Or Significant Disability"
* $NCIT#C83117 "Congenital Anomaly or Birth Defect"
* $NCIT#C82521 "Other Medically Important Condition"
* $NCIT#C201939 "Required Intervention to Prevent Permanent Impairment/damage"
