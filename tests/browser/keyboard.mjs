// A person with a keyboard and nothing else, before one page after another. Each press of Tab is checked: the focus is
// somewhere, shows, is in view and under nothing. Each page that opens is looked at as looks.mjs does, and its HTML kept.
// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash, createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fits, fitsLarge, rules } from "./looks.mjs";

const PATIENCE = 60000; // ms that a page or a job may take on a busy machine
const MOST_STOPS = 900; // of one page

export function demand(condition, words) {
    if (!condition) throw new Error(words);
}

// The six digits that an authenticator app shows (RFC 6238) in a step of 30 s.
export const stepNow = () => Math.floor(Date.now() / 30000);

export function oneTimeCode(base32, step = stepNow()) {
    const bits = [...base32].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac("sha1", key).update(counter).digest(), at = mac[19] & 15;
    return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}

// What has the focus, as somebody meets it who sees the screen: null when nothing has it.
function whatHasFocus() {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const style = getComputedStyle(e), faults = [];
    const ring = ["radio", "checkbox"].includes(e.type) && getComputedStyle(e.labels[0], "::before").boxShadow !== "none";
    if (!ring && (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)) faults.push("no visible focus on");
    const box = e.getClientRects()[0];
    const left = Math.max(box?.left, 0), right = Math.min(box?.right, innerWidth), top = Math.max(box?.top, 0), bottom = Math.min(box?.bottom, innerHeight);
    if (!box || left >= right || top >= bottom) {
        faults.push("out of sight:");
    } else {
        const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        if (!seen || (!e.contains(seen) && !seen.contains(e))) faults.push("covered:");
    }
    return { id: e.id, name: e.name ?? "", type: e.type ?? e.localName, html: e.outerHTML.slice(0, 120), faults,
        words: (e.ariaLabel ?? e.innerText ?? "").replace(/\s+/g, " ").trim() };
}

export class Person {
    // told.out: the folder for HTML; `ways`: {hasScript, width}. Faults of looks are gathered, a way that is barred throws.
    constructor(browser, told, ways, record) {
        Object.assign(this, { browser, told, ways, record });
    }

    async begin(path) {
        const { hasScript: javaScriptEnabled, width } = this.ways;
        this.context = await this.browser.newContext({ javaScriptEnabled, viewport: { width, height: 700 } });
        this.page = await this.context.newPage();
        this.page.setDefaultTimeout(PATIENCE);
        this.page.on("response", (r) => {
            const isPage = r.request().isNavigationRequest() && r.frame() === this.page.mainFrame();
            if (isPage && !(r.status() >= 300 && r.status() < 400)) this.answer = r;
        });
        this.page.on("console", (m) => m.type() === "error" && !/status of 4(04|22)/.test(m.text()) && this.fault(`console: ${m.text()}`));
        this.page.on("filechooser", (window) => { this.window = window; }); // from the beginning: the browser is told once, in time
        await this.visit(path);
        return this;
    }

    end() {
        return this.context.close();
    }

    fault(words) {
        this.record.faults.add(`${this.record.journey} ${this.page.url().replace(this.told.address, "")}: ${words}`);
    }

    async fail(words) {
        const shown = (await this.text("main").catch(() => []))[0] ?? "";
        throw new Error(`${words}, on ${this.page.url()}: ${shown.slice(0, 600)}`);
    }

    // An address is typed into the browser's own field: at the beginning, or when somebody was given it.
    async visit(path) {
        await this.page.goto(path.startsWith("http") ? path : this.told.address + path);
        await this.arrived();
    }

    path() {
        return new URL(this.page.url()).pathname;
    }

    async at(path) {
        const isThere = path instanceof RegExp ? path.test(this.path()) : this.path() === path;
        if (!isThere) await this.fail(`not brought to ${path}`);
    }

    says(words) {
        return this.page.getByText(words).count().then((n) => n > 0);
    }

    async demandWords(...all) {
        for (const words of all) if (!await this.says(words)) await this.fail(`the page does not say ${words}`);
    }

    text(selector) {
        return this.page.locator(selector).allInnerTexts().then((all) => all.map((t) => t.replace(/\s+/g, " ").trim()));
    }

    async until(check, words) {
        for (const end = Date.now() + PATIENCE; Date.now() < end;) {
            if (await check()) return;
            await new Promise((then) => setTimeout(then, 50));
        }
        await this.fail(words);
    }

    // ---- a page opens ----

    async arrived(isToBeLookedAt = true) {
        await this.page.waitForLoadState();
        this.isFresh = true;
        this.isBehindTheEnd = false;
        const hasSummary = await this.page.locator(".govuk-error-summary").count() > 0;
        const at = await this.page.evaluate(() => document.activeElement?.className ?? "");
        if (hasSummary && this.ways.hasScript && !at.includes("govuk-error-summary")) this.fault("the summary of errors has not the focus");
        this.isAtSummary = hasSummary && this.ways.hasScript;
        if (isToBeLookedAt) await this.look();
    }

    async look() {
        const html = await this.answer.text(), { record, page } = this, { width, hasScript } = this.ways;
        const hash = createHash("sha256").update(page.url() + html.replace(/name="csrf" value="[^"]*"/g, "")).digest("hex").slice(0, 16);
        if (record.seen.has(hash)) return;
        record.seen.add(hash);
        writeFileSync(join(this.told.out, `${record.journey}-${record.seen.size}.html`), html);
        const faults = [], where = hasScript ? "" : ", no script";
        await fits(page, `${width} px${where}`, faults);
        await rules(page, `${width} px${where}`, faults, true, hasScript);
        for (const [other, look] of [[1280, fitsLarge], [320, fits]]) {
            await page.setViewportSize({ width: other, height: 700 });
            await look(page, look === fits ? `${other} px${where}` : `text at 200%${where}`, faults);
        }
        await page.setViewportSize({ width, height: 700 });
        if (hasScript) { // the menu folds and unfolds with the width
            await page.evaluate(() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then))));
        }
        faults.forEach((words) => this.fault(words));
    }

    // ---- keys ----

    // One press. The first on a page comes to the way past the menu, or into the summary of errors.
    async tab(key = "Tab") {
        await this.page.keyboard.press(key);
        const at = await this.page.evaluate(whatHasFocus);
        at?.faults.forEach((words) => this.fault(`${words} ${at.html}`));
        if (this.isFresh && key === "Tab" && !this.isAtSummary && at?.words !== "Skip to main content") {
            this.fault(`the first press of Tab comes to ${at?.html}`);
        }
        if (this.isBehindTheEnd && key === "Tab" && at?.words !== "Skip to main content") {
            this.fault(`the focus was lost before ${at?.html}`); // behind the last stop the page begins anew
        }
        this.isFresh = false;
        this.isBehindTheEnd = !at && key === "Tab";
        return at;
    }

    // Until what has the focus is the one with these words, this id, or of this name.
    async tabTo(wanted, key = "Tab") {
        let rounds = 0;
        const met = [];
        for (let i = 0; i < MOST_STOPS && rounds < 2; i++) {
            const at = await this.tab(key);
            met.push(at?.words.slice(0, 30) ?? "nothing");
            if (!at) rounds++;
            else if (at.id === wanted || at.words === wanted || at.name === wanted || (wanted instanceof RegExp && wanted.test(at.words))) return at;
        }
        return this.fail(`${key} never comes to ${wanted}, only to ${met.join(" / ").slice(0, 1500)}`);
    }

    press(...keys) {
        return keys.reduce((done, key) => done.then(() => this.page.keyboard.press(key)), Promise.resolve());
    }

    async fill(field, words) {
        await this.tabTo(field);
        await this.press("Control+A", "Delete");
        await this.page.keyboard.type(words);
    }

    // One of a list, by its words: arrows, as in a closed list.
    async choose(field, words) {
        await this.tabTo(field);
        const found = await this.page.evaluate((words) => {
            const e = document.activeElement, all = [...e.options].map((o) => o.text.trim());
            return { from: e.selectedIndex, to: all.indexOf(words), all };
        }, words);
        if (found.to < 0) await this.fail(`${field} has no choice ${words}, only ${found.all.slice(0, 40).join(" | ")}`);
        for (let i = found.from; i !== found.to; i += Math.sign(found.to - found.from)) {
            await this.press(found.to > found.from ? "ArrowDown" : "ArrowUp");
        }
        const now = await this.page.evaluate(() => document.activeElement.selectedOptions[0].text.trim());
        if (now !== words) await this.fail(`arrows choose ${now} and not ${words}`);
    }

    // A radio button or a box, by the words of its label.
    async pick(name, words) {
        await this.tabTo(name);
        const label = () => this.page.evaluate(() => document.activeElement.labels[0].innerText.trim());
        for (let i = 0; await label() !== words; i++) {
            if (i > 20) await this.fail(`arrows never come to ${words}`);
            await this.press("ArrowDown");
        }
        if (!await this.page.evaluate(() => document.activeElement.checked)) await this.press("Space");
        demand(await this.page.evaluate(() => document.activeElement.checked), `${words} is not chosen`);
    }

    // Enter, and the page that it leads to.
    async enter(isToBeLookedAt = true) {
        await Promise.all([this.page.waitForEvent("framenavigated"), this.press("Enter")]);
        await this.arrived(isToBeLookedAt);
    }

    async go(words, isToBeLookedAt = true) {
        await this.tabTo(words);
        await this.enter(isToBeLookedAt);
    }

    // A link of the menu, which a phone folds where there is script.
    async menu(words) {
        const toggle = this.page.locator(".govuk-service-navigation__toggle");
        if (await toggle.isVisible()) {
            await this.tabTo("Menu");
            await this.press("Enter");
            demand(await toggle.getAttribute("aria-expanded") === "true", "the menu does not unfold");
        }
        await this.go(words);
    }

    // Unfolds what is folded, and stays on it.
    async unfold(words) {
        await this.tabTo(words);
        await this.press("Enter");
        demand(await this.page.evaluate(() => document.activeElement.closest("details").open), `${words} does not unfold`);
    }

    // A file is given to the browser's own window, which the field opens.
    async give(field, file) {
        await this.tabTo(field);
        this.window = null;
        await this.press("Space");
        await this.until(() => this.window, "no window to choose a file opens");
        await this.window.setFiles(file);
    }

    async download(words) {
        await this.tabTo(words);
        const [file] = await Promise.all([this.page.waitForEvent("download"), this.press("Enter")]);
        return file.path();
    }

    // The page says what is wrong, first of all; the way leads to the field, which then has the focus.
    async isToldOf(message, field) {
        if (!(await this.page.title()).startsWith("Error: ")) await this.fail("the title does not tell of the error");
        await this.tabTo(message);
        await this.press("Enter");
        await this.until(() => this.page.evaluate((id) => document.activeElement?.id === id, field), `the message does not lead to ${field}`);
    }

    // ---- what every journey begins and many wait with ----

    async signIn({ name, password, secret }, step = stepNow()) {
        await this.fill("name", name);
        await this.fill("password", password);
        if (secret) await this.fill("code", oneTimeCode(secret, step));
        await this.go("Sign in");
    }

    // A job is over when its page says so: it looks again by itself, or when asked to.
    async waitForJob(isPatient) {
        await this.at(/^\/workbench\/jobs\/\d+$/);
        const state = () => this.text("main [role=status] .govuk-tag").catch(() => []); // it may just be looking again
        const isOver = async () => /^(?!waiting|running)./i.test((await state())[0] ?? "");
        if (isPatient) {
            await this.until(isOver, "the page never says that the job is over");
        }
        for (const end = Date.now() + PATIENCE; !await isOver();) {
            await this.go(/^(Stop that|Look again now)$/).catch((fault) => {
                if (Date.now() > end) throw fault; // the page may have looked again before one came to the link
            });
        }
        await this.arrived();
        return (await this.text("main [role=status]"))[0];
    }
}
