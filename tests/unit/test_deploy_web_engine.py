"""The model of the web page as SurveyJS itself, run by Node.js, understands it."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from simulated_example import simulated_and_read

from driehoek.deploy.layout import lay_out
from driehoek.deploy.npm_packages import surveyjs_folder
from driehoek.deploy.web_model import survey_model
from driehoek.instrument.reading import read_instrument
from driehoek.problems import ProblemsError

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
const { Model } = require(process.argv[1] + "/survey-core");
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const survey = new Model(given.model);
const faults = survey.jsonErrors || [];
const rowsOf = (q) => q.getType() === "matrix" ? q.rows : [q];
const idOf = (q, row) => q.getType() === "matrix" ? row.value : q.name;
const asked = () => survey.getAllQuestions().filter((q) => q.getType() !== "html");
const texts = {};
for (const language of given.languages) {
  survey.locale = language;
  texts[language] = {};
  for (const q of asked()) {
    const matrix = q.getType() === "matrix";
    const choices = (matrix ? q.columns : q.choices) || [];
    for (const row of rowsOf(q)) {
      texts[language][idOf(q, row)] = {
        text: matrix ? row.text : q.title,
        choices: choices.map((each) => [each.value, each.text]),
      };
    }
  }
}
const place = {};
for (const q of asked()) for (const row of rowsOf(q)) {
  place[idOf(q, row)] = q.getType() === "matrix" ? [q.name, row.value] : [q.name];
}
const shown = given.people.map((answers) => {
  const data = {};
  for (const [id, value] of Object.entries(answers)) {
    if (value === null || !place[id]) continue;
    const [name, row] = place[id];
    if (row === undefined) data[name] = value;
    else (data[name] ??= {})[row] = value;
  }
  survey.data = data;
  return asked().filter((q) => q.isVisible && q.page.isVisible)
    .flatMap((q) => rowsOf(q).map((row) => idOf(q, row)));
});
process.stdout.write(JSON.stringify({ faults: faults.length, texts, shown }));
"""


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """Let SurveyJS read the model of the shipped questionnaire and the answers of some people."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed")
    try:
        packages = surveyjs_folder()
    except ProblemsError as fault:
        pytest.skip(str(fault))
    folder = tmp_path_factory.mktemp("engine")
    _, _, found = simulated_and_read(folder, "web")
    text = (folder / "raw" / "all.json").read_text(encoding="utf-8")
    people = [json.loads(line)["answers"] for line in text.splitlines()]
    form = read_instrument(ROOT / "instruments" / "triad.yaml")
    model = survey_model(form, lay_out(form), ["nl", "en"])
    said = json.dumps({"model": model, "languages": ["nl", "en"], "people": people})
    command = [node, "-e", PROGRAM, str(packages)]
    done = subprocess.run(command, input=said, capture_output=True, text=True, check=True)
    return json.loads(done.stdout), found, form


def test_surveyjs_reads_the_model_without_a_fault(heard):
    assert heard[0]["faults"] == 0


def test_surveyjs_shows_every_question_and_option_in_both_languages(heard):
    said, _, form = heard
    for language in ("nl", "en"):
        expected = {
            qid: {
                "text": question.text[language].strip(),
                "choices": [[o.code, o.label[language]] for o in question.options],
            }
            for qid, question in form.questions.items()
        }
        assert said["texts"][language] == expected


def test_surveyjs_routes_each_person_as_ingest_does(heard):
    said, found, form = heard
    hidden = found.missing.set_index("response").isin(["not_shown", "planned", "unknown"])
    asked = [qid for qid in hidden if qid in form.questions]
    agrees = (found.responses["consent"] == "yes").tolist()
    assert len(said["shown"]) == len(hidden)
    assert sum(agrees) > 40
    for shown, (_, person), consents in zip(said["shown"], hidden.iterrows(), agrees, strict=True):
        expected = {qid for qid in asked if not person[qid]}
        assert set(shown) & set(asked) == (expected if consents else {"consent", "reuse"})
