// Pictures of pages: screenshots.mjs CHROMIUM '[{file, address, cookie, width, height}]'.
// SPDX-License-Identifier: GPL-3.0-or-later
import { chromium } from "playwright-core";

const [executablePath, wanted] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
for (const { file, address, cookie, width, height } of JSON.parse(wanted)) {
  const context = await browser.newContext({
    viewport: { width, height }, locale: "en-GB", reducedMotion: "reduce",
    extraHTTPHeaders: cookie ? { Cookie: cookie } : {},
  });
  const page = await context.newPage();
  const answer = await page.goto(address, { waitUntil: "load" });
  await page.waitForSelector("[aria-busy=true]", { state: "detached" }); // what a script fills in
  if (answer.status() !== 200) throw new Error(`${address}: ${answer.status()}`);
  await page.screenshot({ path: file });
  await context.close();
}
await browser.close();
