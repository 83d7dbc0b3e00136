// Goes through a page whose faults are known: the journeys would see them. SPDX-License-Identifier: GPL-3.0-or-later
export async function travel(setOut) {
    const person = await setOut("/");
    await person.tabTo("The end");
    await person.go(/^On to a page/);
    await person.at("/error");
    await person.end();
}
