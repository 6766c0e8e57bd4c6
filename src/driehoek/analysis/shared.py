"""Persons who stand in several triads, and the triads that they tie together."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who is shared between triads.

    Attributes
    ----------
    clusters : dict of str to str
        For each triad that is tied to another, the name of their cluster.
    persons : dict of str to int
        By role, how many persons stand in several triads.
    """

    clusters: dict[str, str]
    persons: dict[str, int]

    def notes(self, *, is_clustered: bool, fewest: int = 0) -> list[str]:
        """Say what a model does about it; a number below `fewest` is not told."""
        done = (
            "stand in several triads; triads that they tie together are one cluster"
            if is_clustered
            else "stand in several triads, which count as independent here"
        )
        return [
            f"{n if n >= fewest else f'fewer than {fewest}'} persons ({role}) {done}"
            for role, n in self.persons.items()
        ]


def sharing(long: pd.DataFrame) -> Sharing:
    """Find the persons of several triads in the linked data, over all waves.

    Parameters
    ----------
    long : pandas.DataFrame
        One row per person and wave: ``triad``, ``person`` (empty where unknown), ``role``.
    """
    known = long.loc[long["person"] != "", ["triad", "person", "role"]].drop_duplicates()
    several = known.groupby("person")["triad"].transform("nunique") > 1
    ties = known[several]
    persons = ties.groupby("role", sort=False)["person"].nunique()
    triads, names = pd.factorize(ties["triad"])
    people, found = pd.factorize(ties["person"])
    size = len(names) + len(found)
    links = coo_array((np.ones(len(ties)), (triads, len(names) + people)), shape=(size, size))
    component = connected_components(links, directed=False)[1][: len(names)] if size else []
    first: dict[int, str] = {}
    clusters = {
        str(name): first.setdefault(int(part), str(name))
        for name, part in zip(names, component, strict=True)
    }
    return Sharing(clusters, {str(role): int(n) for role, n in persons.items()})
