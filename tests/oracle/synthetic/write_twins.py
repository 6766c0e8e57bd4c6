"""Write twins of the public answers, for compare_methods.R to measure beside its own.

PYTHONPATH=tests .venv/bin/python tests/oracle/synthetic/write_twins.py FOLDER
"""

import sys
from pathlib import Path

import pandas as pd
from inventory_example import ASKED, inventory_form, inventory_twin

SEEDS = range(1, 4)


def main(folder: Path) -> None:
    """Write twins beside the answers that the R script wrote."""
    form = inventory_form(folder)
    for n in (2800, 300):
        answers = pd.read_csv(folder / f"answers_{n}.csv")
        for seed in SEEDS:
            made = inventory_twin(answers, form, seed)
            made.rows[ASKED].to_csv(folder / f"twin_{n}_{seed}.csv", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
