"""Reading instrument files."""

from pathlib import Path

from driehoek.instrument.checks import instrument_problems
from driehoek.instrument.model import Instrument
from driehoek.instrument.questions import Questionnaire
from driehoek.problems import InstrumentError
from driehoek.yamlfile import read_document, validate


def read_instrument(path: Path) -> Questionnaire:
    """Read an instrument file and check it whole.

    Raises
    ------
    InstrumentError
        With every fault of the file, each with its line.
    """
    document = read_document(path, InstrumentError)
    instrument = validate(document, Instrument, InstrumentError)
    if problems := instrument_problems(instrument, document):
        raise InstrumentError(problems)
    return Questionnaire(instrument)
