"""From where a difference between waves deserves a look, and who says so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit, in words, with its source."""

    limit: float
    words: str
    source: str


COHEN = "Cohen (1988), Statistical power analysis, ISBN 978-0-8058-0283-2"
THRESHOLDS = {
    "responses": Threshold(
        0.8,
        "fewer than 80% of the earlier wave",
        "Schulz & Grimes (2002), doi:10.1016/S0140-6736(02)07882-0: a loss of over 20%",
    ),
    "missing": Threshold(
        0.05,
        "5 percentage points more or less, beyond chance at the 1% level",
        "Schafer (1999), doi:10.1177/096228029900800102: up to 5% is inconsequential",
    ),
    "answers": Threshold(
        0.3, "Cohen's w of 0.3 or more (medium), beyond chance at the 1% level", COHEN
    ),
    "numbers": Threshold(
        0.5, "Cohen's d of 0.5 or more (medium), beyond chance at the 1% level", COHEN
    ),
    "duration": Threshold(
        0.5, "Cohen's d of log seconds of 0.5 or more, beyond chance at the 1% level", COHEN
    ),
    "language": Threshold(
        0.3, "Cohen's w of 0.3 or more (medium), beyond chance at the 1% level", COHEN
    ),
    "codes": Threshold(
        5.0,
        "an option never chosen of which 5 or more answers were expected, or the reverse",
        "Cochran (1954), doi:10.2307/3001616: expected counts of 5",
    ),
    "reliability": Threshold(
        0.7,
        "below .70 while it was not, or more than .10 lower",
        "Prinsen et al. (2018), doi:10.1007/s11136-018-1798-3, for .70; .10 is our choice",
    ),
    "keying": Threshold(
        0.0,
        "an item-rest correlation below zero; the upper end of its interval below zero stops",
        "the keying guard; interval: Fisher (1921), Metron 1, 3-32",
    ),
    "mode": Threshold(
        0.0,
        "another platform than the earlier wave",
        "de Leeuw (2005), J. Off. Stat. 21, 233-255: modes can shift answers",
    ),
    "wording": Threshold(
        0.0,
        "any other word",
        "Meredith (1993), doi:10.1007/BF02294825: comparability is to be tested",
    ),
    "version": Threshold(
        0.0,
        "anything else that the wave's version asks or scores otherwise: options, keys, routing",
        "Meredith (1993), doi:10.1007/BF02294825: comparability is to be tested",
    ),
    "renamed": Threshold(
        0.6,
        "a question under another heading; proposed from 60% alike, or from answers within 0.15",
        "Ratcliff and Obershelp (Python's difflib, its cutoff); 0.15 is our choice",
    ),
    "again": Threshold(
        0.0,
        "a file of the very same bytes as another of the study; it stops",
        "our choice: answers would count twice",
    ),
    "empty": Threshold(
        0.0, "no response that is kept; it stops", "our choice: there is nothing to analyse"
    ),
    "columns": Threshold(0.0, "any column of unknown use that no earlier wave had", "our choice"),
}
