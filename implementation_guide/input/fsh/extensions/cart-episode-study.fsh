Extension: CARTEpisodeStudy
Id: cart-episode-study
Title: "Study of the Episode"
Description: "The study in which the episode takes place; the R4 extension for research studies is not allowed on EpisodeOfCare."
* insert Context(EpisodeOfCare)
* value[x] 1..1
* value[x] only Reference(ResearchStudy)
