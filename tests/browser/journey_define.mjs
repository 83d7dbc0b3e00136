// Tries a definition that is wrong, then one that is right, sees what it would change, and adopts it.
// SPDX-License-Identifier: GPL-3.0-or-later
import { demand } from "./keyboard.mjs";

export async function travel(setOut, told) {
    const person = await setOut("/workbench/definition");
    await person.signIn(told.account);
    await person.go("See what a change would do");
    await person.fill("definition", "{}");
    await person.go("Show what it would change");
    await person.isToldOf(/the member "definition" is missing/, "definition");
    await person.press("Control+A");
    await person.page.keyboard.insertText(told.definition); // pasted
    await person.go("Show what it would change");
    await person.demandWords("Nothing has been changed yet");
    await person.fill("author", told.board);
    await person.go("Adopt this definition");
    await person.at("/workbench/definition");
    await person.demandWords(told.board); // who agreed it
    demand((await person.text("h1"))[0].includes(told.version), "the definition in force is another");
    await person.end();
}
