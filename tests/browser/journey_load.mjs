// Sends a file whose layout nobody knows, corrects what the assistant takes it for, brings it in as a job, reads which rows
// were set aside, mends them and sends the file again. SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demand } from "./keyboard.mjs";

const GROUPS = ["personal-robbery", "burglary", "gbh"];

// A layout of its own for each way, so that the second does not find it known.
function records(key) {
    const rows = [[`Our number ${key}`, "Day told", "Sort", "Small area", "Corner"]];
    for (let i = 0; i < 60; i++) {
        const two = (n) => String(n).padStart(2, "0");
        rows.push([`${key}-${two(i)}`, `${two(1 + i % 28)}/${two(1 + i % 6)}/2021`, GROUPS[i % 3],
            `E0199${String(1 + i % 20).padStart(4, "0")}`, ["Hop Street", "Mill Lane", "Old Road", "Ford Way"][i % 4]]);
    }
    return rows;
}

const csv = (rows) => rows.map((row) => row.join(",") + "\r\n").join("");

// The list of rows set aside, by the names of its columns. Its cells hold quotes and commas.
function readList(text) {
    const rows = [...text.trim().split(/\r?\n/)].map((line) => [...line.matchAll(/("((?:[^"]|"")*)"|[^,]*)(?:,|$)/g)]
        .map((m) => m[2]?.replaceAll('""', '"') ?? m[1]));
    const [header, ...cells] = rows;
    return cells.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]])));
}

async function rowsOf(person, name) { // of the account of an extract: what became of every row
    const [row] = await person.page.locator("main tbody tr").filter({ has: person.page.getByRole("rowheader", { name, exact: true }) }).all();
    return Number((await row.locator("td").first().innerText()).replaceAll(",", ""));
}

async function describe(person, key) {
    await person.at(/^\/workbench\/data\/uploads\/[^/]+$/);
    await person.demandWords("No profile knows this layout");
    await person.choose("kind", "offences");
    await person.tabTo("Columns"); // wide tables are reached and scrolled
    const label = await person.page.locator("label", { hasText: "What Corner is" }).getAttribute("for");
    await person.choose(label, "venue_name");
    for (let i = 0; i < 6 && !person.path().endsWith("/import"); i++) {
        if (i > 0) { // what only a person can say
            for (const select of await person.page.locator("select[id^=q]").all()) {
                const id = await select.getAttribute("id"), chosen = await select.evaluate((e) => e.selectedIndex);
                if (chosen === 0) await person.choose(id, (await select.evaluate((e) => e.options[1].text)).trim());
            }
        }
        await person.go("Check the rows");
    }
    await person.at(/\/import$/);
    demand((await person.text("tbody tr")).some((t) => /^venue_name Corner/.test(t)), "the preview does not follow the correction");
}

async function bringIn(person, told, profile) {
    await person.fill("supplier", "Synthetic Police");
    await person.go("Import");
    await person.isToldOf(/^Choose on what terms/, "agreement"); // on what terms it came is for a person to say
    await person.choose("agreement", "Open data, published for anyone");
    if (profile) await person.fill("profile-name", profile);
    await person.go("Import", false);
    const said = await person.waitForJob(told.isPatient);
    await person.go("See the result");
    await person.at(/^\/workbench\/data\/\d+$/);
    return said;
}

async function send(person, file) {
    await person.give("file", file);
    await person.go("Send");
}

export async function travel(setOut, told, { key, hasScript }) {
    const prefix = told.prefix, rows = records(prefix), broken = structuredClone(rows), file = join(told.out, `${key}.csv`);
    broken[8][1] = "31/02/2021";
    broken[21][1] = "45/45/2021";
    broken[34][2] = "zz-9";
    writeFileSync(file, csv(broken));
    told.isPatient = hasScript;

    const person = await setOut("/workbench/data");
    await person.signIn(told.account);
    await person.go("Send a file");
    await person.go("Send");
    await person.isToldOf("Choose a file", "file");
    await send(person, file);
    await describe(person, key);
    await bringIn(person, told, `layout-${key}`);
    const aside = await rowsOf(person, "Set aside");
    await person.demandWords(/“zz-9” in Sort is not one of the words that are known/);
    await person.go(/^Rows set aside, and why: \d+$/);
    const list = readList(readFileSync(await person.download("Download the list"), "utf8"));
    demand(list.length === aside && aside > 0, `the list has ${list.length} rows, the page says ${aside}`);

    // As she would in a spreadsheet: each cell that is named there, from what the supplier has.
    const mended = structuredClone(broken);
    for (const { line, column } of list) {
        const at = Number(line) - 1, cell = rows[0].indexOf(column);
        demand(rows[at] && cell >= 0, `the list names line ${line}, column ${column}, which the file has not`);
        mended[at][cell] = rows[at][cell];
    }
    mended[34][2] = rows[34][2]; // of which the extract's page tells
    demand(csv(mended) === csv(rows), "what is broken is not what the pages name");
    writeFileSync(file.replace(".csv", "-mended.csv"), csv(mended));
    await person.go("Send the mended file");
    await send(person, file.replace(".csv", "-mended.csv"));
    await person.at(/\/import$/); // the layout is known now
    await bringIn(person, told);
    demand(await rowsOf(person, "Set aside") === 0, "rows are set aside still");
    demand(await rowsOf(person, "Read") === rows.length - 1, "not every row was read");
    await person.end();
}
