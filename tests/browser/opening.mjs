// How long a browser works to open pages: node opening.mjs CHROMIUM PAGE…
// Seconds of processor time of the main thread until the page is loaded, and of the clock. No test: the machine decides.
// SPDX-License-Identifier: GPL-3.0-or-later
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, ...paths] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
for (const path of paths) {
    for (const width of [320, 1280]) {
        const context = await browser.newContext({ viewport: { width, height: 900 } });
        const page = await context.newPage(), session = await context.newCDPSession(page);
        await session.send("Performance.enable", { timeDomain: "threadTicks" });
        await page.goto(pathToFileURL(path).href);
        const [loaded, elements] = await page.evaluate(() => [performance.getEntriesByType("navigation")[0].loadEventEnd,
            document.querySelectorAll("*").length]);
        const { metrics } = await session.send("Performance.getMetrics");
        const work = metrics.find((m) => m.name === "TaskDuration").value;
        console.log(`${path} at ${width} px: ${work.toFixed(2)} s of work, loaded after ${(loaded / 1000).toFixed(2)} s, ${elements} elements`);
        await context.close();
    }
}
await browser.close();
