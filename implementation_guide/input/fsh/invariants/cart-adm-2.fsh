Invariant: cart-adm-2
Description: "An infusion that was given SHALL state the dose that was given, or say why it is not known."
Severity: #error
Expression: "status = 'completed' implies dosage.dose.exists()"
