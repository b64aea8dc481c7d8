"""The outline of a journey: when things happen and how strongly the disease is active on any day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from cart_fhir.profiles.study_day import date_of
from cart_fhir.synth.chance import Chance
from cart_fhir.synth.disease import PROFILES, Profile
from cart_fhir.synth.model import DiseaseKey

Fate = Literal["cr", "pr", "nr", "relapse"]

# code of the visit -> study day it is planned for
VISITS: Final = {
    "baseline": -6,
    "d0": 0,
    "d7": 7,
    "d14": 14,
    "d28": 28,
    "mo3": 91,
    "mo6": 182,
    "mo9": 273,
    "y1": 365,
    "y2": 730,
}
SCORED: Final = ("baseline", "d28", "mo3", "mo6", "y1", "y2")
JUDGED: Final = ("mo3", "mo6", "y1", "y2")

_FIRST_INFUSION: Final = date(2022, 1, 10)
_FATES: Final[tuple[tuple[Fate, float], ...]] = (("cr", 0.68), ("pr", 0.17), ("nr", 0.05), ("relapse", 0.1))
_FLOOR: Final = {"cr": 0.0, "pr": 0.45, "nr": 0.85, "relapse": 0.0}  # activity that remains, as a share of the start
_RELAPSED: Final = 0.7  # activity of a disease that came back


@dataclass(frozen=True, slots=True)
class Plan:
    """The outline: disease, day 0, last day of follow-up (of death, if `dies`), fate, speed of the response."""

    disease: DiseaseKey
    regimen: str
    infusion: date
    age: float
    birth: date
    sex: Literal["female", "male"]
    last_day: int
    dies: bool
    fate: Fate
    pace: float
    relapse_day: int

    @property
    def profile(self) -> Profile:
        """How the disease presents."""
        return PROFILES[self.disease]

    @property
    def again(self) -> int | None:
        """The day of a second infusion, of cells kept frozen: five weeks after a relapse, if three months of follow-up
        remain.
        """
        day = self.relapse_day + 35
        left = self.fate == "relapse" and not self.fresh and not self.dies
        return day if left and day + 90 <= self.last_day else None

    @property
    def fresh(self) -> bool:
        """Whether the cells are made at the centre and infused without freezing."""
        return self.regimen == "R1"

    @property
    def years(self) -> int:
        """Completed years of age on the day of infusion."""
        passed = (self.infusion.month, self.infusion.day) >= (self.birth.month, self.birth.day)
        return self.infusion.year - self.birth.year - (not passed)

    def on(self, day: int) -> date:
        """The date of a study day."""
        return date_of(day, self.infusion)

    def visits(self, *names: str) -> list[tuple[str, int]]:
        """The visits (all, or those named) that fall into the follow-up, with their days."""
        return [(name, day) for name, day in VISITS.items() if day <= self.last_day and (not names or name in names)]

    def activity(self, day: int) -> float:
        """How active the disease is: 1 before infusion, falling to what the patient's fate leaves of it."""
        if day <= 0:
            return 1.0
        if self.again is not None and day >= self.again:
            return _RELAPSED * math.exp(-(day - self.again) / self.pace)
        if self.fate == "relapse" and day >= self.relapse_day:
            return _RELAPSED
        floor = _FLOOR[self.fate]
        return floor + (1 - floor) * math.exp(-day / self.pace)


def draw(chance: Chance) -> Plan:
    """A plan by chance."""
    disease = chance.one(list(PROFILES), [profile.share for profile in PROFILES.values()])
    profile = PROFILES[disease]
    infusion = _FIRST_INFUSION + timedelta(days=chance.whole(0, 700))
    age = chance.number(*profile.age)
    last_day = chance.one(
        [chance.whole(95, 181), chance.whole(182, 364), chance.whole(365, 729), chance.whole(730, 800)],
        [0.1, 0.2, 0.45, 0.25],
    )
    dies = chance.happens(0.006)
    return Plan(
        disease=disease,
        regimen=chance.one(profile.regimens),
        infusion=infusion,
        age=age,
        birth=infusion - timedelta(days=round(age * 365.25)),
        sex="female" if chance.happens(profile.women) else "male",
        last_day=chance.whole(60, last_day) if dies else last_day,
        dies=dies,
        fate=chance.one([fate for fate, _ in _FATES], [share for _, share in _FATES]),
        pace=chance.number(18, 32),
        relapse_day=chance.whole(150, 420),
    )
