// Signs in with a one-time code, a wrong one first; signs out. SPDX-License-Identifier: GPL-3.0-or-later
import { demand, oneTimeCode } from "./keyboard.mjs";

export async function travel(setOut, told) {
    const { account } = told, person = await setOut("/workbench/findings");
    await person.at("/sign-in");
    await person.fill("name", account.name);
    await person.fill("password", account.password);
    const right = oneTimeCode(account.secret);
    await person.fill("code", right === "000000" ? "000001" : "000000");
    await person.go("Sign in");
    await person.isToldOf(/^Enter the name, password and one-time code of an account/, "name");
    demand(await person.page.inputValue("#name") === account.name, "the name is to be typed again");
    demand(await person.page.inputValue("#password") === "", "the password comes back in the page");
    await person.fill("password", account.password);
    await person.fill("code", oneTimeCode(account.secret));
    await person.go("Sign in");
    await person.at("/workbench/findings"); // where one wanted to go
    await person.menu(account.name);
    await person.at("/account");
    await person.go("Sign out");
    await person.at("/");
    await person.demandWords("Sign in");
    await person.visit("/workbench/findings");
    await person.at("/sign-in");
    await person.end();
}
