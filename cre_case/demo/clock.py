"""Dates as distances from one day, so that ages and limits fit whenever the city is loaded."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DERBY = ZoneInfo("Europe/London")
FEBRUARY_29 = (2, 29)


@dataclass(frozen=True, slots=True)
class Clock:
    today: date

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def at(self, offset: int, hour: int, minute: int = 0) -> datetime:
        """A moment so many days from today. Only offsets below 0 are surely past."""
        return datetime.combine(self.day(offset), time(hour, minute), DERBY)

    def end_of(self, offset: int) -> datetime:
        """The last second of a day: when a share that ends on it ends."""
        return datetime.combine(self.day(offset), time(23, 59, 59), DERBY)

    def born(self, age: int, days_since_birthday: int) -> date:
        """The date of birth of somebody of this age today."""
        birthday = self.day(-days_since_birthday)
        if (birthday.month, birthday.day) == FEBRUARY_29:
            birthday -= timedelta(days=1)
        return birthday.replace(year=birthday.year - age)
