"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const settings = JSON.parse(byId("settings").textContent);
  const place = `driehoek:${settings.instrument}:${settings.version}:${settings.role}`;
  const survey = new Survey.Model(settings.model);
  let started = new Date().toISOString();
  let language = settings.languages[0];  // SurveyJS forgets the name of its default language

  // Storage is absent or closed in some private windows: the survey works without it.
  const stored = {
    read() { try { return JSON.parse(localStorage.getItem(place)); } catch { return null; } },
    write(record) { try { localStorage.setItem(place, JSON.stringify(record)); } catch { /* not kept */ } },
    clear() { try { localStorage.removeItem(place); } catch { /* nothing kept */ } },
  };

  const isKept = () => settings.autosave && byId("keep").checked;
  const remember = () => {
    if (!isKept() || survey.state === "completed") return;
    stored.write({ data: survey.data, page: survey.currentPageNo, language, started });
  };

  const say = (word) => settings.words[language][word];
  const speak = (chosen) => {
    language = chosen;
    survey.locale = chosen;
    document.documentElement.lang = language;
    document.title = byId("title").textContent = settings.titles[language];
    byId("keep-text").textContent = say("keep");
    for (const button of byId("languages").children) {
      button.setAttribute("aria-pressed", String(button.lang === language));
    }
  };

  const offerLanguages = () => {
    if (settings.languages.length < 2) return;
    for (const each of settings.languages) {
      const button = document.createElement("button");
      button.type = "button";
      button.lang = each;
      button.textContent = settings.words[each].name;
      button.addEventListener("click", () => { speak(each); remember(); });
      byId("languages").append(button);
    }
  };

  // Rows of a table are questions like any other: their answers stand beside the others.
  // Every question is there, null where nothing was answered or it was not shown.
  const answers = () => {
    const flat = {};
    for (const question of survey.getAllQuestions()) {
      const given = question.isVisible && !question.isEmpty() ? question.value : null;
      if (question.getType() === "matrix") {
        for (const row of question.rows) flat[row.value] = given?.[row.value] ?? null;
      } else if (question.getType() !== "html") {
        flat[question.name] = given;
      }
    }
    return flat;
  };

  const record = () => ({
    instrument: settings.instrument,
    version: settings.version,
    role: settings.role,
    language,
    started,
    submitted: new Date().toISOString(),
    complete: true,
    answers: answers(),
  });

  const offerFile = (text, name) => {
    const link = byId("save");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = name;
    link.textContent = say("button");
    link.hidden = false;
    link.addEventListener("click", () => stored.clear());
  };

  const send = async (text, name) => {
    byId("done-text").textContent = say("sending");
    try {
      const reply = await fetch(settings.postTo, {
        method: "POST", body: text, headers: { "Content-Type": "application/json" },
        credentials: "omit", referrerPolicy: "no-referrer",
      });
      if (!reply.ok) throw new Error(String(reply.status));
      byId("done-text").textContent = say("sent");
      stored.clear();
    } catch {
      byId("done-text").textContent = say("not_sent");
      offerFile(text, name);
    }
  };

  const finish = () => {
    const done = record();
    const text = JSON.stringify(done, null, 1);
    const mark = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
    const name = `${settings.instrument}-${done.submitted.slice(0, 10)}-${mark}.json`;
    byId("survey").hidden = byId("keeping").hidden = true;
    byId("languages").hidden = true;
    byId("resumed").textContent = "";
    byId("done-title").textContent = say("done");
    byId("done").hidden = false;
    byId("done").focus();
    if (settings.postTo) send(text, name);
    else { byId("done-text").textContent = say("save"); offerFile(text, name); }
  };

  const resume = () => {
    const before = settings.autosave ? stored.read() : null;
    speak(settings.languages.includes(before?.language) ? before.language : settings.languages[0]);
    if (!before?.data || Object.keys(before.data).length === 0) return;
    survey.data = before.data;
    survey.currentPageNo = before.page || 0;
    started = before.started || started;
    byId("resumed").textContent = say("resumed");
  };

  // Before consent one page is all there is to see: "page 1 of 1" would mislead.
  const showProgress = () => { survey.showProgressBar = survey.visiblePageCount > 1; };

  offerLanguages();
  resume();
  showProgress();
  byId("keeping").hidden = !settings.autosave;
  byId("keep").addEventListener("change", () => (isKept() ? remember() : stored.clear()));
  survey.onValueChanged.add(() => { showProgress(); remember(); });
  survey.onCurrentPageChanged.add(() => { remember(); scrollTo(0, 0); });
  survey.onComplete.add(finish);
  survey.render(byId("survey"));
})();
