// An administrator invites a person, who accepts, keeps the recovery codes and signs in; the administrator sees both in the
// audit and checks that it is whole. SPDX-License-Identifier: GPL-3.0-or-later
import { demand, oneTimeCode, stepNow } from "./keyboard.mjs";

export async function travel(setOut, told) {
    const { guest } = told, administrator = await setOut("/admin");
    await administrator.signIn(told.account);
    await administrator.at("/admin");
    await administrator.go("People");
    await administrator.go("Invite a person");
    await administrator.fill("name", "No Such Näme");
    await administrator.go("Make the invitation");
    await administrator.isToldOf(/^a name to sign in with has 2 to 100 letters/i, "name");
    await administrator.press("Control+A");
    await administrator.page.keyboard.type(guest);
    await administrator.pick("role", told.role);
    await administrator.tabTo("name", "Shift+Tab"); // back, to read it once more
    demand(await administrator.page.evaluate(() => document.activeElement.value) === guest, "another name stands in the field");
    await administrator.go("Make the invitation");
    await administrator.demandWords(`${guest} is invited`);
    const [link] = await administrator.text("main code");

    const person = await setOut(new URL(link, told.address).pathname);
    await person.fill("password", told.account.password);
    await person.fill("again", "other words than these");
    await person.go("Accept the invitation");
    await person.isToldOf("Type the same password a second time", "again");
    const secret = (await person.text("main code"))[0].replace(/\s/g, "");
    await person.fill("password", told.account.password);
    await person.fill("again", told.account.password);
    const step = stepNow();
    await person.fill("code", oneTimeCode(secret, step));
    await person.go("Accept the invitation");
    await person.demandWords("Your account is ready");
    demand(new Set(await person.text("main li code")).size === 8, "not eight recovery codes");
    await person.go("Sign in");
    await person.signIn({ name: guest, password: told.account.password, secret }, step + 1); // a code is good once: the next one
    await person.at("/workbench");
    await person.menu(guest);
    await person.end();

    await administrator.menu("Administration");
    await administrator.go("People");
    await administrator.go(new RegExp(`^${guest}$`));
    await administrator.demandWords("active");
    await administrator.go("People");
    await administrator.go("Administration");
    await administrator.go("Audit");
    const rows = await administrator.text("main tbody tr");
    for (const what of ["account.invited", "account.accepted"]) {
        demand(rows.some((row) => row.includes(what)), `no row ${what} in ${rows.slice(0, 12).join(" / ")}`);
    }
    await administrator.go("Check whether it is whole");
    await administrator.demandWords(/No row was altered/);
    const [head] = await administrator.text("main code");
    await administrator.fill("head", head);
    await administrator.go("Compare");
    await administrator.demandWords(/The hash that you noted is that of row/);
    await administrator.end();
}
