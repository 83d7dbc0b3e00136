// An analyst releases a finding; somebody who has no account reads it, and how its figure was made. The analyst withholds it
// again, and it is gone. SPDX-License-Identifier: GPL-3.0-or-later
import { demand } from "./keyboard.mjs";

export async function travel(setOut, told) {
    const resident = await setOut("/");
    demand(!(await resident.text("main a")).includes(told.statement), "it is public before it is released");

    const analyst = await setOut("/workbench/findings");
    await analyst.signIn(told.account);
    await analyst.choose("release", told.before);
    await analyst.go("Show");
    await analyst.go(told.statement);
    await analyst.go("Save the decision");
    await analyst.isToldOf(/Choose whether/, "decision");
    await analyst.press("Space"); // the first choice: release it
    await analyst.go("Save the decision");
    await analyst.demandWords("released");

    await resident.visit("/");
    await resident.go(told.statement);
    await resident.at(/^\/findings\//);
    demand((await resident.text("h1"))[0] === told.statement, "another finding");
    await resident.demandWords("Does it hold?");
    await resident.go((await resident.text(".govuk-summary-list a"))[0]); // its method
    await resident.at(/^\/methods\//);
    await resident.menu("How figures are made");
    await resident.at("/how-figures-are-made");
    await resident.menu("Findings");
    demand((await resident.text("main .reeve-statement")).length === 1, "more than what was released");

    await analyst.pick("decision", "Withhold it");
    await analyst.fill("note", "Not before the board has met");
    await analyst.go("Save the decision");
    await analyst.demandWords(/Not before the board has met/);
    await analyst.end();
    await resident.menu("Findings");
    demand(!(await resident.text("main a")).includes(told.statement), "it is public though it is withheld");
    await resident.end();
}
