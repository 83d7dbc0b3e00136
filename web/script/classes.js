// web/script/classes.js — the classes of a map, by the rules of src/report/classes.c, so that the map that moves
// and the one that the page draws shade alike. SPDX-License-Identifier: GPL-3.0-or-later
const MOST = 5;

// ends[k] is the place after the last value of class k; empty classes are left out.
function fromEnds(values, ends, rule) {
    const classes = [];
    let from = 0;
    for (const end of ends) {
        if (end > from) {
            classes.push({ low: values[from], high: values[end - 1], areas: end - from });
            from = end;
        }
    }
    return { rule, classes };
}

function runs(values) {
    const ends = [];
    values.forEach((value, i) => {
        if (i + 1 === values.length || values[i + 1] > value) ends.push(i + 1);
    });
    return ends;
}

function equalEnds(values) {
    const step = (values.at(-1) - values[0]) / MOST, ends = [];
    let at = 0;
    for (let k = 0; k < MOST; k++) {
        while (at < values.length && (k + 1 === MOST || values[at] < values[0] + step * (k + 1))) at++;
        ends.push(at);
    }
    return ends;
}

function quantileEnds(values) {
    const ends = [];
    for (let k = 0; k < MOST; k++) {
        let end = Math.floor((values.length * (k + 1) + MOST - 1) / MOST);
        while (end < values.length && !(values[end] > values[end - 1])) end++;
        ends.push(end);
    }
    return ends;
}

function isEven(ends, n) {
    return ends.every((end, k) => end > (ends[k - 1] ?? 0) && 2 * (end - (ends[k - 1] ?? 0)) <= n);
}

export function chooseClasses(given) {
    const values = [...given].sort((a, b) => a - b), different = runs(values);
    if (different.length <= MOST) return fromEnds(values, different, "values");
    const equal = equalEnds(values);
    return isEven(equal, values.length) ? fromEnds(values, equal, "equal") : fromEnds(values, quantileEnds(values), "quantile");
}

export function findClass(classes, value) {
    const k = classes.findIndex((c) => value <= c.high);
    return k < 0 ? classes.length - 1 : k;
}

// Few classes take the ends of the ramp.
export function shadeOf(classes, k) {
    return classes.length > 1 ? Math.floor(k * (MOST - 1) / (classes.length - 1)) : 2;
}

export function number(value, decimals = 0) {
    return value.toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

// Two classes that meet must not seem to share a limit.
export function limits(classes, least) {
    let decimals = least;
    while (decimals < 6 && classes.some((c, k) => k > 0 && number(c.low, decimals) === number(classes[k - 1].high, decimals))) decimals++;
    return classes.map((c) => {
        const low = number(c.low, decimals), high = number(c.high, decimals);
        return low === high ? low : `${low} to ${high}`;
    });
}
