// Looks at pages as people meet them and prints the faults of each as JSON.
// node check.mjs CHROMIUM PAGE… : files, or addresses of a service, asked with the cookie in REEVE_COOKIE (name=value). SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const [executablePath, ...paths] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

// WCAG 2.2 A and AA, as far as a program can tell. Colours are the same at every width, and looking at
// the contrast of fifteen thousand elements takes most of the time: once is enough.
async function rules(page, where, faults, hasContrast) {
    await page.evaluate(axe);
    const found = await page.evaluate(([tags, enabled]) => axe.run(document, {
        runOnly: tags, resultTypes: ["violations"], rules: { "color-contrast": { enabled } } }), [TAGS, hasContrast]);
    for (const v of found.violations) {
        faults.push(`${where}: ${v.id}: ${v.nodes.length} times, first ${v.nodes[0].html.slice(0, 160)}`);
    }
}

// The page does not scroll sideways and no box hides the end of its text.
async function fits(page, where, faults) {
    faults.push(...await page.evaluate((where) => {
        const out = [], root = document.scrollingElement;
        if (root.scrollWidth > root.clientWidth + 1) {
            out.push(`${where}: scrolls sideways, ${root.scrollWidth} in ${root.clientWidth}`);
        }
        for (const e of document.querySelectorAll("main *")) {
            const style = getComputedStyle(e), isHidden = e.offsetWidth <= 1 || e.closest("svg");
            if (!isHidden && ["hidden", "clip"].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1) {
                out.push(`${where}: text is cut in ${e.outerHTML.slice(0, 120)}`);
            }
        }
        return out;
    }, where));
}

// What can be used has a place in the order of Tab, takes the focus, and shows it. A report has thousands
// of links: every one is given the focus by script; the key itself walks the first and the last WALK of them.
const WALK = 15;

async function keyboard(page, faults) {
    const found = await page.evaluate(() => {
        const all = [...document.querySelectorAll("a[href], summary, button, input, select, textarea, [tabindex]")];
        const seen = all.filter((e) => e.checkVisibility({ visibilityProperty: true }));
        // The radio buttons of one name are one stop, and their focus shows on the drawn button of their label.
        const first = (e) => e.type === "radio" ? seen.findIndex((o) => o.type === "radio" && o.name === e.name && o.form === e.form) : seen.indexOf(e);
        const stops = [...new Set(seen.map(first))];
        const ring = (e) => ["radio", "checkbox"].includes(e.type) && getComputedStyle(e.labels[0], "::before").boxShadow !== "none";
        const out = { stops: stops.length, faults: [] }, say = (words, e) => out.faults.push(`keyboard: ${words} ${e.outerHTML.slice(0, 120)}`);
        seen.forEach((e) => {
            e.setAttribute("data-stop", stops.indexOf(first(e)));
            e.focus({ focusVisible: true, preventScroll: true });
            const s = getComputedStyle(e);
            if (e.tabIndex < 0) say("out of reach of Tab:", e);
            if (e.tabIndex > 0) say("not in the order of the page:", e);
            if (document.activeElement !== e) say("takes no focus:", e);
            else if (!ring(e) && (s.outlineStyle === "none" || parseFloat(s.outlineWidth) < 2)) say("no visible focus on", e);
            e.blur();
        });
        return out;
    });
    faults.push(...found.faults);
    for (const [key, step, from] of [["Tab", 1, 0], ["Shift+Tab", -1, found.stops - 1]]) {
        await page.evaluate(([step, from]) => { // beside the stop from which the key sets out
            const end = document.createElement("span");
            end.tabIndex = -1;
            document.querySelector(`[data-stop="${from}"]`)[step > 0 ? "before" : "after"](end);
            end.focus();
        }, [step, from]);
        for (let i = 0; i < Math.min(WALK, found.stops); i++) {
            await page.keyboard.press(key);
            const at = await page.evaluate(() => document.activeElement?.getAttribute("data-stop"));
            if (at !== String(from + step * i)) {
                faults.push(`keyboard: ${key} comes to stop ${at}, not ${from + step * i}`);
                break;
            }
        }
    }
    await page.evaluate(() => { // a link that has the focus looks otherwise
        document.querySelectorAll("span[tabindex='-1']").forEach((e) => e.remove());
        document.activeElement?.blur();
    });
    return found.stops;
}

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

const report = {};
for (const path of paths) {
    const faults = [], context = await browser.newContext({ bypassCSP: true, viewport: { width: 1280, height: 900 } });
    const isServed = path.startsWith("http://"), [name, value] = (process.env.REEVE_COOKIE ?? "").split("=");
    if (isServed && value) await context.addCookies([{ name, value, url: path }]);
    const page = await context.newPage();
    page.on("console", (m) => m.type() === "error" && faults.push(`console: ${m.text()}`));
    await page.goto(isServed ? path : pathToFileURL(path).href);
    await page.waitForSelector("[aria-busy=true]", { state: "detached" }); // what a script fills in
    await fits(page, "1280 px", faults);
    const stops = await keyboard(page, faults);
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
    await fits(page, "1280 px, all open", faults);
    // What is out of sight is laid out when it is met, and axe takes the places kept for it to be the links in it.
    await page.addStyleTag({ content: "*{content-visibility:visible!important}" });
    await rules(page, "1280 px", faults, true);
    const zoom = await page.addStyleTag({ content: "html{font-size:200%!important}" });
    await fits(page, "text at 200%", faults);
    await zoom.evaluate((e) => e.remove());
    await page.setViewportSize({ width: 320, height: 700 });
    await fits(page, "320 px", faults);
    await rules(page, "320 px", faults, false);
    await forced(page, faults);
    const drawn = await paper(page, faults);
    report[path] = { faults, stops, drawn };
    await context.close();
}
await browser.close();
console.log(JSON.stringify(report));
