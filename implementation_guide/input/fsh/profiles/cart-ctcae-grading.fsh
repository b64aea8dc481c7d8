Profile: CARTCtcaeGrading
Parent: CARTGradingBase
Id: cart-ctcae-grading
Title: "CTCAE Grading"
Description: "Grade of any other event by CTCAE version 5; the event is named by the adverse event that points here. Terms of CTCAE are not shipped."
* code = CARTAeGradingSystemCS#ctcae-5
