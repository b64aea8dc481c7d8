RuleSet: LocalCodes
* ^experimental = false
* ^caseSensitive = true
* ^content = #complete
* ^copyright = "CC0-1.0"
