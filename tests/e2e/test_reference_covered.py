"""Every file of the reference is exercised: through `reeve method run`, and through C from the tables of tests/ref.

The reference is listed, so that a file which nobody looks at fails here. For C every number in it with six digits or more
must stand in a table of tests/ref that a test in C opens; what does not, and why, is listed below.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import bisect
import json
import math
import re
import unittest

import harness

REFERENCE = harness.ROOT.parent / "shared" / "reference"
TESTS = harness.ROOT / "tests"
FAMILIES = ("01", "02", "03", "04", "05", "06_concentration", "07", "09", "10")

# file of the reference -> tables of tests/ref that were typed from it
TABLES = {
    "01_benchmark_compare/benchmark_compare.csv": "benchmark",
    "01_crude_rate/crude_rate.csv": "crude-rate",
    "01_diff_proportions/newcombe.csv": "diff-proportions",
    "01_dsr/dsr_expected.csv": "dsr",
    "01_dsr/dsr_input.csv": "dsr-groups",
    "01_funnel/funnel_proportion.csv": "funnel-proportion",
    "01_funnel/funnel_rate.csv": "funnel-rate",
    "01_isr/isr_expected.csv": "isr",
    "01_isr/isr_input.csv": "isr-groups",
    "01_isr/isr_reference.csv": "isr-reference",
    "01_phe_published/byars_wilson.csv": "phe-interval",
    "01_phe_published/dsr_input_1976.csv": "",
    "01_phe_published/dsr_input_multiarea.csv": "phe-groups",
    "01_phe_published/dsr_results.csv": "phe-dsr",
    "01_phe_published/isr_refdata.csv": "phe-reference",
    "01_phe_published/isr_results.csv": "phe-isr",
    "01_phe_published/mean_input.csv": "phe-mean-values",
    "01_phe_published/mean_results.csv": "phe-mean",
    "01_phe_published/proportion.csv": "phe-proportion",
    "01_phe_published/rate.csv": "phe-rate",
    "01_phe_published/testdata_funnel_prop_inputs.csv": "phe-funnel-proportion",
    "01_phe_published/testdata_funnel_prop_outputs.csv": "phe-funnel-curve",
    "01_phe_published/testdata_funnel_rate_input_funnels.csv": "",
    "01_phe_published/testdata_funnel_rate_outputs.csv": "phe-funnel-rate",
    "01_poisson_ci/poisson_ci.csv": "poisson",
    "01_wilson/wilson.csv": "wilson",
    "02_ranks/ranks.csv": "ranks",
    "02_rate_ratio/rate_ratio.csv": "rate-ratio",
    "03_decomposition/decomposition.json": "decomposition",
    "03_kitagawa/kitagawa.json": "kitagawa",
    "03_pop_vs_rate/pop_vs_rate.csv": "pop-vs-rate",
    "04_disproportionality/disproportionality.csv": "disproportionality",
    "04_reallocation/reallocation.json": "reallocation",
    "04_rubin_pool/rubin.json": "pool",
    "05_alerts/cusum_ewma.csv": "alerts-charts",
    "05_alerts/weekly_alerts.csv": "alerts",
    "05_aoristic/aoristic.json": "aoristic aoristic-totals",
    "05_changepoint/changepoint.json": "changepoint",
    "05_circular/circular.json": "circular circular-density",
    "05_circular/grouped.json": "circular-grouped",
    "05_heaping/heaping_expected.csv": "heaping",
    "05_heaping/hour_counts.csv": "modal-hour",
    "05_heaping/minute_counts.csv": "heaping",
    "05_heaping/modal_hour.json": "modal-hour",
    "05_recording_delay/delay_expected.json": "recording-delay",
    "05_recording_delay/delay_input.csv": "recording-delay-records",
    "05_seasonality/daily.csv": "seasonality-daily",
    "05_seasonality/monthly_expected.csv": "seasonality-months",
    "05_seasonality/seasonality_expected.json": "seasonality",
    "05_stl/stl.csv": "stl",
    "06_concentration/concentration.json": "concentration",
    "07_survey/ipf_tables.json": "",
    "07_survey/margins.csv": "rake-weights",
    "07_survey/respondents.csv": "rake-weights",
    "07_survey/survey_expected.json": "rake-weights",
    "07_survey/weights_expected.csv": "rake-weights",
    "09_harm/harm.json": "harm",
    "10_boundary/areal_interpolation.json": "apportion-pieces apportion-sources apportion-targets",
    "10_boundary/largest_remainder.json": "largest-remainder",
}

# file -> how many of its numbers stand in no table, and why not
ABSENT = {
    "01_phe_published/dsr_results.csv": (9, "two rows adjusted for events that are not independent have no input"),
    "01_phe_published/isr_results.csv": (7, "the rows of Area1 have no input"),
    "01_phe_published/testdata_funnel_rate_input_funnels.csv": (91, "sizes come from rates in src/method, not in src/stats"),
    "01_phe_published/testdata_funnel_rate_outputs.csv": (400, "the population at a limit is the count over the limit"),
    "04_reallocation/reallocation.json": (30, "shares of the counts that are compared"),
    "05_aoristic/aoristic.json": (1, "the sum, which is the number of valid intervals"),
    "05_circular/circular.json": (None, "densities that are not what they are called: docs/decisions/0015"),
    "07_survey/survey_expected.json": (None, "limits and errors of other kinds than the card's"),
}


def numbers(text):
    """Numbers of six significant digits or more; a date or a code is none."""
    for word in re.findall(r"(?<![\w.-])-?\d+\.?\d*(?:[eE][-+]?\d+)?(?![\w:-])", text):
        digits = re.sub(r"[eE].*", "", word).replace(".", "").lstrip("-0")
        if len(digits) >= 6 and "." in word:
            yield abs(float(word))


class Covered(unittest.TestCase):
    def setUp(self):
        if not REFERENCE.exists():
            self.skipTest("the reference is not here")
        self.files = sorted(str(p.relative_to(REFERENCE)) for p in REFERENCE.glob("*/*")
                            if p.name[:6] != "README" and p.parent.name.startswith(FAMILIES))

    def test_every_file_has_its_table(self):
        self.assertEqual(self.files, sorted(TABLES))

    def test_every_file_is_run_as_a_method(self):
        text = "".join(p.read_text() for p in (TESTS / "e2e").glob("test_method*.py"))
        self.assertEqual([f for f in self.files if f'"{f}"' not in text], [])

    def test_every_table_is_opened_in_C(self):
        text = "".join(p.read_text() for p in TESTS.glob("*/*.c"))
        for tables in TABLES.values():
            for table in tables.split():
                self.assertTrue((TESTS / "ref" / f"{table}.csv").exists(), table)
                self.assertIn(f'"{table}.csv"', text)

    def test_every_number_stands_in_a_table_or_in_a_test_in_C(self):
        source = "".join(p.read_text() for p in (TESTS / "stats").glob("*.c"))
        for name in self.files:
            typed = "\n".join((TESTS / "ref" / f"{t}.csv").read_text() for t in TABLES[name].split())
            have = sorted([*numbers(typed), *numbers(source)])
            absent = []
            for number in set(numbers((REFERENCE / name).read_text())):
                i = bisect.bisect_left(have, number * (1 - 1e-9))
                if i == len(have) or not math.isclose(have[i], number, rel_tol=1e-9):
                    absent.append(number)
            wanted, _ = ABSENT.get(name, (0, ""))
            if wanted is None:
                self.assertTrue(absent, f"{name}: all of it stands in tables: take it out of ABSENT")
            else:
                self.assertEqual(len(absent), wanted, f"{name}: {absent[:6]}")


if __name__ == "__main__":
    harness.main()
