// Looks at pages as people meet them and prints the faults of each as JSON.
// node check.mjs CHROMIUM PAGE… : files, or addresses of a service, asked with the cookie in REEVE_COOKIE (name=value). SPDX-License-Identifier: GPL-3.0-or-later
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { fits, fitsLarge, keyboard, rules, styled } from "./looks.mjs";

const [executablePath, ...paths] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

// High contrast on a dark ground replaces the colours of words, not of drawings: a drawing keeps all of its
// own and its white ground. (axe reads the colours of before, and none in drawings: it cannot tell.)
async function forced(page, faults) {
    const colours = () => page.evaluate(() => [...document.querySelectorAll('svg:not([aria-hidden]), svg:not([aria-hidden]) *')].map((e) => {
        const s = getComputedStyle(e);
        return `${s.fill} ${s.stroke}`;
    }));
    const before = await colours();
    await page.emulateMedia({ colorScheme: "dark", forcedColors: "active" });
    const after = await colours(), changed = after.filter((c, i) => c !== before[i]).length;
    if (changed) faults.push(`forced colours: ${changed} marks or words of drawings change colour`);
    faults.push(...await page.evaluate(() => [...document.querySelectorAll("svg:not([aria-hidden])")]
        .filter((e) => e.checkVisibility() && getComputedStyle(e).backgroundColor !== "rgb(255, 255, 255)")
        .map((e) => `forced colours: no ground under ${e.querySelector("title").textContent}`)));
    faults.push(...await page.evaluate(() => [...document.querySelectorAll("body, main *")]
        .filter((e) => !e.closest("svg, .govuk-warning-text__icon") && getComputedStyle(e).forcedColorAdjust === "none") // the library's icon
        .map((e) => `forced colours: refused by ${e.outerHTML.slice(0, 120)}`)));
    await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
}

// On A4 with the margins of the style sheet no drawing is wider or higher than the page.
async function paper(page, faults) {
    const width = Math.floor(178 / 25.4 * 96), height = Math.floor(259 / 25.4 * 96);
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ media: "print" });
    const cut = await page.evaluate(([width, height]) => [...document.querySelectorAll("svg:not([aria-hidden])")]
        .map((s) => [s.getBoundingClientRect(), s.querySelector("title").textContent])
        .filter(([r]) => r.width && (r.right > width + 1 || r.height > height))
        .map(([r, t]) => `paper: ${Math.round(r.width)} x ${Math.round(r.height)} is cut: ${t}`), [width, height]);
    faults.push(...cut);
    const drawn = await page.evaluate(() => [...document.querySelectorAll("svg:not([aria-hidden])")]
        .filter((s) => s.getBoundingClientRect().width).length);
    await page.emulateMedia({ media: "screen" });
    return drawn;
}

// A page without its script is whole: nothing is hidden that only a script would show.
async function withoutScript(open, faults) {
    const page = await open({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
    await fits(page, "1280 px, no script", faults);
    await fitsLarge(page, "text at 200%, no script", faults);
    const stops = await keyboard(page, faults);
    await page.setViewportSize({ width: 320, height: 700 });
    await fits(page, "320 px, no script", faults);
    await rules(page, "320 px, no script", faults, false, false);
    await page.context().close();
    return stops;
}

const report = {}, [cookie, value] = (process.env.REEVE_COOKIE ?? "").split("=");
for (const path of paths) {
    const faults = [], isServed = path.startsWith("http://"), address = isServed ? path : pathToFileURL(path).href;
    const open = async (options) => { // with the page's own policy of what may be run and drawn
        const context = await browser.newContext(options);
        if (isServed && value) await context.addCookies([{ name: cookie, value, url: path }]);
        const page = await context.newPage();
        page.on("console", (m) => m.type() === "error" && faults.push(`console: ${m.text()}`));
        await page.goto(address);
        if (options.javaScriptEnabled !== false) { // what a script fills in
            await page.waitForSelector("[aria-busy=true]", { state: "detached" });
        }
        return page;
    };
    const page = await open({ viewport: { width: 1280, height: 900 } });
    await fits(page, "1280 px", faults);
    const stops = await keyboard(page, faults);
    const live = await page.locator(".reeve-live [data-stop]").count(); // what moves by script, and stands still below without it
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
    await fits(page, "1280 px, all open", faults);
    // What is out of sight is laid out when it is met, and axe takes the places kept for it to be the links in it.
    await styled(page, "*{content-visibility:visible!important}");
    await rules(page, "1280 px", faults, true);
    await fitsLarge(page, "text at 200%", faults);
    await page.setViewportSize({ width: 320, height: 700 });
    await fits(page, "320 px", faults);
    await rules(page, "320 px", faults, false);
    await forced(page, faults);
    const drawn = await paper(page, faults);
    await page.context().close();
    const plainStops = isServed ? await withoutScript(open, faults) : stops; // files have no script
    report[path] = { faults, stops, live, plainStops, drawn };
}
await browser.close();
console.log(JSON.stringify(report));
