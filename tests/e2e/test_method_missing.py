"""One value of one column made missing, or no number, in every method: never a silent zero, never a claim.

The tables below give every method something to work on; a method without one fails here, and so does a column
that no table fills. Each column then loses the value of one row in turn. What may happen: the file is refused with the
row and the column, or there is an answer in which something is marked that was not marked before (a reason under
`missing`, a note, a count of what is missing). SPDX-License-Identifier: GPL-3.0-or-later
"""
import concurrent.futures
import copy
import json
import os
import unittest

import harness

AGES = ["0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64",
        "65-69", "70-74", "75-79", "80-84", "85-89", "90+"]
AREAS = ["Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel"]
COUNTS = [12, 30, 55, 8, 41, 90]
PEOPLE = [4000, 5000, 6000, 3500, 5200, 8000]
MONTHS = [f"{2019 + m // 12}-{m % 12 + 1:02}" for m in range(36)]
SERIES = [20 + (7 * i) % 9 + (6 if i % 12 > 6 else 0) for i in range(72)]
TWO = {"area": AREAS, "x1": COUNTS, "n1": PEOPLE, "x0": [20, 21, 60, 15, 30, 88], "n0": PEOPLE[::-1]}
GROUPS = {"case": ["a"] * 4, "group": ["White", "Black", "Asian", "Mixed"], "count": [700, 160, 90, 60],
          "pop": [70000, 6000, 9000, 4500], "not_recorded": [100] * 4}

# method -> list of (options, {input: {column: values}}); together they fill every column
TABLES = {
    "wilson": [({}, {"data": {"area": AREAS, "x": COUNTS, "n": PEOPLE, "level": [0.95] * 6, "multiplier": [100] * 6}})],
    "poisson-exact": [({}, {"data": {"area": AREAS, "count": COUNTS, "level": [0.9] * 6}})],
    "byar": [({}, {"data": {"area": AREAS, "count": COUNTS, "level": [0.9] * 6}})],
    "crude-rate": [({}, {"data": {"area": AREAS, "count": COUNTS, "population": PEOPLE, "level": [0.9] * 6,
                                  "multiplier": [1000] * 6}})],
    "dsr": [({}, {"data": {"area": ["Ash"] * 19 + ["Elm"] * 19, "ageband": AGES * 2, "count": list(range(3, 41)),
                           "pop": list(range(900, 1280, 10)), "stdpop": [5000] * 38}}),
            ({}, {"data": {"area": ["Ash"] * 19, "ageband": AGES, "count": list(range(3, 22)),
                           "pop": list(range(900, 1090, 10))},
                  "weights": {"ageband": AGES, "stdpop": list(range(5000, 6900, 100))}})],
    "isr": [({}, {"data": {"area": ["Ash"] * 19, "ageband": AGES, "count": list(range(3, 22)),
                           "pop": list(range(900, 1090, 10))},
                  "reference": {"ageband": AGES, "refcount": list(range(300, 490, 10)), "refpop": [90000] * 19}})],
    "funnel": [({}, {"data": {"area": AREAS, "numerator": COUNTS, "denominator": PEOPLE}}),
               ({"population": "derived"}, {"data": {"area": AREAS, "numerator": COUNTS, "target": [700] * 6,
                                                     "rate": [300, 600, 900, 200, 800, 1100]}})],
    "compare-benchmark": [({}, {"data": {"area": AREAS, "count": COUNTS, "population": PEOPLE, "benchmark": [600] * 6,
                                         "polarity": ["low_good"] * 6}})],
    "mean": [({}, {"data": {"area": ["Ash"] * 3 + ["Elm"] * 3, "values": [3.5, 4, 5, 9, 8.5, 7]}})],
    "diff-proportions": [({}, {"data": {"area": AREAS, "x1": COUNTS, "n1": PEOPLE, "x2": COUNTS[::-1], "n2": PEOPLE}})],
    "rate-ratio": [({}, {"data": TWO})],
    "e-test": [({}, {"data": TWO})],
    "concentration": [({"replicates": 99}, {"data": {"counts": COUNTS}})],
    "repeat-locations": [({"places": 40}, {"data": {"counts": COUNTS}})],
    "rate-ratio-ratio": [({}, {"data": {"name": AREAS[:3], "a1": [9, 20, 7], "a0": [11, 10, 7], "b1": [5, 12, 9],
                                         "b0": [8, 30, 9]}})],
    "ranks": [({}, {"data": {"area": AREAS, "count": COUNTS, "population": PEOPLE}}),
              ({"by": "rate"}, {"data": {"area": AREAS, "count": COUNTS, "population": PEOPLE}})],
    "decomposition": [({}, {"data": {"category": AREAS, "before": COUNTS, "after": [30, 35, 80, 10, 60, 99]}})],
    "kitagawa": [({}, {"data": {"group": AREAS, "events0": COUNTS, "pop0": PEOPLE, "events1": COUNTS[::-1],
                                "pop1": PEOPLE[::-1], "multiplier": [1000] * 6}})],
    "pop-vs-rate": [({}, {"data": {"area": AREAS, "count0": COUNTS, "pop0": PEOPLE, "count1": COUNTS[::-1],
                                   "pop1": PEOPLE[::-1]}})],
    "harm": [({}, {"data": {"area": ["Ash"] * 3 + ["Elm"] * 3, "period": ["2021"] * 6, "offence": ["a", "b", "c"] * 2,
                            "count": COUNTS, "weight": [10, 20.5, 300] * 2, "scheme": ["test 1"] * 6,
                            "population": [9000] * 3 + [8000] * 3}}),
             ({}, {"data": {"area": ["Ash"] * 3, "offence": ["a", "b", "c"], "count": [5, 6, 7],
                            "population": [9000] * 3},
                   "weights": {"offence": ["a", "b", "c"], "weight": [10, 20.5, 300], "scheme": ["test 1"] * 3}})],
    "disproportionality": [({"reference": "White"}, {"groups": GROUPS})],
    "bounds": [({"reference": "White"}, {"groups": GROUPS})],
    "reallocation": [({}, {"strata": {"groups": ["White", "Black"], "known": [[50, 9], [40, 12], [70, 8]],
                                      "missing": [12, 9, 20]}})],
    "pool": [({}, {"copies": {"q": [0.21, 0.25, 0.19, 0.22], "u": [0.001, 0.0012, 0.0009, 0.001]}})],
    "heaping": [({}, {"data": {"minute": list(range(1440)), "count": [5 + (900 if m == 1 else 0) for m in range(1440)]}}),
                ({}, {"data": {"time": [f"2024-01-{d:02}T{h:02}:{(7 * d) % 60:02}" for d in range(1, 29)
                                        for h in (9, 14, 21)]}})],
    "modal-hour": [({"replicates": 200}, {"data": {"hour": list(range(24)), "count": [9 + h for h in range(24)],
                                                   "without": [h % 3 for h in range(24)]}})],
    "recording-delay": [({}, {"data": {"committed": [f"2024-01-{1 + i % 25:02}" for i in range(60)],
                                       "recorded": [f"2024-0{1 + i % 3}-{1 + (3 * i) % 28:02}" for i in range(60)],
                                       "hour": [(5 * i) % 24 for i in range(60)]}})],
    "aoristic": [({}, {"data": {"start": [f"2024-01-{d:02}T22:10" for d in range(1, 21)],
                                "end": [f"2024-01-{d + 1:02}T03:40" for d in range(1, 21)]}})],
    "circular": [({}, {"data": {"hours": [1, 2.5, 22, 23.5, 14, 3], "weights": [1, 2, 3, 1, 1, 2]}})],
    "seasonality": [({}, {"data": {"date": [f"{y}-{m:02}-{d:02}" for y in (2021, 2022, 2023) for m in range(1, 13)
                                            for d in (1, 28 if m == 2 else 30)],
                                   "count": SERIES}}),
                    ({}, {"data": {"time": [f"2023-{m:02}-{d:02}T{h:02}:15" for m in range(1, 13) for d in (1, 9, 28)
                                            for h in (1, 13)]}})],
    "stl": [({}, {"data": {"y": SERIES}})],
    "changepoint": [({}, {"data": {"x": SERIES[:30] + [s + 30 for s in SERIES[:30]], "exposure": [30, 31, 28] * 20}})],
    "alerts": [({}, {"data": {"count": (SERIES * 5)[:320]}})],
    "rake": [({"answer": "unsafe"},
              {"respondents": {"id": [f"r{i}" for i in range(12)], "start_weight": [1, 1.5, 2] * 4,
                               "age": ["young", "old", "old"] * 4, "sex": ["F", "M"] * 6, "unsafe": [0, 1, 1, 1] * 3},
               "margins": {"var": ["age", "age", "sex", "sex"], "level": ["young", "old", "F", "M"],
                           "pop": [4000, 6000, 5100, 4900]}}),
             ({}, {"respondents": {"seed": [[10, 20], [30, 40]], "row": [40, 60], "col": [45, 55]}})],
    "weighted-share": [({}, {"respondents": {"answer": [1, 0, 1, 1, 0, 1, 0, 0], "weight": [1, 2, 1, 3, 1, 1, 2, 1],
                                             "group": ["a"] * 4 + ["b"] * 4}})],
    "representativeness": [({}, {"categories": {"var": ["age"] * 3, "level": ["young", "middle", "old"],
                                                "count": [9, 20, 30], "pop": [3000, 5000, 4000]}})],
    "apportion": [({}, {"pieces": {"source": ["s1", "s1", "s2", "s2"], "target": ["t1", "t2", "t1", "t2"],
                                   "population": [100, 300, 50, 60], "area": [5, 5, 2, 3]},
                        "sources": {"source": ["s1", "s2"], "count": [40, 31]}}),
                  ({"basis": "area"}, {"pieces": {"source": ["s1", "s1", "s2", "s2"], "target": ["t1", "t2", "t1", "t2"],
                                                  "area": [5, 5, 2, 3]},
                                       "sources": {"source": ["s1", "s2"], "count": [40, 31]}})],
    "control-chart": [({"kind": "u"}, {"data": {"period": MONTHS, "x": SERIES[:36], "n": [30, 31, 28] * 12},
                                       "phases": {"from": ["2020-06", "2021-03"], "reason": ["one", "another"]}})],
    "wdd": [({}, {"areas": {"role": ["treated", "comparison", "displacement", "displacement-comparison"],
                            "before": [207, 308, 178, 150], "after": [110, 318, 157, 140], "size": [1, 1.5, 1, 2]}})],
}

# Words that are no numbers, whatever a C library makes of them.
NO_NUMBERS = ["NaN", "nan", "inf", "-Infinity", "1e999", "-nan(0x1)", "0x1p4", "#N/A", "\u2014"]
MISSING = ["", " ", "NA"]


def walk(value, place=()):
    """Every object of an answer, with its place."""
    if isinstance(value, dict):
        yield place, value
        for key, inner in value.items():
            yield from walk(inner, place + (key,))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from walk(inner, place + (i,))


def no_constants(word):
    raise AssertionError(f"the answer has {word}")


class Missing(harness.Case):
    def files(self, tables, name):
        words = []
        for which, columns in tables.items():
            path = self.dir / f"{name}-{which}"
            if any(isinstance(v, list) for values in columns.values() for v in values):
                path.write_text(json.dumps(columns))
            else:
                longest = max(len(v) for v in columns.values())
                rows = [[str(v[i]) if i < len(v) else "" for v in columns.values()] for i in range(longest)]
                path.write_text("\n".join(",".join(f'"{c}"' for c in r) for r in [list(columns), *rows]) + "\n")
            words += ["--in", f"{which}={path}"]
        return words

    def answer(self, method, options, tables, name):
        words = [w for key, value in options.items() for w in ("--opt", f"{key}={value}")]
        return harness.run("method", "run", method, *self.files(tables, name), *words)

    def parse(self, result):
        return json.loads(result.out, parse_constant=no_constants)

    def places(self, method):
        """(option set, input, column, row) of every value that can be taken away, three rows a column."""
        for k, (_, tables) in enumerate(TABLES[method]):
            for which, columns in tables.items():
                for column, values in columns.items():
                    for row in sorted({0, len(values) // 2, len(values) - 1}):
                        yield k, which, column, row

    def planted(self, method, k, which, column, row, word):
        options, tables = TABLES[method][k]
        tables = copy.deepcopy(tables)
        values = tables[which][column]
        if isinstance(values[row], list):
            values[row][0] = None if word in MISSING else word
        elif any(isinstance(v, list) for vs in tables[which].values() for v in vs):
            values[row] = None if word in MISSING else word
        else:
            values[row] = word
        return options, tables

    def outputs(self, root, shown):
        """Answers without what is repeated from the input."""
        names = {o["name"] for o in shown["outputs"]}
        return {(place, key): value for place, obj in walk(root) for key, value in obj.items() if key in names}

    def marks(self, root):
        reasons = {(place, key) for place, obj in walk(root) if isinstance(obj.get("missing"), dict)
                   for key in obj["missing"]}
        return reasons, set(root["notes"])

    def check_nulls(self, root, shown, where):
        names = {(o["in"], o["name"]) for o in shown["outputs"]}
        for place, obj in walk(root):
            table = next((p for p in place if isinstance(p, str) and p != "cases"), "")
            for key, value in obj.items():
                if value is None and (table, key) in names:
                    self.assertTrue(obj.get("missing", {}).get(key), f"{where}: {place} {key} is null without a reason")

    def is_marked(self, base, got, shown):
        if self.marks(got)[0] - self.marks(base)[0] or self.marks(got)[1] - self.marks(base)[1]:
            return True
        counted = {o["name"] for o in shown["outputs"]
                   if any(w in o["name"] for w in ("missing", "not_recorded", "known", "invalid", "unknown"))}
        old, new = self.outputs(base, shown), self.outputs(got, shown)
        return any(key[1] in counted and old.get(key) != value for key, value in new.items())

    def claims(self, base, got, shown, row):
        """Flags of the row itself that were not there before its value was taken away."""
        names = {o["name"] for o in shown["outputs"] if o["type"] == "flag"}
        old, new = base.get("rows"), got.get("rows")
        if not old or not new or len(old) != len(new) or row >= len(new):
            return []
        return [n for n in names if new[row].get(n) is True and old[row].get(n) is False]

    def one(self, method, shown, bases, place, word):
        k, which, column, row = place
        where = f"{method} {TABLES[method][k][0]} {which}.{column} row {row + 1}: {word!r}"
        options, tables = self.planted(method, k, which, column, row, word)
        name = f"{k}-{which}-{column}-{row}-{(MISSING + NO_NUMBERS).index(word)}"
        result = self.answer(method, options, tables, name)
        self.assertIn(result.status, (0, 3), f"{where}\n{result.err}")
        if result.status == 3:
            self.assertEqual(result.out, "", where)
            return self.refusal(result.err, column, row, where)
        got = self.parse(result)
        self.check_nulls(got, shown, where)
        claims = self.claims(bases[k], got, shown, row)
        if claims:
            return f"{where}: {claims} became true"
        if word in NO_NUMBERS:
            return f"{where}: no number, and it was taken"
        if not self.is_marked(bases[k], got, shown):
            return f"{where}: nothing is marked"
        return self.silent_zero(method, shown, place, bases[k], got, where)

    def silent_zero(self, method, shown, place, base, got, where):
        """An answer that would be the same with a 0 in the empty cell."""
        k, which, column, row = place
        types = {(i["name"], c["name"]): c["type"] for i in shown["inputs"] for c in i["columns"]}
        if types.get((which, column)) not in ("count", "amount", "real"):
            return None
        options, tables = self.planted(method, k, which, column, row, "0")
        new = self.outputs(got, shown)
        own = [v for (place, key), v in new.items() if place == ("rows", row)]
        if new == self.outputs(base, shown) or (own and not any(v is not None for v in own)):
            return None  # it has no part in the answer, or its row has none
        if self.marks(got)[0] - self.marks(base)[0]:
            return None  # something is not available for want of it, as it would be for a 0
        zero = self.answer(method, options, tables, f"zero-{k}-{which}-{column}-{row}")
        if zero.status == 0 and self.outputs(self.parse(zero), shown) == new:
            return f"{where}: the same answer as for 0"
        return None

    def refusal(self, err, column, row, where):
        numbers = {f"line {row + 2}", f"row {row + 1}", f"row {row + 1},", f"item {row + 1}", f"value {row + 1}"}
        named = any(n in err for n in numbers)
        return None if named and column in err else f"{where}: refused without its row and column: {err.strip()[-160:]}"

    def method(self, name):
        shown = self.ok("method", "show", name, "--json").json()
        texts = {(i["name"], c["name"]) for i in shown["inputs"] for c in i["columns"] if c["type"] == "text"}
        bases = []
        for k, (options, tables) in enumerate(TABLES[name]):
            result = self.answer(name, options, tables, f"base-{k}")
            self.assertEqual(result.status, 0, f"{name}: {result.err}")
            bases.append(self.parse(result))
            self.check_nulls(bases[-1], shown, name)
        jobs, done = [], set()
        for place in self.places(name):
            is_text = (place[1], place[2]) in texts or place[2] in ("age", "sex", "unsafe")
            jobs.append((place, ""))
            if not is_text and place[:3] not in done:  # the words are read alike in every row
                at = len(done)
                done.add(place[:3])
                jobs += [(place, w) for w in (MISSING[1 + at % 2], "NaN", NO_NUMBERS[1 + at % (len(NO_NUMBERS) - 1)])]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            faults = list(pool.map(lambda job: self.one(name, shown, bases, *job), jobs))
        return [f for f in faults if f]

    def test_every_method_has_a_table_that_fills_its_columns(self):
        listed = [m["name"] for m in self.ok("method", "list", "--json").json()]
        self.assertEqual(sorted(listed), sorted(TABLES))
        for name in listed:
            shown = self.ok("method", "show", name, "--json").json()
            wanted = {(i["name"], c["name"]) for i in shown["inputs"] for c in i["columns"]} - {("respondents", "*")}
            filled = {(i, c) for _, tables in TABLES[name] for i, columns in tables.items() for c in columns}
            self.assertEqual(wanted - filled, set(), name)


def add(name):
    def test(self):
        faults = self.method(name)
        if faults:
            self.fail("\n".join(faults[:40]))
    test.__doc__ = f"{name}: one value of each column taken away"
    setattr(Missing, f"test_{name.replace('-', '_')}", test)


for method_name in TABLES:
    add(method_name)

if __name__ == "__main__":
    harness.main()
