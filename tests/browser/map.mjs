// The map by keyboard alone: sliders shade it and say what the page without script says for the same address.
// node map.mjs CHROMIUM ADDRESS NAME PASSWORD ; SPDX-License-Identifier: GPL-3.0-or-later
import { chromium } from "playwright-core";

const [executablePath, address, name, password] = process.argv.slice(2);
const MAP = `${address}/workbench/map?rows=ward&area=E09000016&period=2022`;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

function demand(condition, words) {
    if (!condition) throw new Error(words);
}

function same(got, wanted, words) {
    const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
    demand(a === b, `${words}:\n${a}\nin place of\n${b}`);
}

// A page whose faults and requests are kept.
async function open(options) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage(), seen = { faults: [], requests: [] };
    page.on("console", (message) => message.type() === "error" && seen.faults.push(message.text()));
    page.on("pageerror", (error) => seen.faults.push(error.message));
    page.on("request", (request) => seen.requests.push(request.url()));
    await page.goto(`${address}/sign-in`);
    await page.fill("#name", name);
    await page.fill("#password", password);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    return { context, page, ...seen };
}

async function tabTo(page, id, back = false) {
    for (let i = 0; i < 120; i++) {
        await page.keyboard.press(back ? "Shift+Tab" : "Tab");
        if (await page.evaluate(() => document.activeElement.id || document.activeElement.getAttribute("data-code") && "area") === id) return;
    }
    throw new Error(`Tab never comes to ${id}`);
}

async function press(page, key, times) {
    for (let i = 0; i < times; i++) await page.keyboard.press(key);
}

const live = (page) => page.evaluate(() => ({
    title: document.querySelector("#result").textContent,
    said: document.querySelector("#said").textContent,
    areas: Object.fromEntries([...document.querySelectorAll("#map path[data-code]")].map((e) => [e.getAttribute("aria-label"), e.getAttribute("fill").toLowerCase()])),
    legend: [...document.querySelectorAll("#legend li")].map((e) => e.textContent),
    rule: document.querySelector("#legend-rule").textContent }));

// The same from the drawing, the table and the words of the page itself.
const drawn = (page) => page.evaluate(() => {
    const svg = document.querySelector("#picture .reeve-wide svg"), texts = [...svg.querySelectorAll("text")].map((e) => e.textContent);
    const areas = [...svg.querySelectorAll("path")].filter((e) => e.querySelector("title"));
    return { title: document.querySelector("#result").textContent,
        said: document.querySelector("#summary").textContent,
        areas: Object.fromEntries(areas.map((e) => [e.querySelector("title").textContent, e.getAttribute("fill").toLowerCase()])),
        legend: texts.filter((t) => /\(\d+ (area|areas)\)$/.test(t)),
        rule: texts.find((t) => /class|steps/i.test(t) && t.endsWith(".")) };
});

const sorted = (object) => Object.entries(object).sort();

function compare(moved, page) {
    same(moved.title, page.title, "the heading");
    same(moved.said, page.said, "the sentence");
    same(sorted(moved.areas), sorted(page.areas), "numbers and shades of the areas");
    same(moved.legend.map((t) => t.replace(/(ward|LSOA|borough)(s?)\)$/, "area$2)")), page.legend, "the legend");
}

// ---- sliders ----

const one = await open({});
await one.page.goto(MAP);
await one.page.waitForSelector("#said:not(:empty)");
const before = await live(one.page);
const still = await open({ javaScriptEnabled: false });
await still.page.goto(MAP);
compare(before, await drawn(still.page));

await tabTo(one.page, "live-hour-from");
await press(one.page, "ArrowRight", 22);
await tabTo(one.page, "live-hour-to");
await press(one.page, "Home", 1);
await press(one.page, "ArrowRight", 3);
same(await one.page.textContent("#live-hours output"), "22:00 to 04:00", "the hours in words");
same(await one.page.getAttribute("#live-hour-to", "aria-valuetext"), "04:00", "the end of the hours for a screen reader");
await tabTo(one.page, "live-month-from");
await press(one.page, "ArrowRight", 2);
await tabTo(one.page, "live-month-to");
await press(one.page, "ArrowLeft", 6);
same(await one.page.textContent("#live-months output"), "March to June 2022", "the months in words");
await one.page.waitForURL((url) => url.searchParams.get("hour-to") === "4" && url.searchParams.get("month-to") === "2022-06");
const after = await live(one.page);
demand(JSON.stringify(sorted(after.areas)) !== JSON.stringify(sorted(before.areas)), "nothing changed on the map");
demand(after.said !== before.said && await one.page.getAttribute("#said", "role") === "status", "the change is not told");
const shared = new URL(one.page.url());
same(Object.fromEntries(shared.searchParams), { rows: "ward", area: "E09000016", period: "2022", "hour-from": "22", "hour-to": "4",
    "month-from": "2022-03", "month-to": "2022-06" }, "the address");
same(await one.page.evaluate(() => ["hour-from", "hour-to", "month-from", "month-to"].map((id) => document.getElementById(id).value)),
    ["22", "4", "2022-03", "2022-06"], "the form");
demand(await one.page.isVisible("#small") && !before.said.includes("below 5"), "small counts bring no warning");
await still.page.goto(shared.href);
compare(after, await drawn(still.page));

// Every rule by which classes are made, in large and small areas.
const rules = new Set();
const both = await open({});
for (const more of ["&hour-from=3&hour-to=4&month-from=2022-01&month-to=2022-01", "&hour-from=12&hour-to=13", "&month-from=2022-05&month-to=2022-05",
    "&profile=arson", "&rows=lsoa", "&rows=lsoa&hour-from=18&hour-to=24", "&value=rate", "&rows=borough&area=&value=rate"]) {
    const asked = new URL(MAP + more); // the last of a name counts
    for (const [name, value] of new URLSearchParams(more)) asked.searchParams.set(name, value);
    await Promise.all([both.page.goto(asked.href), still.page.goto(asked.href)]);
    await both.page.waitForSelector("#said:not(:empty)");
    const moved = await live(both.page);
    if (!more.includes("rate")) compare(moved, await drawn(still.page));
    else same(moved.said, (await drawn(still.page)).said, `the sentence of ${more}`);
    rules.add(moved.rule);
}
same(rules.size, 3, `rules met: ${[...rules]}`);
same(both.faults, [], "faults in the console");

// The other end of the months is pushed along; the whole leaves nothing in the address.
await press(one.page, "Home", 1);
same(await one.page.textContent("#live-months output"), "January 2022", "one month in words");
await press(one.page, "End", 1);
await tabTo(one.page, "live-hour-to", true);
await press(one.page, "ArrowRight", 18);
same(await one.page.textContent("#live-hours output"), "the whole day", "22 to 22");
await one.page.waitForURL((url) => !url.search.includes("hour") && !url.search.includes("month")); // the whole is no part
same((await live(one.page)).said, before.said, "the sentence of the whole");
same(one.requests.filter((url) => url.includes("table.json")).length, 1, "counts are read more than once");

// ---- areas ----

await tabTo(one.page, "map");
const width = () => one.page.evaluate(() => document.querySelector("#map path[data-code]").getBoundingClientRect().width);
const small = await width();
await press(one.page, "+", 2);
await one.page.waitForTimeout(800);
demand(await width() > small * 1.2, "+ does not zoom");
const left = () => one.page.evaluate(() => document.querySelector("#map path[data-code]").getBoundingClientRect().left);
const at = await left();
await press(one.page, "ArrowRight", 1);
await one.page.waitForTimeout(800);
demand(await left() < at - 10, "an arrow does not move the map");
await tabTo(one.page, "area");
const reached = new Set(), label = () => one.page.evaluate(() => document.activeElement.getAttribute("aria-label"));
await press(one.page, "Home", 1);
reached.add(await label());
for (const key of ["ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft", "End"]) {
    await press(one.page, key, 1);
    reached.add(await label());
    same(await one.page.textContent("#map-read"), await label(), "what is read of an area");
    same(await one.page.evaluate(() => document.querySelectorAll("#map path[tabindex]").length), 1, "more than one stop of Tab");
}
demand(reached.size > 2 && [...reached].every((words) => /^.+: [\d,]+$/.test(words)), `areas reached: ${[...reached]}`);

// ---- what is not available; what cannot be moved; rates ----

const gone = await open({});
await gone.page.goto(`${address}/workbench/map?rows=borough&period=2031`);
await gone.page.waitForSelector("#said:not(:empty)");
const nothing = await live(gone.page);
demand(Object.keys(nothing.areas).length > 30 && sorted(nothing.areas).every(([words, fill]) => words.endsWith(": not available") && fill === "url(#live-missing)"), "nought in place of not available");
same(nothing.said, await gone.page.textContent("#summary"), "the sentence of what is not available");
await gone.page.goto(`${MAP}&value=rate&month-from=2022-02&month-to=2022-09`);
await gone.page.waitForSelector("#said:not(:empty)");
same((await live(gone.page)).said, await gone.page.textContent("#summary"), "the sentence of rates");
demand(await gone.page.isHidden("#live-hours"), "hours can be chosen for rates");
same(gone.faults, [], "faults in the console");
await gone.page.goto(`${address}/workbench/map?rows=ward`);
await gone.page.waitForSelector("#live-refused:not([hidden])");
demand((await gone.page.textContent("#live-refused")).includes("too large to be moved"), "no reason is given");
demand(await gone.page.isVisible("#picture svg") && await gone.page.isHidden("#live"), "the drawing does not stand in");

// ---- without script, in print, with less motion ----

demand(await still.page.isVisible("#picture svg") && await still.page.isHidden("#live") && await still.page.isVisible("#summary"), "the page is not whole without script");
await one.page.emulateMedia({ media: "print" });
demand(await one.page.isVisible("#picture svg") && await one.page.isHidden("#live"), "the drawing is not printed");
const calm = await open({ reducedMotion: "reduce" });
await calm.page.goto(MAP);
await calm.page.waitForSelector("#live:not([hidden])");
demand(await calm.page.evaluate(() => document.querySelector("#map.leaflet-fade-anim, #map.leaflet-zoom-anim, .leaflet-zoom-animated.leaflet-zoom-hide") === null), "it moves for those who asked for less motion");
demand(await one.page.evaluate(() => document.querySelector("#map.leaflet-fade-anim") !== null), "the check of motion finds nothing");
for (const seen of [one, still, calm]) same(seen.faults, [], "faults in the console");
for (const seen of [one, still, calm, gone]) {
    same(seen.requests.filter((url) => !url.startsWith(address) && !url.startsWith("data:")), [], "requests that leave the service");
}
await browser.close();
