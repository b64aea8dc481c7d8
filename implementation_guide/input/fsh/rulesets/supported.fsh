// A must-support element says in a few words what it is for.
RuleSet: Supported(path, short)
* {path} MS
* {path} ^short = "{short}"
