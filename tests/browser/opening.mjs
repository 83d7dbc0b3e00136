// How long a browser works to open pages: node opening.mjs CHROMIUM [ROUNDS] PAGE…
// The least of ROUNDS (3), taken in turns: seconds of processor time of the main thread until the page is loaded, and of the
// clock. No test: the machine decides.
// SPDX-License-Identifier: GPL-3.0-or-later
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, ...words] = process.argv.slice(2);
const rounds = /^\d+$/.test(words[0]) ? Number(words.shift()) : 3;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

async function open(path, width) {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    const page = await context.newPage(), session = await context.newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.goto(pathToFileURL(path).href);
    const [loaded, elements] = await page.evaluate(() => [performance.getEntriesByType("navigation")[0].loadEventEnd,
        document.querySelectorAll("*").length]);
    const { metrics } = await session.send("Performance.getMetrics");
    await context.close();
    return { work: metrics.find((m) => m.name === "TaskDuration").value, loaded: loaded / 1000, elements };
}

const seen = new Map();
for (let round = 0; round < rounds; round++) {
    for (const path of words) {
        for (const width of [320, 1280]) {
            const name = `${path} at ${width} px`, now = await open(path, width), least = seen.get(name) ?? now;
            seen.set(name, { work: Math.min(least.work, now.work), loaded: Math.min(least.loaded, now.loaded), elements: now.elements });
        }
    }
}
for (const [name, { work, loaded, elements }] of seen) {
    console.log(`${name}: ${work.toFixed(2)} s of work, loaded after ${loaded.toFixed(2)} s, ${elements} elements`);
}
await browser.close();
