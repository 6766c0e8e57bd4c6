"""What a study holds: which parts of a report, a checklist or a list of references apply."""

from driehoek.reporting.material import Material

ERRORS = ("hc", "cr2", "kenward_roger")


def features(material: Material) -> frozenset[str]:
    """Name what applies to a study.

    Returns
    -------
    frozenset of str
        ``always``; ``waves`` and ``triads`` where there are several waves and roles; the parts of
        the plan that were asked (``structure``, ``invariance``, ``correlations``, ``comparisons``,
        ``models``); ``interactions`` where a model holds a product; ``without_flagged``; the kinds
        of its models; where their standard errors come from (``hc``, ``cr2``, ``kenward_roger``);
        ``imputation``; ``full_information`` and the methods of its errors
        (``full_information_jackknife``, ...); ``simulated``; ``validated``; and methods that are
        cited: ``mcar``, ``ordered_invariance``, ``pairs``, ``unmeasured``, ``weights``, ``holm``,
        ``bh``, ``multiverse``, ``welch``, ``agreement``, ``change``, ``equivalence``.
    """
    settings, plan = material.study.settings, material.study.settings.plan
    asked = {
        "reliability": any(f.startswith("reliability_") for f in material.results.files),
        "structure": plan.structure is not None,
        "invariance": bool(plan.invariance),
        "correlations": bool(plan.correlations),
        "comparisons": bool(plan.comparisons),
        "models": bool(plan.models),
        "interactions": any(
            ":" in term for each in plan.models.values() for block in each.terms for term in block
        ),
        "without_flagged": "without_flagged" in material.results.files,
        "waves": len(material.waves) > 1,
        "triads": len(material.roles) > 1,
        "simulated": settings.simulation is not None,
        "validated": material.study.questionnaire.instrument.status == "validated",
        "imputation": plan.is_imputed,
        "full_information": plan.has_full_information,
        "mcar": "missingness" in material.results.files,
        "ordered_invariance": _is_among(material, "invariance", "WLSMV"),
        "pairs": _is_among(material, "comparisons", "games_howell"),
        "unmeasured": bool(material.results.rows("models", statistic="rho_zero")),
        "weights": bool(plan.weights),
        "holm": any("holm" in each.adjust for each in plan.families.values()),
        "bh": any("bh" in each.adjust for each in plan.families.values()),
        "multiverse": bool(settings.multiverse),
        "welch": _is_among(material, "comparisons", "welch"),
        "agreement": bool(plan.agreement or plan.retest),
        "change": bool(material.results.rows("retest", statistic="higher")),
        "equivalence": bool(plan.equivalence),
    }
    kinds = {each.kind for each in plan.models.values()}
    methods = {figure.method for figure in material.results.rows("models")}
    errors = {each for each in ERRORS if any(f"_{each}" in method for method in methods)}
    joint = {figure.method for figure in material.results.rows("models_full_information")}
    errors |= joint | {method.removesuffix("_cluster") for method in joint}
    parts = {name for name, is_there in asked.items() if is_there}
    return frozenset({"always", *kinds, *errors, *parts})


def _is_among(material: Material, file: str, method: str) -> bool:
    return any(method in figure.method for figure in material.results.rows(file))
