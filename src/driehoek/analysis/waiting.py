"""What waits for a second wave: planned before it, and there by itself once it is added."""

from driehoek.study import Study

ONE_WAVE = "one wave so far: this appears by itself once a second wave is added"


def waits_for_a_wave(study: Study) -> bool:
    """Tell whether a study has no second wave yet."""
    return len(study.wave_names) < 2
