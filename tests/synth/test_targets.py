#!/usr/bin/env python3
"""The synthetic London meets its targets, whatever the seed; other targets give another London.

Five Londons are made and read whole: minutes. SPDX-License-Identifier: GPL-3.0-or-later
"""
import copy
import hashlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import check_claims  # noqa: E402
import check_targets  # noqa: E402
import derive  # noqa: E402

ROOT = HERE.parent.parent
SYNTH = os.environ.get("REEVE_SYNTH", str(ROOT / "build" / "reeve-synth"))
STRATEGY = ROOT / "synth" / "targets" / "havering.json"


def synth(folder, *words):
    return subprocess.run([SYNTH, str(folder), *map(str, words)], capture_output=True, text=True, timeout=900)


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="reeve-synth-")
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)

    def london(self, *words):
        made = synth(self.dir / "london", *words)
        self.assertEqual(made.returncode, 0, made.stderr)
        return self.dir / "london"

    def tables(self, london, targets):
        """The loaded London and the tables that are not met."""
        shown = io.StringIO()
        loaded, result = check_targets.check_all(london, targets, shown)
        return loaded, result.failed, shown.getvalue()

    def claims(self, loaded):
        return [name for name, is_met, _ in check_claims.check_all(loaded, io.StringIO()) if not is_met]


class EverySeed(Case):
    def meets_all(self, *words):
        loaded, failed, shown = self.tables(self.london(*words), STRATEGY)
        self.assertEqual(failed, [], shown)
        self.assertEqual(self.claims(loaded), [])
        return loaded

    def test_the_usual_seed(self):
        self.meets_all()

    def test_a_second_seed(self):
        self.meets_all("--seed", 7)

    def test_a_third_seed(self):
        self.meets_all("--seed", 123456789)


class OtherTargets(Case):
    """Targets are changed by what is counted in a London that meets the first set."""

    def follows(self, change, seed, must_fail, must_fail_claims):
        strategy = json.loads(STRATEGY.read_text())
        loaded, _, _ = self.tables(self.london("--seed", seed), STRATEGY)
        other = self.dir / "other.json"
        other.write_text(json.dumps(change(loaded, copy.deepcopy(strategy))))
        del loaded
        loaded, failed, shown = self.tables(self.london("--seed", seed, "--targets", other), other)
        self.assertEqual(failed, [], shown)
        # The old tables and the old claims no longer hold.
        result = check_targets.Check(io.StringIO())
        for part in (check_targets.check_offences, check_targets.check_wards, check_targets.check_times,
                     check_targets.check_persons, check_targets.check_boroughs):
            part(result, loaded, strategy)
        for name in must_fail:
            self.assertIn(name, result.failed)
        missed = self.claims(loaded)
        for name in must_fail_claims:
            self.assertIn(name, missed)
        return missed

    def test_moved_wards_hours_and_years(self):
        missed = self.follows(
            derive.moved, 11,
            ("ward_da", "ward_sv", "month_sv, by commission", "weekday_da", "overlap_regions_by_year",
             "hours_by_region_within7_late with outliers_0001", "ethnicity/u25_victims", "boroughs/U25 2021"),
            ("u25.offences.rate.2022", "u25.ward.st-edwards.share", "u25.time.modal-hour", "da.ward.ordering",
             "da.time.modal-hour", "sv.season.peak", "sv.time.peak-days", "u25.victims.ethnicity.black.over",
             "sv.victims.ethnicity.unknown.share.2021"))
        self.assertNotIn("u25.offences.count.2021-2022", missed, "the total did not move")

    def test_fewer_offences_of_another_mix(self):
        self.follows(
            derive.thinned, 12,
            ("overlap_regions_by_year", "offence_group_by_region_and_year", "ward_da", "u25_suspects/age",
             "ve_total_by_borough", "boroughs/SV 2022", "tno_by_year"),
            ("u25.offences.count.2021-2022", "u25.share-of-violence.2021-2022", "da.offences.count.2021-2022",
             "sv.offences.count.2021-2022", "u25.offences.rank-in-london.2022",
             "u25.ward.st-edwards.rank-in-london"))


class Refused(Case):
    """Tables that contradict each other are refused, and the message names one of them."""

    def refuse(self, change, *names, status=3):
        other = json.loads(STRATEGY.read_text())
        change(other)
        path = self.dir / "other.json"
        path.write_text(json.dumps(other))
        made = synth(self.dir / "london", "--small", "--targets", path)
        self.assertEqual(made.returncode, status, made.stderr)
        for name in names:
            self.assertIn(f'"{name}', made.stderr)
        self.assertFalse((self.dir / "london" / "offences-2021.csv").exists())

    def test_a_sum_that_does_not_agree(self):
        self.refuse(lambda t: t["ward_da"].update(Heaton=225), "ward_da")

    def test_a_table_against_its_total(self):
        self.refuse(lambda t: t["weekday_sv"].update(Mon=1), "weekday_sv")

    def test_a_part_larger_than_the_whole(self):
        self.refuse(lambda t: t["lsoa_sv_top2"].__setitem__(0, 300), "lsoa_sv_top2")

    def test_a_group_where_the_definition_has_none(self):
        def change(t):
            t["offence_group_by_region_and_year"]["D"]["robbery"] = [1, 0]
            t["offence_group_by_region_and_year"]["D"]["ABH"][0] -= 1
        self.refuse(change, "offence_group_by_region_and_year")

    def test_what_no_sum_shows(self):
        """Everyone under 18 is male and nobody else: sums agree, victims of the other tables do not."""
        def change(t):
            t["sv_victims_under18"] = 672
            t["u25_victims_sex_age"]["female"] = {"<18": 0, "18-24": 1240, "25+": 300, "unknown": 18}
        self.refuse(change, "")

    def test_a_table_that_is_missing(self):
        self.refuse(lambda t: t.pop("month_sv"), "month_sv")

    def test_a_name_that_is_unknown(self):
        self.refuse(lambda t: t["ward_sv"].update(Nowhere=0), "ward_sv")

    def test_a_count_that_is_none(self):
        self.refuse(lambda t: t.update(knife_u25=-1), "knife_u25")

    def test_what_is_not_json(self):
        path = self.dir / "other.json"
        path.write_text('{"note": ')
        made = synth(self.dir / "london", "--targets", path)
        self.assertEqual(made.returncode, 3)
        self.assertIn("not JSON", made.stderr)


class Layers(Case):
    def test_a_part_of_a_layer_and_more_than_one(self):
        """--scale: rows in proportion, no id twice, the same seed the same bytes."""
        def rows(scale):
            folder = self.dir / f"l{scale}"
            self.assertEqual(synth(folder, "--scale", scale).returncode, 0)
            ids, n, digest = set(), 0, hashlib.sha256()
            for year in (2021, 2022):
                with open(folder / f"offences-{year}.csv", "rb") as file:
                    for line in file:
                        digest.update(line)
                        n += 1
                        ids.add(line.split(b",", 1)[0])
            return n, len(ids), digest.hexdigest()
        tenth, same, more = rows("0.1"), rows("0.10"), rows("1.2")
        self.assertEqual(tenth, same)
        self.assertAlmostEqual(tenth[0] / 173345, 1, delta=0.02)
        self.assertAlmostEqual(more[0] / (1.2 * 1733450), 1, delta=0.01)
        self.assertEqual(more[0] - more[1], 5, "four rows stand twice, and there are two headers")


if __name__ == "__main__":
    unittest.main(verbosity=2)
