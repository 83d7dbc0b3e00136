// Chooses dimensions, conditions and a chart, and gives the address of the table to a colleague, who signs in and sees the
// same table. SPDX-License-Identifier: GPL-3.0-or-later
import { demand } from "./keyboard.mjs";

export async function travel(setOut, told) {
    const person = await setOut("/workbench");
    await person.signIn(told.account);
    await person.go("Explore");
    await person.go("Show the table");
    await person.isToldOf(/Choose what the rows/, "rows");
    await person.choose("rows", "Month"); // the focus is there: one round of the page leads back
    await person.choose("columns", "Offence group");
    await person.fill("period", "2022");
    await person.unfold("Conditions and finer choices");
    await person.choose("where", "Offence group");
    await person.fill("is", "burglary,theft");
    await person.go("Show the table");
    await person.choose("chart", told.chart);
    await person.go("Show the table");
    const table = () => person.text("main .govuk-table tr");
    const mine = await table();
    demand(mine.length > 12, `the table has only ${mine.length} rows`);
    demand(await person.page.locator(".reeve-figure svg:visible").count() === 1, "no chart, or two");
    for (const row of told.rows) demand(mine.some((line) => line.startsWith(row)), `no row ${row} in ${mine.join(" / ")}`);
    await person.go("The address of this table");
    const address = person.page.url();
    await person.end();

    const colleague = await setOut(address.replace(told.address, ""));
    await colleague.at("/sign-in");
    await colleague.signIn(told.colleague);
    demand(colleague.page.url() === address, `brought to ${colleague.page.url()}, not to ${address}`);
    demand(JSON.stringify(await colleague.text("main .govuk-table tr")) === JSON.stringify(mine), "the colleague sees another table");
    await colleague.end();
}
