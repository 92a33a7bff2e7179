const most = 2000;
const brief = 4;
const one = (selector) => document.querySelector(selector);
const make = (tag, className = "", ...content) => {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...content);
  return element;
};

let run, resources = [], entries = [], requests = [], skipped = 0;

// Resources

const tones = {
  running: "good", finished: "dim", external: "dim", waiting: "dim waiting", starting: "warn working",
  restarting: "bad working", failed: "bad", healthy: "good", degraded: "warn", unhealthy: "bad",
};

const byOf = (name) => `by${Math.max(0, resources.findIndex((resource) => resource.name === name)) % 7}`;

const duration = (milliseconds) => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  return days ? `${days} d ${hours} h` : hours ? `${hours} h ${minutes} min` : minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
};

function showResources() {
  // Parts behind the server that they are of.
  const ordered = resources
    .filter((resource) => !resource.parent)
    .flatMap((resource) => [resource, ...resources.filter((part) => part.parent === resource.name)]);
  one("#resources tbody").replaceChildren(...ordered.map(rowOf));
  one("#logs ol").style.setProperty("--names", `${Math.max(5, ...resources.map((resource) => resource.name.length))}ch`);

  const select = one("#logs select");
  const names = ["", "stack", ...ordered.filter((resource) => resource.processId || hasLogs(resource.name)).map((resource) => resource.name)];
  if (names.join() !== [...select.options].map((option) => option.value).join()) {
    const chosen = select.value;
    select.replaceChildren(...names.map((name) => new Option(name || "all resources", name)));
    select.value = names.includes(chosen) ? chosen : "";
  }

  const asked = resources.filter((resource) => resource.health);
  const well = asked.filter((resource) => resource.health === "healthy");
  const lost = resources.filter((resource) => resource.state === "failed" || resource.state === "restarting");
  const coming = resources.filter((resource) => resource.state === "waiting" || resource.state === "starting");
  const ill = [...lost, ...asked.filter((resource) => resource.health !== "healthy")];
  one("#summary").className = lost.length ? "bad" : ill.length ? "warn" : "";
  one("#summary").textContent = ill.length
    ? `${ill.map((resource) => `${resource.name} ${resource.health ?? resource.state}`).join(", ")}`
    : coming.length ? `${well.length} healthy, ${coming.length} to come` : `all ${well.length} healthy`;
  document.title = `${ill.length ? "⚠ " : ""}${one("#stack").textContent}`;
}

function rowOf(resource) {
  const name = make("button", "name", resource.name);
  name.title = `Show the logs of ${resource.name}`;
  name.onclick = () => {
    const source = resource.processId || hasLogs(resource.name) ? resource.name : (resource.parent ?? "");
    one("#logs select").value = source;
    showLogs();
  };
  const cell = (className, ...content) => make("td", className, ...content);
  const tone = (kind, text) => make("span", `${kind} ${tones[text] ?? ""}`, text);
  const health = resource.health ? [tone("health", resource.health)] : [make("span", "dim", "–")];
  if (resource.note) {
    health.push(make("span", "note dim", resource.note));
    health.at(-1).title = resource.note;
  }
  const up = cell("number", "");
  up.dataset.since = resource.since ?? "";
  const row = make(
    "tr", resource.parent ? "part" : "",
    cell("", name, make("span", "kind", resource.kind)),
    cell("", tone("state", resource.state)),
    cell("", ...health),
    cell("", ...resource.urls.map(link)),
    up,
    cell(`number ${resource.restarts ? "warn" : "dim"}`, `${resource.restarts}`),
    cell("number dim", `${resource.processId ?? "–"}`),
  );
  return row;
}

function link(url) {
  if (!/^https?:/.test(url)) return make("span", "dim", url);
  const anchor = make("a", "", url.replace(/^https?:\/\//, ""));
  anchor.href = url;
  anchor.target = "_blank";
  anchor.rel = "noreferrer";
  return anchor;
}

function showUptimes() {
  for (const cell of document.querySelectorAll("[data-since]"))
    cell.textContent = cell.dataset.since ? duration(Date.now() - Date.parse(cell.dataset.since)) : "–";
}

// Logs

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const hasLogs = (name) => entries.some((entry) => entry.resource === name);

function toneOf(text) {
  if (/^(fail|crit|error)\b|\b(ERROR|FATAL|PANIC):|\bUnhandled exception\b/.test(text)) return "bad";
  return /^warn\b|\bWARNING:/.test(text) ? "warn" : "";
}

// A line that is indented goes on with what its resource said before.
function addLogs(lines) {
  const added = [];
  for (const line of lines) {
    const text = line.text.replace(/\u001b\[[\d;]*m/g, "");
    const before = entries.findLast((entry) => entry.resource === line.resource);
    if (before && /^\s/.test(text) && text.trim() && before.lines < 60) {
      before.text += `\n${text.replace(/^ {6}/, "")}`;
      before.lines++;
      if (before.shown) before.stale = true;
    } else {
      const entry = { resource: line.resource, at: new Date(line.at), text, lines: 1, tone: toneOf(text) };
      entries.push(entry);
      added.push(entry);
    }
  }
  entries = entries.slice(-most);
  return added;
}

function wanted(entry) {
  const search = one("#logs input[type=search]").value.trim().toLowerCase();
  const source = one("#logs select").value;
  return (!source || entry.resource === source)
    && (!one("#logs input[type=checkbox]").checked || entry.tone)
    && (!search || entry.text.toLowerCase().includes(search));
}

function marked(text, search) {
  const parts = [];
  const lower = text.toLowerCase();
  let from = 0;
  for (let at; search && (at = lower.indexOf(search, from)) >= 0; from = at + search.length)
    parts.push(text.slice(from, at), make("mark", "", text.slice(at, at + search.length)));
  return [...parts, text.slice(from)];
}

function lineOf(entry) {
  const search = one("#logs input[type=search]").value.trim().toLowerCase();
  const time = make("time", "", clock.format(entry.at));
  time.dateTime = entry.at.toISOString();
  const lines = entry.text.split("\n");
  const shortened = !search && !entry.open && lines.length > brief + 1;
  // "info: EduPro.Worker.Mail.SendMail[42]", as .NET's console writes before the message.
  const [, level, category, message] = (shortened ? lines.slice(0, brief).join("\n") : entry.text)
    .match(/^(?:(trce|dbug|info|warn|fail|crit): (?:(\S+)\[-?\d+\]\n)?)?([^]*)$/);
  const text = marked(message, search);
  if (category) {
    text.unshift(make("span", "dim", ...marked(category.split(".").at(-1), search)), "  ");
    text[0].title = category;
  }
  if (level) text.unshift(make("span", entry.tone || "dim", `${level} `));
  if (shortened) {
    const more = make("button", "more", `${lines.length - brief} more lines`);
    more.onclick = () => {
      entry.open = true;
      entry.shown.replaceWith(lineOf(entry));
    };
    text.push("\n", more);
  }
  entry.stale = false;
  entry.shown = make(
    "li", "", time,
    make("span", `by ${entry.resource === "stack" ? "dim" : byOf(entry.resource)}`, entry.resource),
    make("span", `text ${level ? "" : entry.tone}`, ...text),
  );
  return entry.shown;
}

function showLogs() {
  for (const entry of entries) entry.shown = undefined;
  one("#logs ol").replaceChildren(...entries.filter(wanted).map(lineOf));
  count();
  toNewest();
}

function appendLogs(added) {
  const list = one("#logs ol");
  const follows = isAtNewest();
  for (const entry of entries)
    if (entry.stale) {
      const old = entry.shown;
      old.replaceWith(lineOf(entry));
    }
  list.append(...added.filter(wanted).map(lineOf));
  while (list.childElementCount > most) list.firstElementChild.remove();
  count();
  if (follows) toNewest();
  else one("#logs .newest").hidden = false;
}

function count() {
  const shown = one("#logs ol").childElementCount;
  one("#logs output").textContent = shown === entries.length ? `${shown}` : `${shown} of ${entries.length}`;
}

const isAtNewest = () => {
  const list = one("#logs ol");
  return list.scrollHeight - list.scrollTop - list.clientHeight < 30;
};
const toNewest = () => {
  one("#logs ol").scrollTop = one("#logs ol").scrollHeight;
  one("#logs .newest").hidden = true;
};

// Requests

const id = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

function showRequests() {
  const search = one("#requests input").value.trim().toLowerCase();
  const shown = requests.filter((request) =>
    `${request.method} ${request.path} ${request.status} ${request.resource}`.toLowerCase().includes(search));
  one("#requests tbody").replaceChildren(...shown.slice(-300).reverse().map((request) => {
    const time = make("time", "", clock.format(new Date(request.at)));
    const path = make("td", "", make("b", "", request.method ?? ""), (request.path ?? "").replace(id, (all) => `…${all.slice(-6)}`));
    path.title = `${request.method} ${request.path}`;
    const status = request.status >= 500 || !request.status ? "bad" : request.status >= 400 ? "warn" : "good";
    const took = request.milliseconds;
    return make(
      "tr", "", make("td", "", time), make("td", byOf(request.resource), request.resource), path,
      make("td", `number ${status}`, `${request.status || "none"}`),
      make("td", `number ${took >= 1000 ? "bad" : took >= 300 ? "warn" : ""}`,
        took >= 1000 ? `${(took / 1000).toFixed(2)} s` : `${took.toFixed(1)} ms`),
    );
  }));
  one("#requests .empty").hidden = requests.length > 0;
  one("#requests table").hidden = requests.length === 0;
  one("#requests output").textContent =
    (shown.length === requests.length ? `${shown.length}` : `${shown.length} of ${requests.length}`)
    + (skipped ? `, and ${skipped.toLocaleString("en")} too quick to list` : "");
}

// Updates

function take(update) {
  if (update.run !== run) {
    [run, entries, requests, skipped] = [update.run, [], [], 0];
    one("#logs ol").replaceChildren();
    one("#stack").textContent = update.stack.replace(/\.AppHost$/, "");
  }
  if (update.resources) resources = update.resources;
  const added = addLogs(update.logs);
  if (update.resources || added.length) showResources();
  if (update.logs.length) appendLogs(added);
  requests = [...requests, ...update.requests].slice(-most);
  skipped += update.requests.reduce((sum, request) => sum + request.skipped, 0);
  if (update.requests.length || !requests.length) showRequests();
  showUptimes();
}

const updates = new EventSource("/updates");
const connected = (text, tone) => {
  one("#link").className = tone;
  one("#link").textContent = text;
};
updates.onopen = () => connected("live", "good");
updates.onerror = () => connected("the stack does not answer", "bad");
updates.onmessage = (message) => take(JSON.parse(message.data));
setInterval(showUptimes, 1000);

one("#logs select").onchange = showLogs;
one("#logs input[type=search]").oninput = showLogs;
one("#logs input[type=checkbox]").onchange = showLogs;
one("#logs .newest").onclick = toNewest;
one("#logs ol").onscroll = () => { if (isAtNewest()) one("#logs .newest").hidden = true; };
one("#requests input").oninput = showRequests;
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input, select")) return;
  event.preventDefault();
  one("#logs input[type=search]").focus();
});
