RuleSet: Codes
* ^experimental = false
