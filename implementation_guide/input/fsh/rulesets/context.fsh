RuleSet: Context(path)
* ^context[+].type = #element
* ^context[=].expression = "{path}"
