"""Shapes that the covariance of the places of a triad can take, linear in their parameters."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Structure:
    """A covariance V = sum over blocks, and over the maps M of a block, of M B M'.

    Attributes
    ----------
    name : str
    n_places : int
    blocks : tuple of tuples of numpy.ndarray, each of shape (places, size)
        The maps of each block B, a free covariance matrix of that size.
    """

    name: str
    n_places: int
    blocks: tuple[tuple[NDArray[Any], ...], ...]

    @property
    def sizes(self) -> list[int]:
        """Rows of each block."""
        return [maps[0].shape[1] for maps in self.blocks]

    @property
    def n_parameters(self) -> int:
        """Free variances and covariances."""
        return sum(size * (size + 1) // 2 for size in self.sizes)

    def spread(self, parts: list[Floats]) -> Floats:
        """Give V of blocks B."""
        value = np.zeros((self.n_places, self.n_places))
        for maps, part in zip(self.blocks, parts, strict=True):
            value += sum(each @ part @ each.T for each in maps)
        return value

    def gather(self, slope: Floats) -> list[Floats]:
        """Give the derivative by each block of what has this derivative by V."""
        return [np.sum([each.T @ slope @ each for each in maps], axis=0) for maps in self.blocks]

    def derivatives(self) -> Floats:
        """Give V by each free element, shape (parameters, places, places)."""
        found = []
        for place, size in enumerate(self.sizes):
            for row, column in zip(*np.tril_indices(size), strict=True):
                parts = [np.zeros((each, each)) for each in self.sizes]
                parts[place][row, column] = parts[place][column, row] = 1.0
                found.append(self.spread(parts))
        return np.stack(found)


def unstructured(n_places: int) -> Structure:
    """Let every variance and every covariance be free."""
    return Structure("unstructured", n_places, ((np.eye(n_places),),))


def stable_and_occasion(n_members: int, n_waves: int) -> Structure:
    """Let members covary freely in what lasts, and freely in what belongs to one wave.

    Place of member r in wave w: ``w * n_members + r``. With one wave it is `unstructured`.
    """
    if n_waves == 1:
        return unstructured(n_members)
    waves = [np.eye(n_waves)[:, [w]] for w in range(n_waves)]
    occasion = tuple(np.kron(wave, np.eye(n_members)) for wave in waves)
    lasting = np.kron(np.ones((n_waves, 1)), np.eye(n_members))
    return Structure("stable_and_occasion", n_members * n_waves, ((lasting,), occasion))


def independent(members: Structure, n_members: int) -> Structure:
    """Let members not covary, and each keep the shape it has over the waves."""
    n_waves = members.n_places // n_members
    if members.name == "unstructured":
        own = [np.kron(np.eye(n_waves), np.eye(n_members)[:, [r]]) for r in range(n_members)]
        return Structure("independent", members.n_places, tuple((each,) for each in own))
    parts = [np.eye(n_members)[:, [r]] for r in range(n_members)]
    blocks = [tuple(each @ part for each in maps) for maps in members.blocks for part in parts]
    return Structure("independent", members.n_places, tuple(blocks))


def exchangeable(n_members: int, n_waves: int = 1) -> Structure:
    """Let members have one variance and one covariance, which may be negative.

    Over waves this holds for what lasts and for what belongs to one wave.
    """
    shared = np.full((n_members, 1), n_members**-0.5, dtype=np.float64)
    columns = np.column_stack([shared, np.eye(n_members)[:, : n_members - 1]])
    basis: Floats = np.linalg.qr(columns)[0].astype(np.float64)
    apart = [basis[:, [j]] for j in range(1, n_members)]
    if n_waves == 1:
        return Structure("exchangeable", n_members, ((shared,), tuple(apart)))
    waves = [np.eye(n_waves)[:, [w]] for w in range(n_waves)]
    lasting = np.ones((n_waves, 1))
    blocks = (
        (np.kron(lasting, shared),),
        tuple(np.kron(lasting, each) for each in apart),
        tuple(np.kron(wave, shared) for wave in waves),
        tuple(np.kron(wave, each) for wave in waves for each in apart),
    )
    return Structure("exchangeable", n_members * n_waves, blocks)
