// A must-support element says in a few words what it is for. What it asks of a sender and of a receiver (obligations) is added when the
// data are finished: written here by index, the rules would overwrite extensions that some elements inherit from R4.
RuleSet: Supported(path, short)
* {path} MS
* {path} ^short = "{short}"
