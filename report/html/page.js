"use strict";
// The page's behavior. All data is untrusted: only el adds it to the page, as text
// with invisible characters escaped. No string is parsed as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const all = data.findings || [];
  const chunk = 100; // rows rendered at a time

  const severities = ["critical", "high", "medium", "low"];
  const kinds = {
    key_pair: "Key pair", access_key_id: "Key ID alone", secret_access_key: "Secret alone",
    session_token: "Session token", api_key: "Service key",
  };
  const states = {
    head: ["In HEAD", "The current version contains it."],
    branch: ["On other branches", "HEAD does not contain it, but the tip of a branch does."],
    history: ["In history only", "No branch contains it now, but every clone has it in its history."],
    unreachable: ["Unreachable", "No branch or tag leads to it. This clone has it until git gc."],
    files: ["In the files", "It was found in files; history was not scanned."],
  };

  const stateOf = (f) =>
    f.reachable === undefined ? "files"
      : !f.reachable ? "unreachable"
        : f.in_head ? "head"
          : f.branches?.length ? "branch" : "history";
  const nameOf = (author) => author.replace(/\s*<[^>]*>\s*$/, "") || author;
  const plural = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  const day = (date) => String(date || "").slice(0, 10);
  const isHex = (s, least) => typeof s === "string" && s.length >= least && /^[0-9a-f]+$/.test(s);
  const isKeyID = (s) => /^[A-Z0-9]{16,128}$/.test(s || "");
  // visible escapes unprintable characters, as all reports of keyguard do.
  const visible = (s) => String(s).replace(/[\p{C}\p{Z}]/gu, (c) =>
    c === " " ? c : "\\u" + c.codePointAt(0).toString(16).padStart(4, "0"));

  function placeOf(f) {
    if (f.path) return f.path;
    if (f.in_message) return f.commit ? `message of commit ${f.commit.slice(0, 12)}` : `message of tag ${f.tag}`;
    return `object ${(f.object || "").slice(0, 12)}`;
  }

  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (typeof value === "function") node.addEventListener(name, value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, visible(value));
    }
    for (const c of children.flat(3)) {
      if (c != null && c !== false) node.append(c instanceof Node ? c : visible(c));
    }
    return node;
  }
  const button = (attributes, ...children) => el("button", { type: "button", ...attributes }, ...children);
  const code = (...text) => el("code", null, ...text);

  // Compute the fields for filters and sorting once.
  all.forEach((f, i) => {
    f.n = i;
    f.state = stateOf(f);
    f.place = placeOf(f);
    f.entered = Date.parse(f.date) || 0;
    f.left = f.in_head || !f.removed_commit ? 0 : Date.parse(f.removed_date) || 0;
    f.rank = severities.indexOf(f.severity);
    f.paths = [f.place, ...(f.other_paths || [])].join("\n").toLowerCase();
  });
  const haystack = (f) => (f.hay ??= [
    f.paths, f.title, f.rule_id, f.kind, f.severity, f.access_key_id, f.account_id, f.author, f.commit, f.object, f.removed_commit,
    f.fingerprint, f.tag, f.excerpt, f.note, f.date, f.branches, f.tags, f.dropped,
  ].flat().filter(Boolean).join("\n").toLowerCase());

  const facets = [
    { id: "severity", title: "Severity", of: (f) => f.severity, order: severities, top: true },
    { id: "state", title: "Now", of: (f) => f.state, label: (v) => states[v][0], hint: (v) => states[v][1], order: Object.keys(states), top: true, dated: true },
    { id: "kind", title: "Kind", of: (f) => f.kind, label: (v) => kinds[v] || v, order: Object.keys(kinds), top: true },
    { id: "account", title: "Account", of: (f) => f.account_id || "", label: (v) => v || "unknown" },
    { id: "author", title: "Author", of: (f) => f.author || "", label: (v) => (v ? nameOf(v) : "unknown"), hint: (v) => v, dated: true },
    { id: "file", title: "File", of: (f) => f.place, label: (v) => (v.length > 22 ? "…" + v.slice(-21) : v), hint: (v) => v },
  ];
  const view = { q: "", path: "", from: 0, to: 0, sort: "severity", back: false, dropped: false, shown: [], rendered: 0, active: 0, open: -1 };
  const marked = new Set();
  for (const f of facets) f.chosen = new Set();

  const inPeriod = (t) => t >= view.from && t < view.to;
  const conditions = [
    (f) => view.dropped || !f.dropped,
    (f, terms) => terms.every((t) => haystack(f).includes(t)),
    (f) => !view.path || f.paths.includes(view.path.toLowerCase()),
    (f) => !view.to || inPeriod(f.entered) || inPeriod(f.left),
    ...facets.map((facet) => (f) => !facet.chosen.size || facet.chosen.has(facet.of(f))),
  ];
  const period = 3; // the index of its condition; the conditions of facets follow

  // filter selects the shown findings, and counts for each facet the findings that
  // the other conditions select.
  function filter() {
    const terms = view.q.toLowerCase().split(/\s+/).filter(Boolean);
    view.shown = [];
    timeline.counted = [];
    for (const facet of facets) facet.counts = new Map();
    for (const f of all) {
      const failed = [];
      for (let i = 0; i < conditions.length && failed.length < 2; i++) if (!conditions[i](f, terms)) failed.push(i);
      if (failed.length > 1) continue;
      if (!failed.length) view.shown.push(f);
      if (!failed.length || failed[0] === period) timeline.counted.push(f);
      facets.forEach((facet, i) => {
        if (failed.length && failed[0] !== period + 1 + i) return;
        const v = facet.of(f);
        facet.counts.set(v, (facet.counts.get(v) || 0) + 1);
      });
    }
    const by = orders[view.sort];
    view.shown.sort((a, b) => (view.back ? by(b, a) : by(a, b)) || orders.severity(a, b));
  }
  const text = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const stateRank = (f) => Object.keys(states).indexOf(f.state);
  const orders = {
    severity: (a, b) => a.rank - b.rank || stateRank(a) - stateRank(b) || b.entered - a.entered || a.n - b.n,
    place: (a, b) => text(a.place, b.place) || a.line - b.line,
    account: (a, b) => text(a.account_id || "~", b.account_id || "~"),
    entered: (a, b) => b.entered - a.entered,
    state: (a, b) => stateRank(a) - stateRank(b) || b.left - a.left,
  };

  const few = 7; // options of a collapsed facet

  function makeFacet(facet) {
    const totals = new Map(); // of findings that are not dropped
    for (const f of all) totals.set(facet.of(f), (totals.get(facet.of(f)) || 0) + !f.dropped);
    const values = [...totals.keys()].sort((a, b) =>
      facet.order ? facet.order.indexOf(a) - facet.order.indexOf(b) : totals.get(b) - totals.get(a) || text(a, b));
    facet.options = values.slice(0, 400).map((value) => {
      const box = el("input", { type: "checkbox", change: () => choose(facet, value, box.checked) });
      const count = el("span", { class: "n" });
      const bar = el("span", { class: "bar", "aria-hidden": "true" });
      const label = facet.label ? facet.label(value) : value;
      const node = el("label", { title: facet.hint?.(value) ?? label, class: `option ${facet.id === "severity" ? value : ""}` },
        box, el("bdi", null, label), count, bar);
      return { value, box, count, bar, node, total: totals.get(value) };
    });
    const list = el("div", { class: "options" }, facet.options.map((o) => o.node));
    const fieldset = el("fieldset", { class: "facet", id: "facet-" + facet.id, hidden: facet.dated && !all.some((f) => f.commits) }, el("legend", null, facet.title), list);
    if (facet.id === "file") list.before(pathField());
    if (facet.options.length > few) fieldset.append(moreButton(facet));
    return fieldset;
  }

  function moreButton(facet) {
    const more = button({
      class: "link", "aria-expanded": "false", click: () => {
        facet.full = !facet.full;
        more.setAttribute("aria-expanded", facet.full);
        more.textContent = facet.full ? "Fewer" : `All ${facet.options.length}`;
        showFacet(facet);
      },
    }, `All ${facet.options.length}`);
    return more;
  }

  function pathField() {
    const field = el("input", { type: "search", id: "path", placeholder: "Path contains…", "aria-label": "Path contains", autocomplete: "off", spellcheck: "false" });
    field.addEventListener("input", () => { view.path = field.value; update(); });
    return field;
  }

  function choose(facet, value, on) {
    if (on) facet.chosen.add(value);
    else facet.chosen.delete(value);
    update();
  }

  function showFacet(facet) {
    const most = Math.max(1, ...facet.counts.values());
    const count = (o) => facet.counts.get(o.value) || 0;
    const first = new Set([...facet.options].sort((a, b) => count(b) - count(a)).slice(0, few));
    for (const o of facet.options) {
      const n = count(o);
      o.count.textContent = n;
      o.bar.style.width = `${(100 * n) / most}%`;
      o.box.checked = facet.chosen.has(o.value);
      o.node.classList.toggle("none", n === 0);
      o.node.hidden = !o.box.checked && ((!facet.full && !first.has(o)) || (!o.total && !view.dropped));
    }
  }

  const timeline = { bins: [], counted: [] };
  const plausible = (t) => t > Date.UTC(1990) && t < Date.UTC(2100);
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  // periods divides a time into days, months, quarters or years: 20 to 70 or so.
  function periods(from, to) {
    const days = (to - from) / 864e5;
    const step = days <= 62 ? 0 : days <= 366 * 5 ? 1 : days <= 366 * 17 ? 3 : 12;
    const first = new Date(from);
    let y = first.getUTCFullYear(), m = first.getUTCMonth(), d = first.getUTCDate();
    if (step) { m -= m % step; d = 1; }
    const bins = [];
    for (let start = Date.UTC(y, m, d); start <= to;) {
      if (step) m += step; else d++;
      const end = Date.UTC(y, m, d), at = new Date(start);
      bins.push({ start, end, name: periodName(at, step), tick: tick(at, step, bins.length) });
      start = end;
    }
    return bins;
  }
  function periodName(at, step) {
    const year = at.getUTCFullYear(), month = at.getUTCMonth();
    return step === 12 ? `${year}` : step === 3 ? `${year} Q${month / 3 + 1}` : step ? `${months[month]} ${year}` : at.toISOString().slice(0, 10);
  }
  function tick(at, step, i) {
    const year = at.getUTCFullYear(), month = at.getUTCMonth();
    if (step === 12) return i === 0 || year % 5 === 0 ? `${year}` : "";
    if (step) return month < step ? `${year}` : "";
    return i % 7 === 0 ? `${at.getUTCDate()} ${months[month]}` : "";
  }

  function makeTimeline() {
    const times = all.flatMap((f) => [f.entered, f.left]).filter(plausible);
    if (!times.length) return null;
    const bounds = times.reduce(([a, b], t) => [Math.min(a, t), Math.max(b, t)], [Infinity, -Infinity]);
    timeline.bins = periods(...bounds);
    const anyLeft = all.some((f) => f.left);
    timeline.bins.forEach((b, i) => {
      b.up = el("span", { class: "up" });
      b.down = el("span", { class: "down" });
      b.node = button({ class: "bin", tabindex: i ? -1 : 0, "data-tick": b.tick, click: (e) => pick(i, e.shiftKey) }, b.up, b.down);
    });
    timeline.chart = el("div", { class: "chart", role: "group", "aria-label": "Timeline; arrow keys move, Enter chooses a period, Shift+Enter extends it", keydown: walkTimeline }, timeline.bins.map((b) => b.node));
    timeline.scaleUp = el("span"); timeline.scaleDown = el("span");
    timeline.legend = el("span", { class: "legend" });
    return el("section", { class: "timeline", "aria-labelledby": "timeline-title" },
      el("h2", { id: "timeline-title" }, "Introduced and removed", timeline.legend,
        el("span", { class: "key" }, severities.filter((s) => all.some((f) => f.severity === s)).map((s) => el("span", { class: s }, s)), anyLeft && el("span", { class: "gone" }, "removed"))),
      el("div", { class: "plot" }, el("div", { class: "scale", "aria-hidden": "true" }, timeline.scaleUp, timeline.scaleDown), timeline.chart));
  }

  function binOf(t) {
    const bins = timeline.bins;
    if (!bins.length || t < bins[0].start || t >= bins[bins.length - 1].end) return null;
    let lo = 0, hi = bins.length - 1;
    while (lo < hi) {
      const mid = (lo + hi + 1) >> 1;
      if (bins[mid].start <= t) lo = mid; else hi = mid - 1;
    }
    return bins[lo];
  }

  function showTimeline() {
    if (!timeline.chart) return;
    for (const b of timeline.bins) { b.in = severities.map(() => 0); b.out = 0; }
    for (const f of timeline.counted) {
      const a = binOf(f.entered), b = f.left && binOf(f.left);
      if (a && f.rank >= 0) a.in[f.rank]++;
      if (b) b.out++;
    }
    const sum = (b) => b.in.reduce((x, y) => x + y, 0);
    const up = Math.max(1, ...timeline.bins.map(sum)), down = Math.max(0, ...timeline.bins.map((b) => b.out));
    timeline.chart.style.setProperty("--rows", `${up}fr ${down}fr`);
    timeline.scaleUp.textContent = up;
    timeline.scaleDown.textContent = down || "";
    for (const b of timeline.bins) {
      const n = sum(b), chosen = view.to && b.start >= view.from && b.end <= view.to;
      b.up.replaceChildren(...severities.map((s, i) => {
        const part = el("i", { class: s });
        part.style.height = `${(100 * b.in[i]) / up}%`;
        return part;
      }));
      b.down.style.height = down ? `${(100 * b.out) / down}%` : "0";
      b.node.classList.toggle("chosen", !!chosen);
      b.node.setAttribute("aria-pressed", !!chosen);
      b.node.title = `${b.name}: ${n} introduced, ${b.out} removed`;
      b.node.setAttribute("aria-label", b.node.title);
    }
    const undated = timeline.counted.filter((f) => !binOf(f.entered)).length;
    timeline.legend.textContent = view.to ? spanName() : undated ? `${undated} without a date` : "";
    timeline.chart.classList.toggle("picked", !!view.to);
  }
  function spanName() {
    const a = binOf(view.from), b = binOf(view.to - 1);
    return a && b ? (a === b ? a.name : `${a.name} to ${b.name}`) : "";
  }

  function pick(i, extend) {
    const b = timeline.bins[i];
    if (extend && view.to) {
      view.from = Math.min(view.from, b.start);
      view.to = Math.max(view.to, b.end);
    } else if (view.from === b.start && view.to === b.end) {
      view.from = view.to = 0;
    } else {
      [view.from, view.to] = [b.start, b.end];
    }
    update();
  }

  function walkTimeline(e) {
    const nodes = timeline.bins.map((b) => b.node), at = nodes.indexOf(document.activeElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: nodes.length - 1 }[e.key];
    if (e.key === "Enter" && e.shiftKey) { e.preventDefault(); pick(at, true); }
    if (to === undefined || !nodes[to]) return;
    e.preventDefault();
    nodes[at].tabIndex = -1;
    nodes[to].tabIndex = 0;
    nodes[to].focus();
  }

  const columns = [["severity", "Severity"], ["", "Credential"], ["place", "Location"], ["account", "Account"], ["entered", "Introduced"], ["state", "Now"]];
  const table = { body: el("tbody"), status: el("p", { role: "status", class: "status" }), more: el("p", { class: "more" }) };

  function makeTable() {
    table.heads = columns.map(([id, title]) => el("th", { scope: "col", class: "c-" + (id || "what") },
      id ? button({ click: () => sortBy(id) }, title) : title));
    const markAll = el("input", { type: "checkbox", "aria-label": "Mark all shown findings", change: () => {
      for (const f of view.shown) if (markAll.checked) marked.add(f); else marked.delete(f);
      for (const box of table.body.querySelectorAll("input[type=checkbox]")) box.checked = markAll.checked;
      showTargets();
    } });
    table.markAll = markAll;
    const node = el("table", { class: "findings" }, el("caption", { class: "sr" }, "Findings"),
      el("thead", null, el("tr", null, el("th", { class: "c-mark" }, markAll), table.heads)), table.body);
    new IntersectionObserver((entries) => { if (entries.some((e) => e.isIntersecting)) render(view.rendered + chunk); }, { rootMargin: "600px" }).observe(table.more);
    return node;
  }

  function sortBy(id) {
    view.back = view.sort === id && !view.back;
    view.sort = id;
    update();
  }

  function row(f, i) {
    const cut = f.place.lastIndexOf("/") + 1;
    const [label] = states[f.state];
    const box = el("input", { type: "checkbox", "aria-label": `Mark finding ${i + 1}`, tabindex: i === view.active ? 0 : -1, change: () => mark(f, box.checked) });
    box.checked = marked.has(f);
    const opener = button({ class: "opener", "aria-expanded": "false", tabindex: i === view.active ? 0 : -1, focus: () => activate(i) }, f.title);
    const tr = el("tr", { class: "row" + (f.dropped ? " dropped" : ""), click: (e) => { if (!e.target.closest("input, a") && !String(getSelection())) toggle(i); } },
      el("td", { class: "c-mark" }, box),
      el("td", { class: "c-severity" }, el("span", { class: "sev " + f.severity }, f.severity)),
      el("td", { class: "c-what" }, opener, f.access_key_id && code(f.access_key_id), f.canary && el("span", { class: "tag" }, "canary")),
      el("td", { class: "c-place" }, el("bdi", null, el("span", { class: "dir" }, f.place.slice(0, cut).split(/(?<=\/)/).map((part) => [part, el("wbr")])), f.place.slice(cut), el("span", { class: "dir" }, ":", f.line))),
      el("td", { class: "c-account" }, f.account_id || el("span", { class: "dim" }, "–")),
      el("td", { class: "c-entered" }, f.at_or_before && el("span", { class: "by" }, "at or before "), day(f.date), f.author && el("bdi", { class: "by", title: f.author }, nameOf(f.author))),
      el("td", { class: "c-state" }, el("span", { class: "state " + f.state }, f.dropped ? "Dropped" : label), f.left ? el("span", { class: "by" }, "left ", day(f.removed_date)) : null));
    tr.finding = f;
    return tr;
  }

  const rowAt = (i) => table.rows[i];
  function render(upTo) {
    const end = Math.min(upTo, view.shown.length), rows = [];
    for (let i = view.rendered; i < end; i++) rows.push(row(view.shown[i], i));
    table.rows.push(...rows);
    table.body.append(...rows);
    view.rendered = Math.max(view.rendered, end);
    const left = view.shown.length - view.rendered;
    table.more.replaceChildren(...(left ? [button({ click: () => render(view.rendered + chunk) }, `Show more (${left} left)`)] : []));
  }

  function showTable() {
    table.body.replaceChildren();
    table.rows = [];
    view.rendered = 0;
    view.active = 0;
    view.open = -1;
    render(chunk);
    columns.forEach(([id], i) => {
      const on = id && id === view.sort;
      const falling = (id === "severity" || id === "entered") !== view.back; // the worst and the newest come first
      if (on) table.heads[i].setAttribute("aria-sort", falling ? "descending" : "ascending");
      else table.heads[i].removeAttribute("aria-sort");
    });
    if (!view.shown.length) {
      table.body.append(el("tr", null, el("td", { colspan: columns.length + 1, class: "nothing" }, "No findings match. ", button({ class: "link", click: reset }, "Clear the filters"))));
    }
  }

  function toggle(i, on = view.open !== i) {
    if (view.open >= 0) {
      const old = rowAt(view.open);
      old.nextElementSibling?.remove();
      old.classList.remove("open");
      old.querySelector(".opener").setAttribute("aria-expanded", "false");
    }
    view.open = on ? i : -1;
    activate(i);
    if (!on) return writeHash();
    const tr = rowAt(i), id = "detail-" + view.shown[i].n;
    tr.classList.add("open");
    tr.querySelector(".opener").setAttribute("aria-expanded", "true");
    tr.querySelector(".opener").setAttribute("aria-controls", id);
    tr.after(el("tr", { class: "detail", id }, el("td", { colspan: columns.length + 1 }, detail(view.shown[i]))));
    writeHash();
  }

  function detail(f) {
    return el("div", { class: "sheet" },
      el("section", null,
        f.excerpt && el("pre", null, el("bdi", null, f.excerpt)),
        facts(f)),
      el("section", null, el("h3", null, "Next steps"), steps(f), allowing(f)));
  }

  function facts(f) {
    const list = (values) => values?.length ? more(values.map((v) => el("bdi", { class: "item" }, v))) : null;
    const part = (p) => `${p.rule_id}, line ${p.line}`;
    const rows = [
      ["Location", [code(`${f.place}:${f.line}:${f.column}`), copier(`${visible(f.path || f.place)}:${f.line}`, "the location")]],
      ["Credential", [f.title, ", ", f.severity, ", confidence ", f.confidence, f.decoded_from && `, decoded from ${f.decoded_from}`]],
      ["Description", data.rules?.[f.rule_id]],
      ["Key ID", f.access_key_id && [code(f.access_key_id), f.long_term === false ? " temporary" : f.long_term ? " long-term" : null, f.canary && ", a canary: its use alerts its owner"]],
      ["Account", f.account_id],
      ["Other parts", list(f.related?.map(part))],
      ["Introduced", f.commit && [f.at_or_before && "at or before ", code(f.commit.slice(0, 12)), ", ", day(f.date), f.author && [", ", el("bdi", null, f.author)], isHex(f.commit, 40) && copier(`git show ${f.commit}`, "git show")]],
      ["Removed", f.left ? [code(f.removed_commit.slice(0, 12)), ", ", day(f.removed_date), isHex(f.removed_commit, 40) && copier(`git show ${f.removed_commit}`, "git show")] : null],
      ["Now", f.reachable === undefined ? null : [states[f.state][0], ". ", states[f.state][1], f.commits > 1 && ` ${plural(f.commits, "commit")} contain it.`]],
      ["Branches", list(f.branches)],
      ["Tags", list(f.tags)],
      ["Other paths", list(f.other_paths)],
      ["Evidence", f.evidence && evidence(f.evidence)],
      ["Dropped", f.dropped && [f.dropped, f.dropped_by && ` (${f.dropped_by})`]],
      ["Note", f.note],
      ["Rule", code(f.rule_id)],
      ["Fingerprint", code(f.fingerprint)],
    ];
    return el("dl", null, rows.filter(([, v]) => v).map(([k, v]) => [el("dt", null, k), el("dd", null, v)]));
  }

  function evidence(e) {
    const parts = [`${e.length} characters of ${e.entropy} bits`];
    if (e.key_id) parts.push(e.key_id);
    for (const p of e.parts || []) parts.push(`${p.rule_id} ${plural(Math.abs(p.lines), "line")} ${p.lines < 0 ? "before" : "after"} it`);
    return parts.join("; ");
  }

  // more shows the first nodes of a long list, and the rest on request.
  function more(nodes) {
    if (nodes.length <= 6) return nodes;
    const rest = el("span", { hidden: true }, nodes.slice(5));
    const open = button({ class: "link", click: () => { rest.hidden = false; open.remove(); } }, `and ${nodes.length - 5} more`);
    return [nodes.slice(0, 5), rest, open];
  }

  // commandsOf inserts the key ID and, as the end of sessions, the time of copying.
  const fill = (s, f) => s.replaceAll("{ID}", f.access_key_id).replaceAll("{NOW}", new Date().toISOString().slice(0, 19) + "Z");
  for (const s of data.steps?.flat() || []) s.ofID = [s.text, ...(s.commands || [])].join("").includes("{ID}");
  const stepsOf = (f) => (data.steps?.[f.steps] || []).filter((s) => !s.ofID || isKeyID(f.access_key_id));
  const commandsOf = (f) => stepsOf(f).flatMap((s) => s.commands || []).map((c) => fill(c, f));

  function steps(f) {
    return [
      el("p", { class: "fix" }, f.fix),
      el("ol", { class: "steps" }, stepsOf(f).map((s) => el("li", null, fill(s.text, f), (s.commands || []).map((c) => command(() => fill(c, f)))))),
    ];
  }

  function command(make) {
    return el("div", { class: "command" }, code(make()), copier(make, "the command"));
  }

  let reason = "";
  // allowCommand quotes for all shells: it removes characters that any of them interprets.
  function allowCommand(list) {
    const prints = [...new Set(list.map((f) => f.fingerprint).filter((p) => isHex(p, 32)))];
    return prints.length ? `keyguard allow ${prints.join(" ")} --reason "${reason.replace(/["`$\\!%^\p{C}]/gu, "").trim()}"` : "";
  }

  function allowing(f) {
    if (f.dropped || !allowCommand([f])) return null;
    const box = command(() => allowCommand([f]));
    const field = el("input", { type: "text", value: reason, placeholder: "Reason, such as: fake key in tests", "aria-label": "Reason for allowing it", autocomplete: "off", input: () => {
      reason = field.value;
      box.firstChild.textContent = allowCommand([f]);
    } });
    return el("div", { class: "allow" }, el("h3", null, "If it is not a leak"), field, box);
  }

  function copier(text, name) {
    return button({ class: "copy", "aria-label": `Copy ${name}`, click: (e) => { e.stopPropagation(); copy(typeof text === "function" ? text() : text, name); } }, "Copy");
  }

  async function copy(text, name) {
    if (!text) return say("There is nothing to copy.");
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = el("textarea", { class: "sr" }), had = document.activeElement;
      area.value = text;
      document.body.append(area);
      area.select();
      const ok = document.execCommand("copy");
      area.remove();
      had?.focus();
      if (!ok) return say("The browser does not allow copying; select the text manually.");
    }
    say(`Copied ${name}.`);
  }

  const toast = el("div", { class: "toast", role: "status" });
  let toastTimer;
  function say(text) {
    toast.textContent = text;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => (toast.textContent = ""), 2500);
  }

  // targets are the marked findings, or all shown ones.
  const targets = () => (marked.size ? all.filter((f) => marked.has(f)) : view.shown);
  function rotation(list) {
    const seen = new Set(), out = [];
    for (const f of list) {
      const commands = commandsOf(f), key = commands[0] + (f.access_key_id || "");
      if (!commands.length || seen.has(key)) continue;
      seen.add(key);
      out.push(`# ${f.title}${f.access_key_id ? " " + f.access_key_id : ""}`, ...commands, "");
    }
    return visibleLines(out);
  }
  const visibleLines = (lines) => lines.map(visible).join("\n");

  const search = el("input", { type: "search", id: "q", placeholder: "Search: key ID, path, author, commit…", "aria-label": "Search", autocomplete: "off", spellcheck: "false", "aria-keyshortcuts": "/" });
  search.addEventListener("input", () => { view.q = search.value; update(); });
  const copyRotate = button({ click: () => copy(rotation(targets()), `commands for ${plural(targets().length, "finding")}`) }, "Copy rotation commands");
  const copyAllow = button({ click: () => copy(allowCommand(targets()), `allow command for ${plural(targets().length, "finding")}`) }, "Copy allow command");
  const clear = button({ class: "link", hidden: true, click: reset }, "Clear filters");
  const scope = el("span", { class: "scope" });

  function showTargets() {
    scope.textContent = marked.size ? `${marked.size} marked:` : "All shown:";
    table.markAll.checked = view.shown.length > 0 && view.shown.every((f) => marked.has(f));
    table.markAll.indeterminate = !table.markAll.checked && marked.size > 0;
  }

  const filtered = () => view.q || view.path || view.to || facets.some((f) => f.chosen.size);
  function update() {
    filter();
    facets.forEach(showFacet);
    showTimeline();
    showTable();
    showTargets();
    const total = view.dropped ? all.length : all.filter((f) => !f.dropped).length;
    table.status.textContent = view.shown.length === total ? plural(total, "finding") : `${view.shown.length} of ${plural(total, "finding")}`;
    clear.hidden = !filtered();
    writeHash();
  }

  function reset() {
    Object.assign(view, { q: "", path: "", from: 0, to: 0 });
    for (const f of facets) f.chosen.clear();
    showFields();
    update();
    search.focus();
  }
  function showFields() {
    search.value = view.q;
    document.getElementById("path").value = view.path;
  }

  // The address contains the filters, so that a view can be shared.
  function writeHash() {
    const p = new URLSearchParams();
    for (const k of ["q", "path"]) if (view[k]) p.set(k, view[k]);
    if (view.to) p.set("period", `${day(new Date(view.from).toISOString())}/${day(new Date(view.to).toISOString())}`);
    if (view.sort !== "severity" || view.back) p.set("sort", (view.back ? "-" : "") + view.sort);
    for (const f of facets) for (const v of f.chosen) p.append(f.id, v);
    if (view.open >= 0) p.set("finding", view.shown[view.open].fingerprint);
    try { history.replaceState(null, "", "#" + p); } catch { /* a viewer may forbid it */ }
  }
  function readHash() {
    const p = new URLSearchParams(location.hash.slice(1));
    view.q = p.get("q") || "";
    view.path = p.get("path") || "";
    const [from, to] = (p.get("period") || "").split("/").map((s) => Date.parse(s) || 0);
    [view.from, view.to] = to > from ? [from, to] : [0, 0];
    const sort = p.get("sort") || "severity";
    view.back = sort.startsWith("-");
    view.sort = Object.hasOwn(orders, sort.replace("-", "")) ? sort.replace("-", "") : "severity";
    for (const f of facets) f.chosen = new Set(p.getAll(f.id));
    showFields();
    update();
    const at = view.shown.findIndex((f) => f.fingerprint === p.get("finding"));
    if (p.has("finding") && at >= 0) { render(at + 1); toggle(at, true); rowAt(at).scrollIntoView({ block: "center" }); }
  }

  function activate(i) {
    const old = rowAt(view.active);
    view.active = i;
    for (const tr of [old, rowAt(i)]) {
      tr.classList.toggle("active", tr === rowAt(i));
      for (const node of tr.querySelectorAll(".opener, input")) node.tabIndex = tr === rowAt(i) ? 0 : -1;
    }
  }
  // go moves to a row; open details move along.
  function go(i) {
    if (!view.shown.length) return;
    i = Math.max(0, Math.min(i, view.shown.length - 1));
    if (i >= view.rendered) render(i + chunk);
    if (view.open >= 0 && view.open !== i) toggle(i, true);
    rowAt(i).querySelector(".opener").focus({ preventScroll: true });
    rowAt(i).scrollIntoView({ block: view.open >= 0 ? "start" : "nearest" });
  }
  const inList = () => table.body.contains(document.activeElement);
  const active = () => view.shown[view.active];
  function mark(f, on) {
    if (on) marked.add(f); else marked.delete(f);
    showTargets();
  }

  const help = el("dialog", { class: "help", "aria-labelledby": "help-title" });
  const keys = [
    ["j k", "next, previous finding", { j: () => go(inList() ? view.active + 1 : view.active), k: () => go(view.active - 1) }],
    ["Enter", "open or close its details"],
    ["x", "mark it", { x: () => { const box = rowAt(view.active)?.querySelector("input"); if (box) { box.checked = !box.checked; mark(active(), box.checked); } } }],
    ["c", "copy its rotation commands", { c: () => active() && copy(rotation([active()]), "its rotation commands") }],
    ["a", "copy the command that allows it", { a: () => active() && copy(allowCommand([active()]), "its allow command") }],
    ["p", "copy its location", { p: () => active() && copy(`${visible(active().place)}:${active().line}`, "its location") }],
    ["g G", "first, last finding", { g: () => go(0), G: () => go(view.shown.length - 1) }],
    ["/", "search", { "/": () => { search.focus(); search.select(); } }],
    ["Esc", "leave the search, close details"],
    ["t", "light, dark or system colors", { t: nextTheme }],
    ["?", "this help", { "?": openHelp }],
  ];
  const single = Object.assign({}, ...keys.map((k) => k[2]));

  function makeHelp() {
    const on = el("input", { type: "checkbox", checked: true, change: () => (shortcuts = on.checked) });
    help.append(el("h2", { id: "help-title" }, "Keyboard"),
      el("table", null, keys.map(([k, action]) => el("tr", null, el("td", null, k.split(" ").map((x) => el("kbd", null, x))), el("td", null, action)))),
      el("label", null, on, " Enable single-key shortcuts (Tab, Enter and Esc always work)"),
      el("p", { class: "end" }, button({ click: () => help.close() }, "Close")));
  }
  function openHelp() {
    help.showModal();
    help.querySelector("button").focus();
  }
  let shortcuts = true;
  addEventListener("keydown", (e) => {
    const typing = e.target.closest?.("input:not([type=checkbox]), textarea");
    if (help.open || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Escape") {
      if (typing) { go(view.active); e.preventDefault(); }
      else if (view.open >= 0) { toggle(view.open, false); go(view.active); }
      return;
    }
    if (typing) {
      if (e.key === "Enter" && e.target === search) go(0);
      return;
    }
    const arrow = inList() && e.target.matches(".opener") && { ArrowDown: () => go(view.active + 1), ArrowUp: () => go(view.active - 1), Home: single.g, End: single.G }[e.key];
    const act = arrow || (shortcuts && Object.hasOwn(single, e.key) && single[e.key]);
    if (!act) return;
    e.preventDefault();
    act();
  });

  const themes = ["auto", "light", "dark"];
  const themeButton = button({ click: nextTheme });
  function setTheme(name) {
    document.documentElement.dataset.theme = name;
    themeButton.textContent = { auto: "◐ Auto", light: "○ Light", dark: "● Dark" }[name];
    themeButton.setAttribute("aria-label", `Colors: ${name}`);
    try { localStorage.setItem("keyguard-theme", name); } catch { /* not stored */ }
  }
  function nextTheme() {
    setTheme(themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length]);
  }
  function storedTheme() {
    try { return themes.includes(localStorage.getItem("keyguard-theme")) ? localStorage.getItem("keyguard-theme") : "auto"; } catch { return "auto"; }
  }

  const tools = document.querySelector(".tools");
  tools.hidden = false;
  tools.append(themeButton);
  setTheme(storedTheme());
  document.body.append(toast, help);
  if (!all.length) return;
  tools.append(button({ "aria-keyshortcuts": "?", click: openHelp }, "? Keys"));
  makeHelp();

  const droppedCount = all.filter((f) => f.dropped).length;
  const droppedBox = el("input", { type: "checkbox", change: () => { view.dropped = droppedBox.checked; update(); } });
  const main = document.querySelector("main");
  const side = el("details", { class: "side", hidden: all.length < 2, open: innerWidth > 1080 }, el("summary", null, "Accounts, authors, files"), facets.filter((f) => !f.top).map(makeFacet));
  main.replaceChildren(
    el("div", { class: "totals", hidden: all.length < 2 }, facets.filter((f) => f.top).map(makeFacet), makeTimeline()),
    el("div", { class: all.length < 2 ? "" : "split" }, side,
      el("section", { class: "list", "aria-label": "Findings" },
        el("div", { class: "bar-top" }, search, table.status, clear,
          droppedCount > 0 && el("label", { class: "dropped-box" }, droppedBox, ` with ${droppedCount} dropped`),
          el("span", { class: "bulk" }, scope, copyRotate, copyAllow)),
        makeTable(), table.more)));
  addEventListener("beforeprint", () => render(view.shown.length));
  addEventListener("hashchange", readHash);
  readHash();
  if (all.length === 1) toggle(0, true);
})();
