"""Kernels of the mixed model, and of reading and scoring a large file."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.answers import person_waves, sixty_items, ten_item_scales
from benchmarks.kernel import Figures, Kernel, Run
from driehoek.ingest.missing import missing_kinds
from driehoek.ingest.recognise import read_table, recognise
from driehoek.ingest.values import read_answers
from driehoek.instrument.questions import Questionnaire
from driehoek.instrument.reading import read_instrument
from driehoek.models.mixed import MixedFit, fit_random_intercepts
from driehoek.responses import kind_categorical
from driehoek.scoring.scales import score_responses


def data_kernels() -> Iterator[Kernel]:
    """Give the kernels of this module."""
    # lme4 stops its search for the variances near 1e-4.
    agreement = {"coefficients": 1e-4, "se": 1e-4, "variances": 1e-3}
    yield Kernel("mixed", 45_000, _mixed, _mixed_figures, agreement)
    # Means of whole numbers: only the order of summing differs.
    exact = {"means": 1e-9, "sds": 1e-9, "n_missing": 0, "first": 1e-12}
    yield Kernel("read_score", 200_000, _read_score, _score_figures, exact)


def _mixed(folder: Path, rows: int) -> Run:
    frame = person_waves(rows // 9)
    frame.to_csv(folder / "waves.csv", index=False)
    terms = ["wave", "role", "trust"]
    roles = {"role": ["carer", "professional", "seeker"]}

    def fit() -> MixedFit:
        return fit_random_intercepts(
            frame, "burden", terms, triad="triad", person="person", categorical=roles
        )

    return fit


def _mixed_figures(found: MixedFit) -> Figures:
    by_name = found.components.set_index("statistic")["estimate"]
    variances = ["variance_person", "variance_triad", "variance_residual"]
    return {
        "coefficients": found.coefficients["estimate"].tolist(),
        "se": found.coefficients["se"].tolist(),
        "variances": by_name[variances].tolist(),
    }


def _read_score(folder: Path, rows: int) -> Run:
    (folder / "sixty.yaml").write_text(ten_item_scales(6), encoding="utf-8")
    sixty_items(rows).to_csv(folder / "sixty.csv", index=False)
    form = read_instrument(folder / "sixty.yaml")
    return lambda: _scores(folder / "sixty.csv", form)


def _scores(path: Path, form: Questionnaire) -> pd.DataFrame:
    """Read, check every cell against the instrument, tell kinds of missing apart, and score."""
    layout = recognise(read_table(path))
    answers = read_answers(layout, {qid: qid for qid in form.questions}, form, path.name)
    n = len(layout.rows)
    role = np.full(n, "carer", dtype=object)
    kinds = missing_kinds(answers, form, role, np.ones(n, dtype=bool))
    keys = {"response": layout.rows, "person": "", "triad": "", "wave": "", "role": role}
    responses = pd.DataFrame(keys | kinds.values)
    categories = {qid: kind_categorical(codes) for qid, codes in kinds.kinds.items()}
    missing = pd.DataFrame({"response": layout.rows} | categories)
    return score_responses(responses, missing, form)


def _score_figures(found: pd.DataFrame) -> Figures:
    by_scale = found.groupby("scale", observed=True)["score"]
    first = found[(found["scale"] == "s1") & found["score"].notna()]
    return {
        "means": by_scale.mean().tolist(),
        "sds": by_scale.std().tolist(),
        "n_missing": by_scale.apply(lambda scores: scores.isna().sum()).tolist(),
        "first": first.sort_values("response")["score"].head(1000).tolist(),
    }
