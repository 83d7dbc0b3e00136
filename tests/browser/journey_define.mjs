// A person with a keyboard and nothing else tries a definition and adopts it. With script and without.
// node journey_define.mjs CHROMIUM ADDRESS NAME PASSWORD ; SPDX-License-Identifier: GPL-3.0-or-later
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
        if (id === wanted || words === wanted) return at;
    }
    throw new Error(`Tab never comes to ${wanted} on ${page.url()}`);
}

async function travel(javaScriptEnabled, board) {
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 1000, height: 800 } });
    const page = await context.newPage();
    const enter = async () => {
        await Promise.all([page.waitForEvent("framenavigated"), page.keyboard.press("Enter")]);
        await page.waitForLoadState();
    };
    await page.goto(`${address}/workbench/definition`);
    await tabTo(page, "name");
    await page.keyboard.type(name);
    await tabTo(page, "password");
    await page.keyboard.type(password);
    await enter();
    await tabTo(page, "See what a change would do");
    await enter();
    await tabTo(page, "definition");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("{}");
    await tabTo(page, "Show what it would change");
    await enter();
    demand((await page.title()).startsWith("Error: "), "the title does not tell of the error");
    await page.goto(`${address}/workbench/definition/change`);
    await tabTo(page, "definition");
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" "); // another text than the one in force
    await tabTo(page, "Show what it would change");
    await enter();
    demand(await page.locator("text=Nothing has been changed yet").count() === 1, "no effect is shown");
    await tabTo(page, "author");
    await page.keyboard.type(board);
    await tabTo(page, "Adopt this definition");
    await enter();
    demand(new URL(page.url()).pathname === "/workbench/definition", "not brought to the definition in force");
    demand(await page.locator(`text=${board}`).count() === 1, "it does not say who agreed it");
    await context.close();
}

await travel(true, "Board with a script");
await travel(false, "Board without a script");
await browser.close();
