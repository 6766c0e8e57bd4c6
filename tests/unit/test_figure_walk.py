"""Every number that stands as text in a figure is that of its data, in both languages."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from figure_walk import WANTED, alt_faults, faults, read_number, shown_numbers, unmatched
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure as Canvas
from reporting_example import make_example

from driehoek.reporting.figures.catalogue import drawings
from driehoek.reporting.figures.style import Drawing
from driehoek.reporting.material import gather
from driehoek.reporting.results import read_results
from driehoek.study import read_study


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    made = make_example(tmp_path_factory.mktemp("figures"))
    return read_study(made.path), read_results(made.statistics), pd.read_parquet(made.long)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_number_in_a_figure_is_that_of_its_data(example, language):
    study, results, long = example
    material, walked = gather(study, results, language), set()
    for drawing in drawings(material, long):
        walked.add(drawing.kind)
        assert [*faults(drawing, material), *alt_faults(drawing, material)] == []
    assert set(WANTED) <= walked


def contrast(first, second):
    """Give the contrast ratio of two colours (WCAG 2.2), from 1 to 21."""

    def luminance(colour):
        parts = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)
        ]
        return np.dot([0.2126, 0.7152, 0.0722], parts) + 0.05

    ratio = luminance(first) / luminance(second)
    return max(ratio, 1 / ratio)


def test_numbers_in_cells_and_bars_stand_out_from_their_colour(example):
    study, results, long = example
    seen = set()
    for drawing in drawings(gather(study, results, "en"), long):
        if drawing.kind not in {"correlations", "missing_items", "likert"}:
            continue
        ax = drawing.figure.axes[0]
        FigureCanvasAgg(drawing.figure).draw()
        pixels = np.asarray(drawing.figure.canvas.buffer_rgba())[:, :, :3] / 255
        for text in ax.texts:
            box = text.get_window_extent()
            column, row = int(box.x0) - 3, pixels.shape[0] - int((box.y0 + box.y1) / 2)
            if text.get_text().strip("%").replace(".", "").replace("−", "").isdigit():
                seen.add(drawing.kind)
                assert contrast(pixels[row, column], text.get_color()) >= 4.5, drawing.name
    assert seen == {"correlations", "missing_items", "likert"}


def test_a_number_in_the_words_of_a_figure_that_is_not_in_its_data_is_seen(example):
    study, results, long = example
    material = gather(study, results, "en")
    drawing = next(each for each in drawings(material, long) if each.kind == "path")
    wrong = replace(drawing, alt=f"{drawing.alt} And 0.987 [12.3, 45.67].")
    assert [each.split()[-1] for each in alt_faults(wrong, material)] == ["0.987", "12.3", "45.67"]


@pytest.fixture(scope="module")
def material(example):
    study, results, _ = example
    return gather(study, results, "nl")


def path_of(words):
    canvas = Canvas(figsize=(3, 2))
    canvas.text(0.5, 0.5, words)
    return Drawing("made_up", "path", "", "", "", pd.DataFrame({"estimate": [0.4351]}), canvas)


@pytest.mark.parametrize("words", ["0,45", "0.44", "0,435", "0,44 0,44", "−0,44", "44%", ""])
def test_a_number_that_is_not_that_of_the_data_is_seen(material, words):
    assert list(faults(path_of("0,44"), material)) == []
    assert list(faults(path_of(words), material)) != []


def test_a_scale_that_is_not_in_the_signs_of_the_language_is_seen(material):
    canvas = Canvas(figsize=(3, 2))
    canvas.subplots().set_xlim(0, 0.5)
    drawing = Drawing("made_up", "scores", "", "", "", pd.DataFrame(), canvas)
    assert any("tick '0.1'" in fault for fault in faults(drawing, material))


def test_numbers_are_read_as_the_language_writes_them(material):
    assert read_number("−1.234,5", "nl") == (-1234.5, 1, False)
    assert read_number(",07", "nl") == (0.07, 2, False)
    assert read_number("21%", "en") == (21.0, 0, True)
    words = f"Meting w1 ({material.wave_date('w1')}): 12, met 95%-interval"
    assert shown_numbers(words, material) == [(12, 0, False)]
    assert list(unmatched([(12.0, 0, False)], [(12.4, 0, False)])) == []
