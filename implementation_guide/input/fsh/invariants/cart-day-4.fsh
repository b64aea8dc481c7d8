Invariant: cart-day-4
Description: "The date of the infusion SHALL be a full date: a study day cannot be counted from a month or a year."
Severity: #error
Expression: "extension('infusionDate').value.toString().length() = 10"
