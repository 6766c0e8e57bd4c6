"""The linked data without flagged responses."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from driehoek.analysis.rows import statistics_frame
from driehoek.cleaning.linkage import is_primary
from driehoek.cleaning.wide import triad_table
from driehoek.disclosure import withhold_small_counts
from driehoek.plan.without_flagged import WithoutFlagged
from driehoek.study import Study


@dataclass(frozen=True)
class Unflagged:
    """What is left of the linked data.

    Attributes
    ----------
    long, triads : pandas.DataFrame
        As linked without the flagged responses: the primary persons are chosen anew.
    flagged : pandas.DataFrame
        ``response, wave, role`` of the responses left out.
    everyone : pandas.DataFrame
        ``response, wave, role`` of all responses.
    """

    long: pd.DataFrame
    triads: pd.DataFrame
    flagged: pd.DataFrame
    everyone: pd.DataFrame

    @cached_property
    def n_left_out(self) -> dict[str, int]:
        """How many responses of each wave are left out."""
        counts = self.flagged["wave"].value_counts()
        return {wave: int(counts.get(wave, 0)) for wave in self.everyone["wave"].unique()}

    def left_out(self, min_cell: int) -> pd.DataFrame:
        """Count the responses left out, per wave and role; small counts are withheld."""
        keys = ["wave", "role"]
        totals = self.everyone.value_counts(keys).rename("n")
        counts = self.flagged.value_counts(keys).reindex(totals.index, fill_value=0)
        table = pd.concat([counts.rename("estimate"), totals], axis=1).sort_index().reset_index()
        rows = table.assign(statistic="left_out", method="count").to_dict("records")
        frame = statistics_frame(
            [{str(k): v for k, v in row.items()} for row in rows], "without_flagged"
        )
        return withhold_small_counts(frame, min_cell, [*keys, "statistic"])


def unflagged(long: pd.DataFrame, flags: pd.DataFrame, study: Study) -> Unflagged:
    """Leave the responses out that carry the flags of the plan for without_flagged.

    Parameters
    ----------
    long : pandas.DataFrame
        One row per kept response of every wave, as linked.
    flags : pandas.DataFrame
        ``response, flag``.
    study : Study
        With a plan for without_flagged.
    """
    plan = study.settings.plan.without_flagged or WithoutFlagged()
    counted = flags[flags["flag"].isin(plan.flags)].drop_duplicates(["response", "flag"])
    per_response = counted["response"].value_counts()
    doubtful = per_response.index[per_response >= plan.at_least]
    keys = long[["response", "wave", "role"]]
    is_doubtful = long["response"].isin(doubtful)
    rest = long[~is_doubtful].reset_index(drop=True)
    rest = rest.assign(is_primary=is_primary(rest, study.settings.linkage.primary))
    triads = triad_table(rest, study.questionnaire, list(study.settings.derive))
    return Unflagged(rest, triads, keys[is_doubtful], keys)
