// What every page is looked at for: WCAG 2.2 A and AA by axe-core, room for large text and small screens, the keyboard.
// Works under the page's own content security policy, and where script is switched off. SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

// WCAG 2.2 A and AA, as far as a program can tell. Colours are the same at every width, and looking at
// the contrast of fifteen thousand elements takes most of the time: once is enough.
export async function rules(page, where, faults, hasContrast, hasScript = true) {
    if (!hasScript) { // no timer of such a page ever runs, and axe waits for one
        await page.evaluate(() => { window.setTimeout = (then, _, ...words) => { Promise.resolve().then(() => then(...words)); return 0; }; });
    }
    await page.evaluate(axe);
    const found = await page.evaluate(([tags, enabled]) => axe.run(document, {
        runOnly: tags, resultTypes: ["violations"], preload: false, rules: { "color-contrast": { enabled } } }), [TAGS, hasContrast]);
    for (const v of found.violations) {
        faults.push(`${where}: ${v.id}: ${v.nodes.length} times, first ${v.nodes[0].html.slice(0, 160)}`);
    }
}

// The page does not scroll sideways and no box hides the end of its text.
export async function fits(page, where, faults) {
    faults.push(...await page.evaluate((where) => {
        const out = [], root = document.scrollingElement;
        if (root.scrollWidth > root.clientWidth + 1) {
            out.push(`${where}: scrolls sideways, ${root.scrollWidth} in ${root.clientWidth}`);
        }
        for (const e of document.querySelectorAll("main *")) {
            const style = getComputedStyle(e), isHidden = e.offsetWidth <= 1 || e.closest("svg, input"); // a field scrolls
            if (!isHidden && ["hidden", "clip"].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1) {
                out.push(`${where}: text is cut in ${e.outerHTML.slice(0, 120)}`);
            }
        }
        return out;
    }, where));
}

// A style of the reader's own, which no policy of the page forbids. Gives a way to take it off.
export async function styled(page, css) {
    await page.evaluate((css) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    }, css);
    return () => page.evaluate(() => { document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1); });
}

// Text of twice the size.
export async function fitsLarge(page, where, faults) {
    const plain = await styled(page, "html{font-size:200%!important}");
    await fits(page, where, faults);
    await plain();
}

// What can be used has a place in the order of Tab, takes the focus, and shows it. A report has thousands
// of links: every one is given the focus by script; the key itself walks the first and the last WALK of them.
const WALK = 15;

export async function keyboard(page, faults) {
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
