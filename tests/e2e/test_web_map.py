#!/usr/bin/env python3
"""The map: its numbers are a plain recount of the CSV, whatever hours and months; what its script reads adds up to them.

Everything is synthetic, all people are made up. SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv
import json
import pathlib
import random
import subprocess
import tempfile
import unittest
import urllib.parse

from harness import SYNTH, bring_areas, must, run
from service import Person, Service, add_people, enter, enter_all

ANALYST = "analyst@borough.example"
BOROUGHS, ASIDE = ["E09000016", "E09000002", "E09000026", "E09000004"], "00:01"
SPANS = [(None, None), (22, 4), (0, 24), (9, 17), (23, 24), (0, 1), (5, 5), (23, 1)]
MONTHS = [(None, None), ("2022-03", "2022-06"), ("2022-01", "2022-01"), ("2022-01", "2022-12")]


def setUpModule():
    global folder, file, service, people, rows
    folder = tempfile.TemporaryDirectory()
    home = pathlib.Path(folder.name)
    london, file = home / "london", home / "borough.reeve"
    subprocess.run([SYNTH, london, "--small"], check=True, stdout=subprocess.DEVNULL)
    must("new", file, "--synthetic")
    bring_areas(file, london)
    must("import", file, *sorted(london.glob("population-*.csv")), "--as", "population")
    must("import", file, *sorted(london.glob("lookup-*.csv")), "--as", "lookup")
    must("import", file, london / "mps-borough-level-crime.csv")
    rows = made_up()
    must("import", file, written(home / "offences.csv", rows), "--as", "offences", "--period", "2021-01..2022-12")
    add_people(file)
    service = Service(file)
    people = enter_all(service)


def tearDownModule():
    service.__exit__(None, None, None)
    folder.cleanup()


def made_up():
    """(borough, day, time of day) of each record: a tenth at 00:01, some without a time or a place."""
    chance, out = random.Random(22), []
    for _ in range(9000):
        month, day = chance.randrange(24), chance.randrange(1, 27)
        date = f"{2021 + month // 12}-{month % 12 + 1:02}-{day:02}"
        kind = chance.random()
        hour = chance.randrange(24)
        clock = None if kind < 0.05 else ASIDE if kind < 0.15 else f"{hour:02}:{chance.randrange(60):02}"
        out.append((chance.choice(BOROUGHS) if kind < 0.99 else "", date, clock))
    return out


def written(path, records):
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["offence_id", "recorded_at", "committed_from", "offence_group", "category", "borough_code"])
        for number, (borough, date, clock) in enumerate(records):
            writer.writerow([f"m{number}", date, f"{date}T{clock}" if clock else date, "abh", "Violence", borough])
    return path


def asked(**words):
    return {name.replace("_", "-"): value for name, value in words.items() if value is not None}


def address(question, what=""):
    return f"/workbench/map{what}?" + urllib.parse.urlencode(question)


def page(question, who="analyst"):
    answer = people[who].get(address(question), Accept="application/json")
    return answer.status, json.loads(answer.text)


def counts(shown):
    """Boroughs and their counts as the page's table has them."""
    at = next(k for k, head in enumerate(shown["table"]["heads"]) if head["words"] == "Count")
    return {line["cells"][0].get("code", "unplaced"): int(line["cells"][at]["words"].replace(",", ""))
            for line in shown["table"]["lines"]}


def recount(hours, months, period="2022"):
    found = collections.Counter()
    for borough, date, clock in rows:
        month = date[:7]
        if not month.startswith(period) or (months[0] and not months[0] <= month <= months[1]):
            continue
        if is_part(hours):
            if clock is None or clock == ASIDE:
                continue
            hour, (start, end) = int(clock[:2]), hours
            if not (start <= hour < end if start < end else hour >= start or hour < end):
                continue
        found[borough or "unplaced"] += 1
    return found


def is_part(hours):
    return hours[0] is not None and hours[0] % 24 != hours[1] % 24


class Numbers(unittest.TestCase):
    def test_hours_and_months_are_a_plain_recount(self):
        for hours in SPANS:
            for months in MONTHS:
                with self.subTest(hours=hours, months=months):
                    status, shown = page(asked(rows="borough", period="2022", hour_from=hours[0], hour_to=hours[1],
                                               month_from=months[0], month_to=months[1]))
                    self.assertEqual(status, 200)
                    self.assertEqual(+collections.Counter(counts(shown)), recount(hours, months))

    def test_what_the_script_reads_adds_up_to_the_page(self):
        answer = people["analyst"].get(address(asked(rows="borough", period="2022"), "/table.json"))
        self.assertEqual(answer.status, 200, answer.text[:300])
        data = json.loads(answer.text)
        self.assertEqual((data["first"], data["months"], data["whole"]), ("2022-01", 12, True))
        for hours, months in ((SPANS[1], MONTHS[1]), (SPANS[3], MONTHS[0]), (SPANS[0], MONTHS[2])):
            first, last = (int(m[5:]) - 1 if m else e for m, e in zip(months, (0, 11)))
            wanted = {}
            for code, area in data["areas"].items():
                triples = zip(*[iter(area["cells"])] * 3)
                start, end = hours if is_part(hours) else (0, 0)
                wanted[code] = sum(n for month, hour, n in triples if first <= month <= last and (
                    not is_part(hours) or (hour < 24 and (start <= hour < end if start < end else hour >= start or hour < end))))
            got = counts(page(asked(rows="borough", period="2022", hour_from=hours[0], hour_to=hours[1],
                                    month_from=months[0], month_to=months[1]))[1])
            self.assertEqual({code: n for code, n in wanted.items() if code in got}, got)
            self.assertEqual(sum(wanted.values()), sum(got.values()))

    def test_the_page_says_how_many_have_no_usable_time(self):
        shown = page(asked(rows="borough", period="2022", hour_from=22, hour_to=4, month_from="2022-03", month_to="2022-06"))[1]
        times = [clock for _, date, clock in rows if "2022-03" <= date[:7] <= "2022-06"]
        self.assertEqual(shown["clock"], {"months": "March to June 2022", "aside": str(times.count(ASIDE)), "none": str(times.count(None))})
        self.assertIn(f"no usable time is recorded: {times.count(ASIDE) + times.count(None)}.", shown["summary"])
        self.assertTrue(any("set aside: 00:01." in note for note in shown["notes"]))

    def test_one_more_record_changes_the_answer(self):
        question = asked(rows="borough", period="2022", hour_from=22, hour_to=4)
        home = pathlib.Path(folder.name)
        before = counts(page(question)[1])
        changed = list(rows)
        at = next(i for i, (borough, date, clock) in enumerate(rows) if borough and date > "2022" and clock and clock > "23")
        changed[at] = (*rows[at][:2], "12:34")  # from the night into the day
        copy = home / "copy.reeve"
        must("new", copy, "--synthetic")
        bring_areas(copy, home / "london")
        must("import", copy, written(home / "changed.csv", changed), "--as", "offences", "--period", "2021-01..2022-12")
        add_people(copy, {ANALYST: "analyst"})
        with Service(copy) as other:
            answer = enter(other, ANALYST).get(address(question), Accept="application/json")
            after = counts(json.loads(answer.text))
        difference = {code: before[code] - after[code] for code in before if before[code] != after[code]}
        self.assertEqual(difference, {rows[at][0]: 1})

    def test_rates_are_of_whole_days(self):
        question = asked(rows="borough", period="2022", value="rate", month_from="2022-01", month_to="2022-06")
        shown = page(question)[1]
        heads = [head["words"] for head in shown["table"]["heads"]]
        self.assertTrue(any(words.startswith("Rate") for words in heads), heads)
        made = must("table", file, "--by", "borough", "--period", "2022-01..2022-06", "--format", "json").json()
        at = next(k for k, words in enumerate(heads) if words.startswith("Rate"))
        got = {line["cells"][0].get("code"): line["cells"][at]["words"] for line in shown["table"]["lines"]}
        for row in made["rows"]:
            if row["rate"] is not None:
                self.assertEqual(got[row["borough"]], f"{row['rate']:,.1f}")
        status, refused = page(question | {"hour-from": 1, "hour-to": 2})
        self.assertEqual((status, refused["faults"][0]["field"]), (422, "value"))
        heads = [head["words"] for head in page(asked(rows="borough", period="2022", hour_from=1, hour_to=2))[1]["table"]["heads"]]
        self.assertEqual(heads, ["Borough", "Count"])


class Around(unittest.TestCase):
    def test_the_page_is_whole_without_script(self):
        shown = people["analyst"].get(address(asked(rows="borough", period="2022", hour_from=22, hour_to=4))).text
        self.assertEqual(shown.count('role="img"'), 2)  # for a desk and for a phone
        self.assertIn("Boundaries: borough, vintage 2018", shown)
        self.assertIn('<th scope="row"', shown)
        self.assertNotIn("style=", shown.split("<svg")[0])

    def test_what_was_not_available_is_never_nought(self):
        shown = page(asked(rows="borough", period="2031"))[1]
        self.assertTrue(shown["summary"].endswith("2031: not available."), shown["summary"])
        self.assertFalse(any(cell["words"] == "0" for line in shown["table"]["lines"] for cell in line["cells"]))

    def test_the_same_question_in_explore(self):
        question = asked(rows="borough", period="2022", hour_from=22, hour_to=4, month_from="2022-03", month_to="2022-06")
        shown = page(question)[1]
        explore = json.loads(people["analyst"].get("/workbench/explore?" + shown["query"], Accept="application/json").text)
        self.assertEqual(explore["command"], shown["command"])
        self.assertEqual(counts(explore), counts(shown))
        words = shown["command"].split()[3:]
        made = must("table", file, *words, "--format", "json").json()
        self.assertEqual({r["borough"]: r["count"] for r in made["rows"]}, counts(shown))
        plain = people["analyst"].get("/workbench/explore?rows=borough&period=2022").text
        self.assertIn('href="/workbench/map?rows=borough&amp;period=2022"', plain)
        self.assertIn('href="/workbench/map"', people["analyst"].get("/workbench").text)

    def test_explore_draws_maps_too(self):
        drawn = people["analyst"].get("/workbench/explore?rows=borough&period=2022&chart=map").text
        self.assertEqual(drawn.count('role="img"'), 2)  # for a desk and for a phone
        self.assertIn("Boundaries: borough, vintage 2018", drawn)
        crossed = people["analyst"].get("/workbench/explore?rows=borough&columns=year&period=2022&chart=map")
        self.assertEqual(crossed.status, 422)
        offered = json.loads(people["analyst"].get("/workbench/explore?rows=month&period=2022", Accept="application/json").text)
        self.assertNotIn("map", [chart["id"] for chart in offered["charts"]])

    def test_refusals_stand_at_their_fields(self):
        for question, field in (({"hour-from": "22"}, "hour-to"), ({"hour-from": "x", "hour-to": "3"}, "hour-from"),
                                ({"hour-from": "3", "hour-to": "25"}, "hour-to"), ({"month-from": "2022-03"}, "month-to"),
                                ({"month-from": "2022-06", "month-to": "2022-03"}, "month-to"),
                                ({"period": "2022", "month-from": "2021-12", "month-to": "2022-01"}, "month-from"),
                                ({"period": "2022-13"}, "period"), ({"rows": "msoa"}, "rows"), ({"area": "E1"}, "area"),
                                ({"kind": "survey"}, "kind"), ({"value": "share"}, "value"),
                                ({"kind": "area-counts", "hour-from": 1, "hour-to": 2}, "kind")):
            for what in ("", "/table.json"):
                with self.subTest(question=question, what=what):
                    answer = people["analyst"].get(address(question, what), Accept="application/json")
                    self.assertEqual(answer.status, 422)
                    self.assertEqual(json.loads(answer.text)["faults"][0]["field"], field)
                    shown = people["analyst"].get(address(question)).text
                    self.assertTrue(f'id="{field}"' in shown, field)

    def test_too_large_to_move_is_still_drawn(self):
        answer = people["analyst"].get(address({"rows": "ward"}, "/table.json"), Accept="application/json")
        self.assertEqual(answer.status, 422)
        self.assertIn("too large to be moved", json.loads(answer.text)["faults"][0]["message"])
        self.assertIn("<svg", people["analyst"].get(address({"rows": "ward"})).text)

    def test_rights_and_audit(self):
        for what in ("", "/table.json"):
            self.assertEqual(Person(service).get(address({}, what)).status, 303)
            for person in people.values():
                self.assertEqual(person.get(address({"rows": "borough", "period": "2022"}, what)).status, 200)
        before = len(must("audit", file, "export", "--json").json())
        people["partner"].get(address({"rows": "borough", "hour-from": 1, "hour-to": 2}))  # looking is not noted
        people["partner"].get(address({"rows": "borough"}, "/table.json"))
        noted = must("audit", file, "export", "--json").json()[before:]
        self.assertEqual([row["subject"] for row in noted if row["action"] == "table.export"], ["offences by borough,month,usable-hour, json"])

    def test_a_file_without_boundaries_says_what_to_do(self):
        home = pathlib.Path(folder.name)
        bare = home / "bare.reeve"
        must("new", bare)
        add_people(bare, {ANALYST: "analyst"})
        with Service(bare) as other:
            person = enter(other, ANALYST)
            shown = person.get("/workbench/map")
            self.assertEqual(shown.status, 200)
            self.assertIn("reeve areas FILE PATH --type ward", shown.text)
            self.assertNotIn("<form method=\"get\"", shown.text)
            self.assertEqual(person.get("/workbench/map/table.json", Accept="application/json").status, 422)
        self.assertEqual(run("areas", bare).status, 2)  # the command that the page names is there


if __name__ == "__main__":
    unittest.main()
