// The relation to the infusion, on every event of the journey; the invariant is added beside it, for the date of each resource type.
RuleSet: StudyDay
* extension contains CARTStudyDay named studyDay 0..1
* insert Supported(extension[studyDay], [[Day relative to the infusion: 0 is the infusion, negative is before]])
