// web/script/map.js — the map that moves: sliders of hours and months over counts that are read once.
// What it says and shades is what the page says and draws for the same address (src/web/map_show.c).
// SPDX-License-Identifier: GPL-3.0-or-later
import { Browser, GeoJSON, LatLngBounds, Map as Chart, SVG } from "leaflet/dist/leaflet-src.esm.js";
import { chooseClasses, findClass, limits, number, shadeOf } from "./classes.js";

const ASIDE = 24, SMALL = 5, UNPLACED = "unplaced", EDGE = "#505a5f";
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const byId = (id) => document.getElementById(id);
const live = byId("live");

function twoDigits(n) {
    return String(n).padStart(2, "0");
}

// ---- the question ----

class Question {
    constructor(data) {
        const [year, month] = data.first.split("-").map(Number);
        this.first = year * 12 + month - 1;
        this.last = data.months - 1;
        const asked = new URLSearchParams(location.search);
        const place = (name, usual) => asked.get(name) ? this.placeOf(asked.get(name)) : usual;
        this.hourFrom = Number(asked.get("hour-from") || 0);
        this.hourTo = Number(asked.get("hour-to") || 24);
        this.from = place("month-from", 0);
        this.to = place("month-to", this.last);
    }

    placeOf(text) {
        const [year, month] = text.split("-").map(Number);
        return year * 12 + month - 1 - this.first;
    }

    isWholeDay() {
        return this.hourFrom % 24 === this.hourTo % 24;
    }

    hasHour(hour) {
        if (this.isWholeDay()) return true;
        const to = this.hourTo % 24;
        return this.hourFrom < to ? hour >= this.hourFrom && hour < to : hour < ASIDE && (hour >= this.hourFrom || hour < to);
    }

    isWholePeriod() {
        return this.from === 0 && this.to === this.last;
    }

    hasMonth(month) {
        return month >= this.from && month <= this.to;
    }

    hoursWords() {
        return this.isWholeDay() ? "the whole day" : `${twoDigits(this.hourFrom)}:00 to ${twoDigits(this.hourTo)}:00`;
    }

    monthOf(place) {
        const at = this.first + place;
        return { year: Math.floor(at / 12), month: at % 12, words: `${MONTHS[at % 12]} ${Math.floor(at / 12)}` };
    }

    // As format_period of the page: "2021", "2021 to 2022", "January to June 2021", "January 2021".
    monthsWords() {
        const a = this.monthOf(this.from), b = this.monthOf(this.to);
        if (this.from === this.to) return a.words;
        if (a.month === 0 && b.month === 11) return a.year === b.year ? `${a.year}` : `${a.year} to ${b.year}`;
        return a.year === b.year ? `${MONTHS[a.month]} to ${b.words}` : `${a.words} to ${b.words}`;
    }

    // Only what differs from the whole stands in the address.
    address() {
        const asked = new URLSearchParams(location.search), month = (place) => {
            const { year, month } = this.monthOf(place);
            return `${year}-${twoDigits(month + 1)}`;
        };
        const put = (pairs, isThere) => pairs.forEach(([name, value]) => isThere ? asked.set(name, value) : asked.delete(name));
        put([["hour-from", this.hourFrom], ["hour-to", this.hourTo]], !this.isWholeDay());
        put([["month-from", month(this.from)], ["month-to", month(this.to)]], !this.isWholePeriod());
        const words = asked.toString();
        return location.pathname + (words ? `?${words}` : "");
    }
}

// ---- counting ----

// What the question makes of one area: NaN is not available.
function valueOf(data, area, question, isCovered) {
    let count = 0, unusable = 0, personYears = 0;
    for (let i = 0; i < area.cells.length; i += 3) {
        const [month, hour, n] = area.cells.slice(i, i + 3);
        if (!question.hasMonth(month)) continue;
        count += question.hasHour(hour) ? n : 0;
        unusable += data.clock && hour >= ASIDE ? n : 0;
    }
    const missing = new Set(area.missing);
    let covered = 0, there = 0;
    for (let month = question.from; month <= question.to; month++) {
        covered += isCovered[month] ? 1 : 0;
        there += missing.has(month) ? 0 : 1;
        personYears += data.whole || isCovered[month] ? (area.population[month] ?? NaN) / 12 : 0;
    }
    const months = question.to - question.from + 1, isThere = there > 0 && (data.whole ? covered === months : covered > 0);
    const rate = personYears > 0 ? count / personYears * 100000 : NaN;
    return { count: isThere ? count : NaN, unusable, value: !isThere ? NaN : data.value === "rate" ? rate : count };
}

function countAll(data, question) {
    const areas = Object.entries(data.areas), isCovered = [];
    for (let month = 0; month < data.months; month++) {
        isCovered[month] = areas.some(([code, area]) => code !== UNPLACED && !area.missing.includes(month));
    }
    return new Map(areas.map(([code, area]) => [code, valueOf(data, area, question, isCovered)]));
}

// ---- words ----

function plural(data, n) {
    return n === 1 ? data.thing : data.things;
}

function hasSmall(found) {
    return [...found].some(([code, v]) => code !== UNPLACED && v.count > 0 && v.count < SMALL);
}

// The sentence of the page, to the letter.
function summary(data, question, found, names) {
    const of = [...found].filter(([code]) => code !== UNPLACED), known = of.filter(([, v]) => !Number.isNaN(v.value));
    const sum = (key, list) => list.reduce((total, [, v]) => total + (v[key] || 0), 0);
    const most = Math.max(0, ...known.map(([, v]) => v.value)), top = known.filter(([, v]) => v.value === most);
    let words = `${data.kind}, ${data.clock ? `${question.hoursWords()}, ` : ""}${question.monthsWords()}: `;
    if (!known.length) return `${words}not available.`;
    words += `${number(sum("count", known))} in ${number(known.length)} ${plural(data, known.length)}.`;
    if (most > 0) {
        const others = top.length > 1 ? ` and ${number(top.length - 1)} more` : "";
        words += data.value === "rate" ? ` Highest rate: ${names.get(top[0][0])}${others}, ${number(most, 1)} per 100,000 a year.`
            : ` Most: ${names.get(top[0][0])}${others}, ${number(most)}.`;
    }
    const missing = of.length - known.length, unplaced = found.get(UNPLACED)?.count || 0, unusable = sum("unusable", [...found]);
    if (missing > 0) words += ` Not available: ${number(missing)} ${plural(data, missing)}.`;
    if (unplaced > 0) words += ` In none of them: ${number(unplaced)}.`;
    if (!question.isWholeDay() && unusable > 0) words += ` Not in any hour, because no usable time is recorded: ${number(unusable)}.`;
    return words + (hasSmall(known) ? " Some counts are below 5." : "");
}

function areaWords(data, name, found) {
    const value = Number.isNaN(found.value) ? "not available"
        : data.value === "rate" ? `${number(found.value, 1)} per 100,000 a year (${number(found.count)})` : number(found.count);
    return `${name}: ${value}`;
}

// ---- drawing ----

const NAMESPACE = "http://www.w3.org/2000/svg";

function shape(name, attributes, ...children) {
    const element = document.createElementNS(NAMESPACE, name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...children);
    return element;
}

// Hatching for what is not available, as on the drawn map.
function hatching() {
    const line = shape("path", { d: "M0 6L6 0M-1 1L1 -1M5 7L7 5", stroke: EDGE, "stroke-width": 1, fill: "none" });
    return shape("defs", {}, shape("pattern", { id: "live-missing", width: 6, height: 6, patternUnits: "userSpaceOnUse" }, line));
}

class Picture {
    constructor(data) {
        this.data = data;
        this.isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
        const motion = { zoomAnimation: !this.isStill, fadeAnimation: !this.isStill, inertia: !this.isStill };
        const renderer = new SVG({ padding: 1 });
        // A wheel or one finger scrolls the page; two fingers, the buttons and the keys move the map.
        const hands = { scrollWheelZoom: false, dragging: !Browser.mobile };
        this.chart = new Chart("map", { attributionControl: false, renderer, zoomSnap: 0.25, maxZoom: 18, ...hands, ...motion });
        this.layers = new Map();
        const placed = { ...data.boundaries, features: data.boundaries.features.filter((f) => f.geometry) };
        const style = { color: EDGE, weight: 1, fillOpacity: 1 };
        this.all = new GeoJSON(placed, { style, onEachFeature: (feature, layer) => this.layers.set(this.codeOf(feature), layer) }).addTo(this.chart);
        this.chart.fitBounds(this.bounds(), { animate: false });
        renderer._container.prepend(hatching());
        renderer._container.setAttribute("role", "presentation");
        this.edges = [7, 4].map((width, i) => shape("path", { class: "reeve-reached", stroke: i ? "#0b0c0c" : "#ffdd00", "stroke-width": width }));
        renderer._rootGroup.append(...this.edges);
        this.layers.forEach((layer, code) => this.name(layer, code));
        this.listen();
        this.reach([...this.layers.keys()][0]);
        this.chart.on("zoomend moveend", () => this.drawEdge());
    }

    codeOf(feature) {
        return feature.properties[this.data.boundaries.boundaries.type];
    }

    bounds() {
        return this.layers.size ? this.all.getBounds() : new LatLngBounds([[49.8, -6.5], [55.9, 1.8]]);
    }

    names() {
        return new Map(this.data.boundaries.features.map((f) => [this.codeOf(f), f.properties.name]));
    }

    // One stop of Tab for all areas: the one reached last.
    reach(code) {
        this.layers.get(this.reached)?.getElement().removeAttribute("tabindex");
        this.reached = code;
        this.layers.get(code)?.getElement().setAttribute("tabindex", "0");
    }

    // Moving the element itself to the front would take the focus from it.
    drawEdge() {
        const element = this.layers.get(this.reached)?.getElement();
        const d = element && element === document.activeElement ? element.getAttribute("d") : "";
        this.edges.forEach((edge) => edge.setAttribute("d", d));
    }

    // Chromium makes a stop of Tab of every shape that listens for the focus: so the map itself listens.
    listen() {
        const box = this.chart.getContainer(), codeAt = (event) => event.target.dataset?.code;
        const read = (event) => { if (codeAt(event)) byId("map-read").textContent = event.target.getAttribute("aria-label"); };
        box.addEventListener("mouseover", read);
        box.addEventListener("click", read);
        box.addEventListener("focusin", (event) => {
            this.drawEdge();
            read(event);
            const layer = this.layers.get(codeAt(event));
            if (layer) this.chart.panInside(layer.getBounds().getCenter(), { padding: [60, 60], animate: !this.isStill });
        });
        box.addEventListener("focusout", () => this.edges.forEach((edge) => edge.setAttribute("d", "")));
        box.addEventListener("keydown", (event) => codeAt(event) && this.step(event, codeAt(event)), true);
    }

    name(layer, code) {
        const element = layer.getElement();
        element.setAttribute("role", "img");
        element.dataset.code = code;
        element.append(shape("title", {}));
    }

    step(event, code) {
        const codes = [...this.layers.keys()];
        const next = event.key === "Home" ? codes[0] : event.key === "End" ? codes.at(-1) : this.beside(code, event.key);
        if (!next) return;
        event.preventDefault();
        event.stopPropagation();
        this.reach(next);
        this.layers.get(next).getElement().focus({ preventScroll: true });
    }

    // The nearest area whose middle lies in this direction, if there is one rather in it than across it.
    beside(code, key) {
        const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [0, 0];
        const middle = (layer) => this.chart.project(layer.getBounds().getCenter(), 12), at = middle(this.layers.get(code));
        let best = null, least = Infinity;
        this.layers.forEach((layer, other) => {
            const to = middle(layer).subtract(at), along = to.x * dx + to.y * dy, across = Math.abs(to.x * dy) + Math.abs(to.y * dx);
            const far = along + 2 * across + (across > along ? 1e6 : 0);
            if (other !== code && along > 0 && far < least) [best, least] = [other, far];
        });
        return best;
    }

    paint(found, names) {
        const values = [...this.layers.keys()].map((code) => found.get(code)?.value ?? NaN).filter((v) => !Number.isNaN(v));
        const { rule, classes } = chooseClasses(values);
        this.layers.forEach((layer, code) => {
            const at = found.get(code) ?? { value: NaN, count: NaN };
            const k = findClass(classes, at.value);
            layer.setStyle({ fillColor: Number.isNaN(at.value) ? "url(#live-missing)" : this.data.shades[shadeOf(classes, k)] });
            const element = layer.getElement(), words = areaWords(this.data, names.get(code), at);
            element.setAttribute("aria-label", words);
            element.querySelector("title").textContent = words;
        });
        this.legend(rule, classes, this.layers.size - values.length);
        if (document.activeElement?.dataset.code) byId("map-read").textContent = document.activeElement.getAttribute("aria-label");
    }

    legend(rule, classes, missing) {
        const isRate = this.data.value === "rate", words = limits(classes, isRate ? 1 : 0);
        const line = (text, areas, colour) => {
            const item = document.createElement("li");
            const box = shape("rect", { x: 0.5, y: 0.5, width: 27, height: 19, fill: colour ?? "url(#live-missing)", stroke: EDGE });
            item.append(shape("svg", { class: "reeve-swatch", width: 28, height: 20, "aria-hidden": "true" }, box), `${text} (${number(areas)} ${plural(this.data, areas)})`);
            return item;
        };
        const lines = classes.map((c, k) => line(words[k], c.areas, this.data.shades[shadeOf(classes, k)]));
        if (missing > 0) lines.push(line("not available", missing, null));
        byId("legend-title").textContent = isRate ? "Per 100,000 residents a year" : this.data.kind;
        byId("legend").replaceChildren(...lines);
        const { type, vintage, file, schematic } = this.data.boundaries.boundaries;
        byId("legend-rule").textContent = classes.length ? this.data.rules[rule] : "";
        byId("legend-source").textContent = `Boundaries: ${type}, vintage ${vintage}, from ${file}.${schematic ? " They are schematic: not true shapes." : ""}`;
    }
}

// ---- sliders ----

// Two ends of a span. `isRound`: hours may go round midnight; months push the other end along.
function listenTo(name, isRound, set) {
    const ends = [byId(`live-${name}-from`), byId(`live-${name}-to`)];
    ends.forEach((end, i) => end.addEventListener("input", () => {
        const [from, to] = ends.map((e) => Number(e.value));
        if (!isRound && from > to) ends[1 - i].value = end.value;
        set(Number(ends[0].value), Number(ends[1].value));
    }));
    return ends;
}

function say(box, words, ends, endWords) {
    box.querySelector("output").textContent = words;
    ends.forEach((end, i) => end.setAttribute("aria-valuetext", endWords[i]));
}

// What is seen stands in the address, in the link to the table, and in the form above.
function share(address) {
    const asked = new URLSearchParams(address.split("?")[1] ?? "");
    history.replaceState(null, "", address);
    byId("live-link").href = `${address}#result`;
    for (const name of ["hour-from", "hour-to", "month-from", "month-to"]) {
        if (byId(name)) byId(name).value = asked.get(name) ?? "";
    }
}

function begin(data) {
    const question = new Question(data), picture = new Picture(data), names = picture.names();
    let timer = 0;
    const hasHours = data.clock && data.value === "count" && byId("live-hours");
    const title = () => [data.title, question.isWholePeriod() ? "" : question.monthsWords(), question.isWholeDay() ? "" : question.hoursWords()].filter(Boolean).join("; ");
    const show = () => {
        const found = countAll(data, question);
        picture.paint(found, names);
        if (hasHours) say(byId("live-hours"), question.hoursWords(), hours, [`${twoDigits(question.hourFrom)}:00`, `${twoDigits(question.hourTo)}:00`]);
        say(byId("live-months"), question.monthsWords(), months, [question.from, question.to].map((m) => question.monthOf(m).words));
        clearTimeout(timer); // a screen reader is told once the slider rests
        timer = setTimeout(() => {
            byId("result").textContent = title();
            byId("small").hidden = !hasSmall(found);
            byId("said").textContent = summary(data, question, found, names);
            share(question.address());
        }, 300);
    };
    const hours = hasHours ? listenTo("hour", true, (from, to) => { [question.hourFrom, question.hourTo] = [from, to]; show(); }) : [];
    const months = listenTo("month", false, (from, to) => { [question.from, question.to] = [from, to]; show(); });
    if (byId("live-hours")) byId("live-hours").hidden = !hasHours;
    byId("live-months").hidden = question.last === 0;
    if (hasHours) [hours[0].value, hours[1].value] = [question.hourFrom, question.hourTo];
    months.forEach((end) => { end.max = question.last; });
    [months[0].value, months[1].value] = [question.from, question.to];
    show();
}

async function start() {
    const answer = await fetch(live.dataset.from, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    const data = await answer.json();
    if (!answer.ok) throw new Error(data.faults?.[0]?.message ?? "The map could not be read");
    live.hidden = false; // before it is drawn: it needs a size
    document.body.classList.add("reeve-is-live");
    begin(data);
    live.removeAttribute("aria-busy");
}

if (live) {
    start().catch((error) => {
        live.hidden = true;
        live.removeAttribute("aria-busy");
        document.body.classList.remove("reeve-is-live");
        byId("live-refused").textContent = `${error.message}. The map below shows what you asked for; it cannot be moved.`;
        byId("live-refused").hidden = false;
    });
}
