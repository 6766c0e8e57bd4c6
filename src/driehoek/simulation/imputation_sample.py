"""Samples of carers and seekers over two waves, with answers lost at random."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.cleaning.wide import triad_table
from driehoek.instrument.columns import score_column
from driehoek.instrument.model import Instrument
from driehoek.instrument.questions import Questionnaire
from driehoek.scoring.scales import score_presentation
from driehoek.study import Study
from driehoek.study_file import StudyFile

WAVES, ROLES, SCALES, ITEMS = ("w1", "w2"), ("carer", "seeker"), ("trust", "burden"), 4
CUTS = (-1.2, -0.4, 0.4, 1.2)
SKIPPED, STOPPED = 0.08, 0.20
MEMBERS, OWN, OTHER, STABLE = 0.4, -0.5, -0.2, 0.6


@dataclass(frozen=True, slots=True)
class Sample:
    """Linked tables of a study: as the workflow makes them."""

    study: Study
    long: pd.DataFrame
    triads: pd.DataFrame
    missing: pd.DataFrame

    def with_gaps(self, mechanism: str, rng: np.random.Generator) -> "Sample":
        """Lose answers: 8 % of the items, and 20 % of the persons after the first wave.

        ``mcar``: by chance. ``mar``: who stops is likelier to have had much burden in the first
        wave, and items of the second are skipped more where trust in the first was low.
        """
        long, items = self.long, list(_questions(self.study))
        by_person = long[long["wave"] == WAVES[0]].set_index(["person"])
        burden = by_person["burden"].reindex(long["person"]).to_numpy()
        trust = by_person["trust"].reindex(long["person"]).to_numpy()
        pull = 1.5 * (mechanism == "mar")
        p_stop = _chance(STOPPED, pull * (burden - 3))
        is_second = (long["wave"] == WAVES[1]).to_numpy()
        p_skip = _chance(SKIPPED, np.where(is_second, -pull * (trust - 3), 0.0))
        draws = pd.Series(rng.random(len(long))).groupby(long["person"].to_numpy())
        stops = draws.transform("first").to_numpy() < p_stop
        kept = ~(stops & is_second)
        skipped = rng.random((len(long), len(items))) < p_skip[:, None]
        answers = long[items].mask(skipped)
        own = self.missing[items].to_numpy(dtype=object)
        kinds = np.where(skipped & (own == ""), "skipped", own)
        missing = self.missing.assign(**dict(zip(items, kinds.T, strict=True)))
        lost = long.assign(**{name: answers[name] for name in items})
        return _linked(self.study, lost[kept].reset_index(drop=True), missing[kept])


def draw_sample(study: Study, triads: int, rng: np.random.Generator) -> Sample:
    """Draw complete answers: burden follows own trust and that of the other member."""
    shape = (triads, len(ROLES))
    shared = rng.normal(size=(triads, 1)) * np.sqrt(MEMBERS)
    lasting = shared + rng.normal(size=shape) * np.sqrt(1 - MEMBERS)
    bond = rng.normal(size=(triads, 1)) * np.sqrt(0.2)
    own_rest = rng.normal(size=shape) * np.sqrt(0.4)
    frames = []
    for wave in WAVES:
        trust = np.sqrt(STABLE) * lasting + np.sqrt(1 - STABLE) * rng.normal(size=shape)
        noise = rng.normal(size=shape) * np.sqrt(0.4)
        burden = OWN * trust + OTHER * trust[:, ::-1] + bond + own_rest + noise
        frames += [
            _people(wave, role, place, {"trust": trust, "burden": burden}, rng)
            for place, role in enumerate(ROLES)
        ]
    long = pd.concat(frames, ignore_index=True)
    kinds = {
        name: np.where(long["role"] == role, "", "not_shown")
        for name, role in _asked(study).items()
    }
    missing = pd.DataFrame({"response": long["response"], **kinds})
    return _linked(study, long, missing)


def small_study(seed: int) -> Study:
    """Give a study of two scales, two roles, two waves and one model in every way with gaps."""
    instrument = Instrument.model_validate(
        {
            "id": "two_scales", "version": "1.0.0", "status": "draft", "licence": "CC0-1.0",
            "title": {"en": "two scales"}, "languages": ["en"],
            "roles": {r: {"letter": r[0], "label": {"en": r}} for r in ROLES},
            "responses": {"five": {"options": [
                {"code": str(v), "value": v, "label": {"en": str(v)}} for v in range(1, 6)
            ]}},
            "items": {
                f"{scale}{i}": {
                    "response": "five", "text": {"en": f"{scale} {i}"},
                    "ask": {f"{scale}{i}{role[0]}": {"role": role} for role in ROLES},
                }
                for scale in SCALES for i in range(1, ITEMS + 1)
            },
            "background": {},
            "scales": {
                scale: {
                    "label": {"en": scale}, "items": [f"{scale}{i}" for i in range(1, ITEMS + 1)],
                    "score": {"method": "mean", "of": "items", "min_answered": 0.75},
                }
                for scale in SCALES
            },
        }
    )  # fmt: skip
    model = {
        "kind": "linear", "wave": WAVES[1], "outcome": "carer.burden",
        "blocks": [["carer.trust", "seeker.trust"]],
        "missing": ["complete", "imputation", "full_information"],
    }  # fmt: skip
    settings = StudyFile.model_validate(
        {
            "study": "two_scales", "title": {"en": "two scales"}, "instrument": "none.yaml",
            "seed": seed, "linkage": {"triad": "none"}, "pseudonyms": {"key": "none.key"},
            "waves": [
                {"wave": w, "exports": [{"file": f"{w}.csv", "role": list(ROLES)}]} for w in WAVES
            ],
            "plan": {"models": {"burden": model}, "imputation": {"sets": 10, "iterations": 6}},
            "disclosure": {"min_cell": 1}, "report": {"languages": ["en"]},
        }
    )  # fmt: skip
    return Study(Path("none.yaml"), settings, Questionnaire(instrument))


def _people(
    wave: str, role: str, place: int, traits: dict[str, np.ndarray], rng: np.random.Generator
) -> pd.DataFrame:
    n = len(traits["trust"])
    number = np.arange(n).astype(str)
    columns: dict[str, object] = {
        "response": np.char.add(f"{wave}-{role}-", number),
        "triad": np.char.add("t", number),
        "person": np.char.add(f"{role}-", number),
        "wave": wave, "role": role, "is_primary": True,
    }  # fmt: skip
    for scale, trait in traits.items():
        for i in range(1, ITEMS + 1):
            latent = 0.7 * trait[:, place] + 0.7 * rng.normal(size=n)
            columns[f"{scale}{i}{role[0]}"] = np.digitize(latent, CUTS) + 1.0
    return pd.DataFrame(columns)


def _linked(study: Study, long: pd.DataFrame, missing: pd.DataFrame) -> Sample:
    form = study.questionnaire
    missing = missing.reset_index(drop=True)
    scored = long.copy()
    for scale in SCALES:
        column = pd.Series(np.nan, index=long.index)
        for role in ROLES:
            own = long["role"] == role
            found = score_presentation(long[own], missing[own], form, scale, (role, None))
            column[own] = found[""].score
        scored[score_column(scale, "", None)] = column
    return Sample(study, scored, triad_table(scored, form, []), missing)


def _asked(study: Study) -> dict[str, str]:
    return {qid: q.roles[0] for qid, q in study.questionnaire.questions.items()}


def _questions(study: Study) -> Iterator[str]:
    yield from study.questionnaire.questions


def _chance(base: float, pull: np.ndarray) -> np.ndarray:
    logit = np.log(base / (1 - base)) + pull
    chance: np.ndarray = 1 / (1 + np.exp(-logit))
    return chance
