// One journey, with script on a telephone and without script at a desk. Prints the faults of its pages as JSON.
// node journey.mjs CHROMIUM NAME < what the journey is told, as JSON. SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { Person } from "./keyboard.mjs";

const [executablePath, name] = process.argv.slice(2);
const told = JSON.parse(readFileSync(0, "utf8"));
const { travel } = await import(`./journey_${name}.mjs`);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const faults = new Set();
let pages = 0;
for (const ways of [{ key: "script", hasScript: true, width: 320 }, { key: "plain", hasScript: false, width: 1280 }]) {
    const record = { journey: `${name}-${ways.key}`, faults, seen: new Set() };
    const setOut = (path) => new Person(browser, told, ways, record).begin(path);
    await travel(setOut, { ...told, ...told[ways.key] }, ways);
    pages += record.seen.size;
}
await browser.close();
console.log(JSON.stringify({ pages, faults: [...faults] }));
