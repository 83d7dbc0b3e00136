// Asks the records in SQL: a query that is wrong, one that is right, an example. SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from "node:fs";
import { demand } from "./keyboard.mjs";

export async function travel(setOut, told) {
    const person = await setOut("/workbench");
    await person.signIn(told.account);
    await person.go("Ask the records in SQL");
    await person.at("/workbench/sql");
    await person.fill("sql", "SELECT nothing FROM offences");
    await person.go("Run the query");
    await person.isToldOf(/nothing/, "sql");
    await person.press("Control+A");
    await person.page.keyboard.type(told.sql);
    await person.go("Run the query");
    const shown = (await person.text(".reeve-cells tbody tr")).join(" / "), right = told.rows.map((row) => row.join(" ")).join(" / ");
    demand(shown === right, `the page says ${shown}, the command ${right}`);
    await person.tabTo("Answer"); // a table wider than the page is reached, to be scrolled
    const file = readFileSync(await person.download("Download CSV"), "utf8");
    demand(file.trim().split(/\r?\n/).length === told.rows.length + 1, "the file has other rows");
    await person.go("Offences by month");
    demand((await person.page.inputValue("#sql")).includes("GROUP BY month"), "the example does not stand in the field");
    await person.end();
}
