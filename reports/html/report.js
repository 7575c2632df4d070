const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const findings = all("details.finding");
const form = document.getElementById("filters");

// Language: the style sheet switches the texts; title and language of the document follow.
const { titleJa, titleEn } = document.body.dataset;
function switchTo(language) {
  document.documentElement.lang = language;
  document.title = language === "ja" ? titleJa : titleEn;
}
for (const radio of all('input[name="language"]')) {
  if (radio.checked) switchTo(radio.value);
  radio.addEventListener("change", () => switchTo(radio.value));
}

// Filters: findings that match stay, with what holds them; tables of requirements go while a filter is set.
const words = new Map(findings.map((finding) => [finding, finding.textContent.toLowerCase()]));
function readFilter() {
  const data = new FormData(form);
  return {
    outcomes: data.getAll("outcome"),
    levels: data.getAll("level"),
    text: String(data.get("text")).trim().toLowerCase(),
  };
}
function matches(finding, { outcomes, levels, text }) {
  return (
    (outcomes.length === 0 || outcomes.includes(finding.dataset.outcome)) &&
    (levels.length === 0 || levels.includes(finding.dataset.level)) &&
    (text === "" || words.get(finding).includes(text))
  );
}
function applyFilter() {
  const filter = readFilter();
  const active = filter.outcomes.length + filter.levels.length > 0 || filter.text !== "";
  for (const finding of findings) finding.hidden = !matches(finding, filter);
  const shownIn = (element) => all("details.finding", element).some((finding) => !finding.hidden);
  for (const fold of all("details.fold")) {
    fold.hidden = !shownIn(fold);
    fold.open = active && !fold.hidden;
  }
  for (const table of all(".requirements")) table.hidden = active;
  for (const section of all(".part-of-guide")) section.hidden = active && !shownIn(section);
  document.getElementById("filter-shown").textContent = String(findings.filter(({ hidden }) => !hidden).length);
}
function showAll() {
  for (const box of all('input[type="checkbox"]', form)) box.checked = false;
  document.getElementById("filter-text").value = "";
  applyFilter();
}
form.addEventListener("input", applyFilter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", (event) => {
  event.preventDefault();
  showAll();
});
form.hidden = false;

// A link to something on the page shows it, opens it, and opens what it is folded into.
function reveal() {
  const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  if (target === null) return;
  if (target.closest("#findings [hidden]") !== null) showAll();
  for (let element = target; element !== null; element = element.parentElement) {
    if (element instanceof HTMLDetailsElement) element.open = true;
  }
  target.scrollIntoView();
}
addEventListener("hashchange", reveal);
document.addEventListener("click", ({ target }) => {
  const link = target instanceof Element ? target.closest('a[href^="#"]') : null;
  if (link !== null && link.getAttribute("href") === location.hash) reveal();
});

// Copying of commands; where the clipboard is not to be had, they are selected.
async function copy(button) {
  const code = button.parentElement.querySelector("code");
  const [ask, done] = button.children;
  try {
    await navigator.clipboard.writeText(code.innerText.trim());
  } catch {
    getSelection().selectAllChildren(code);
    return;
  }
  ask.hidden = true;
  done.hidden = false;
  setTimeout(() => {
    ask.hidden = false;
    done.hidden = true;
  }, 2000);
}
for (const button of all("button.copy")) {
  button.addEventListener("click", () => copy(button));
  button.hidden = false;
}

// On paper everything is open.
let opened = [];
addEventListener("beforeprint", () => {
  opened = all("details:not([open])");
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
  opened = [];
});

reveal();
