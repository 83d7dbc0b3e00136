// Runs an assessment as a job, reads a finding, and follows it to its table, to its records, and to why one of them counts.
// SPDX-License-Identifier: GPL-3.0-or-later
import { demand } from "./keyboard.mjs";

export async function travel(setOut, told, { hasScript }) {
    const person = await setOut("/workbench");
    await person.signIn(told.account);
    await person.go(/^Assessments: run one/);
    await person.choose("area", "Choose");
    await person.go("Run the assessment");
    await person.isToldOf("Choose the borough", "area");
    await person.choose("area", told.borough);
    await person.choose("template", told.template);
    for (const [field, month] of Object.entries(told.months)) await person.fill(field, month);
    await person.go("Run the assessment", false);
    await person.waitForJob(hasScript);
    await person.go("See the result");
    await person.at(/^\/workbench\/assessments\/\d+$/);
    await person.go("The findings that the workbench holds now");
    await person.go(told.statement);
    const [figure] = await person.text(".govuk-summary-list__value");
    await person.go("Open this table in Explore");
    await person.at("/workbench/explore");
    const number = figure.match(/^[\d,.]+/)[0], cells = await person.text("main .govuk-table td");
    demand(cells.includes(number), `the table has no ${number} of “${told.statement}”`);

    await person.go("Read records of these extracts, one by one");
    await person.at("/workbench/sql");
    await person.demandWords(/asks for offences of the extracts behind your table/);
    await person.go("Run the query");
    const [record] = await person.text(".reeve-cells tbody tr td:first-child");
    await person.go("why a record is in or out");
    await person.at("/workbench/definition/record");
    await person.fill("key", "no such key");
    await person.go("Show why");
    await person.isToldOf(/^No offence that you may see has this key/, "key");
    await person.press("Control+A");
    await person.page.keyboard.type(record);
    await person.go("Show why");
    const reasons = await person.text("main tbody tr");
    demand(reasons.length > 3 && reasons.every((row) => /\b(in|out|cannot be told)\b .{4}/.test(row)), `it is not said why: ${reasons.join(" / ")}`);
    await person.end();
}
