"""All waves of a study tied to persons and triads."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from driehoek.cleaning.consent import with_answer
from driehoek.cleaning.linkage import duplicates, findings, is_primary, unmatched_withdrawals
from driehoek.cleaning.wide import long_table, triad_table
from driehoek.study import Study


@dataclass(frozen=True, slots=True)
class Linked:
    """The linked tables.

    Attributes
    ----------
    long : pandas.DataFrame
        One row for each kept response: keys, ``is_primary``, answers, derived variables, scores.
    missing : pandas.DataFrame
        The same rows: kinds of missing answers.
    triads : pandas.DataFrame
        One row for each triad and wave.
    findings : pandas.DataFrame
        The linkage report: duplicates, ties between people that do not fit, and withdrawals that
        named nobody.
    """

    long: pd.DataFrame
    missing: pd.DataFrame
    triads: pd.DataFrame
    findings: pd.DataFrame


def link_waves(
    study: Study,
    *,
    responses: Sequence[pd.DataFrame],
    missing: Sequence[pd.DataFrame],
    scores: Sequence[pd.DataFrame],
    ledgers: Sequence[pd.DataFrame],
) -> Linked:
    """Link the clean waves of a study; each argument holds a table for each wave, in order."""
    settings, form = study.settings, study.questionnaire
    everyone = with_answer(pd.concat(responses, ignore_index=True), form)
    derived = list(settings.derive)
    primary = is_primary(everyone, settings.linkage.primary)
    every_score = pd.concat(scores, ignore_index=True)
    long = long_table(everyone, every_score, primary, [*form.stored, *derived])
    found = [duplicates(everyone, ledgers), findings(everyone)]
    if settings.withdrawn is not None:
        found.append(unmatched_withdrawals(study.locate(settings.withdrawn), ledgers))
    return Linked(
        long,
        pd.concat(missing, ignore_index=True),
        triad_table(long, form, derived),
        pd.concat(found, ignore_index=True),
    )
