// A person with a keyboard and nothing else: signs in, reads a finding, withholds it, signs out. With script and without.
// node journey.mjs CHROMIUM ADDRESS NAME PASSWORD ; SPDX-License-Identifier: GPL-3.0-or-later
import { chromium } from "playwright-core";

const [executablePath, address, name, password] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

function demand(condition, words) {
    if (!condition) throw new Error(words);
}

// Tab until what has the focus is the one with these words or this id.
async function tabTo(page, wanted) {
    for (let i = 0; i < 400; i++) {
        await page.keyboard.press("Tab");
        const at = page.locator(":focus");
        if (await at.count() === 0) continue;
        const words = (await at.innerText().catch(() => "")).trim(), id = await at.getAttribute("id");
        if (id === wanted || words === wanted || (wanted instanceof RegExp && wanted.test(words))) return at;
    }
    throw new Error(`Tab never comes to ${wanted} on ${page.url()}`);
}

async function travel(javaScriptEnabled) {
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 1000, height: 800 } });
    const page = await context.newPage();
    const enter = async () => {
        await Promise.all([page.waitForEvent("framenavigated"), page.keyboard.press("Enter")]);
        await page.waitForLoadState();
    };
    await page.goto(`${address}/workbench/findings`);
    demand(page.url().includes("/sign-in"), "not asked to sign in");
    await tabTo(page, "name");
    await page.keyboard.type("nobody");
    await tabTo(page, "password");
    await page.keyboard.type("wrong words");
    await enter();
    await page.waitForSelector(".govuk-error-summary");
    demand((await page.title()).startsWith("Error: "), "the title does not tell of the error");
    await tabTo(page, "name");
    await page.keyboard.press("Control+A");
    await page.keyboard.type(name);
    await tabTo(page, "password");
    await page.keyboard.type(password);
    await enter();
    demand(new URL(page.url()).pathname === "/workbench/findings", "not brought to where one wanted to go");
    await page.goto(`${address}/workbench/findings?release=${javaScriptEnabled ? "released" : "withheld"}`);
    await tabTo(page, "Show");
    await page.keyboard.press("Tab");
    await enter();
    await page.waitForURL("**/workbench/findings/*");
    await tabTo(page, "decision");
    await page.keyboard.press("ArrowUp"); // from the first choice round to the last: withhold
    await tabTo(page, "note");
    await page.keyboard.type("Not yet");
    await tabTo(page, "Save the decision");
    await enter();
    await page.waitForSelector("text=withheld");
    await tabTo(page, new RegExp("^(" + name.replace(/[.]/g, "\\.") + ")$"));
    await enter();
    await page.waitForURL("**/account");
    await tabTo(page, "Sign out");
    await enter();
    await page.waitForURL(`${address}/`);
    demand(await page.locator("text=Sign in").count() > 0, "still signed in");
    await context.close();
}

await travel(true);
await travel(false);
await browser.close();
