ValueSet: CARTAeGradeVS
Id: cart-ae-grade-vs
Title: "Adverse Event Grade"
Description: "Grades 1 to 5 of an adverse event as NCIt codes, as in HL7 terminology for adverse events in clinical research."
* insert Codes
* insert NCItCopyright
* $NCIT#C41338 "Mild Adverse Event"
* $NCIT#C41339 "Moderate Adverse Event"
* $NCIT#C41340 "Severe Adverse Event"
* $NCIT#C41337 "Life Threatening or Disabling Adverse Event"
* $NCIT#C48275 "Death Related to Adverse Event"
