CodeSystem: CARTPregnancyAnswerCS
Id: cart-pregnancy-answer-cs
Title: "Pregnancy Answer"
Description: "Answers about pregnancy."
* insert LocalCodes
* #yes "Yes" "There was a pregnancy."
* #no "No" "There was no pregnancy."
* #live-birth "Live birth" "A child was born alive."
* #no-live-birth "No live birth" "The pregnancy ended without a live birth."
* #ongoing "Ongoing" "The pregnancy goes on."
