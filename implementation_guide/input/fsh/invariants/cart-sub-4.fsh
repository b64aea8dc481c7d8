Invariant: cart-sub-4
Description: "Nothing SHALL be given, done or observed after the death or before the birth of the patient."
Severity: #error
Expression: "entry.resource.ofType(MedicationAdministration).where(effective.ofType(dateTime) > subject.resolve().deceased.ofType(dateTime) or effective.ofType(dateTime) < subject.resolve().birthDate).empty() and entry.resource.ofType(Observation).where(effective.ofType(dateTime) > subject.resolve().deceased.ofType(dateTime) or effective.ofType(dateTime) < subject.resolve().birthDate).empty() and entry.resource.ofType(Procedure).where(performed.ofType(dateTime) > subject.resolve().deceased.ofType(dateTime) or performed.ofType(dateTime) < subject.resolve().birthDate).empty()"
