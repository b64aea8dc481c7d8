// Observation.category with one slice that every sender fills; further categories are welcome.
RuleSet: Category(code)
* category 1..*
* category ^slicing.discriminator.type = #value
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category ^slicing.description = "One category is fixed, others may follow"
* category contains {code} 1..1
* category[{code}] = $obs-category#{code}
* insert Supported(category[{code}], [[The category that every sender fills]])
