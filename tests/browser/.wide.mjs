import { chromium } from "playwright-core";
const [address, cookie, out, ...paths] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: "/usr/lib/chromium/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const c = await browser.newContext({ viewport: { width: 320, height: 700 } });
const [name, value] = cookie.split("="); if (value) await c.addCookies([{ name, value, url: address }]);
const p = await c.newPage();
for (const path of paths) { await p.goto(address + path);
 console.log(path, await p.evaluate(() => [document.scrollingElement.scrollWidth, ...[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 321 && !e.closest(".reeve-scroll")).slice(0,6).map((e) => e.outerHTML.slice(0,150)+" "+e.getBoundingClientRect().right)])); }
await browser.close();
