RuleSet: Visit
* extension contains CARTVisit named visit 0..1
* insert Supported(extension[visit], [[Planned visit this belongs to]])
