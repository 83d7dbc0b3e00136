#!/usr/bin/env python3
"""The counts of an assessment (profiles by borough, LSOA, month, hour, victims and suspects) with pandas: what an
analyst would write in Python. assess_pandas.py FOLDER OUT. SPDX-License-Identifier: GPL-3.0-or-later
"""
import pathlib
import sys

import pandas

folder = pathlib.Path(sys.argv[1])
SERIOUS = ["homicide", "gbh", "abh", "rape", "assault-by-penetration", "sexual-assault", "personal-robbery",
           "threats-to-kill"]
WANTED = ["offence_id", "recorded_at", "committed_from", "offence_code", "offence_group", "category", "flags",
          "linked_offence_id", "lsoa_code", "borough_code", "outcome", "outcome_date"]

# A key of a later file supersedes the earlier row; identical rows count once.
files = [pandas.read_csv(path, dtype=str, usecols=WANTED).assign(file=i)
         for i, path in enumerate(sorted(folder.glob("offences-*.csv")))]
offences = pandas.concat(files, ignore_index=True)
held = offences[offences.file == offences.groupby("offence_id").file.transform("max")].drop_duplicates()
people = pandas.read_csv(folder / "people.csv", dtype=str, usecols=["offence_id", "role", "age", "age_band", "sex"])
age = pandas.to_numeric(people.age, errors="coerce")
age = age.where(age.between(0, 120))  # a filler, then the band decides
top = pandas.to_numeric(people.age_band.str.extract(r"^\d+-(\d+)$")[0])
under = pandas.to_numeric(people.age_band.str.extract(r"^under-(\d+)$")[0])
is_young = (age < 25) | (age.isna() & ((top < 25) | (under <= 25)))
young = people.offence_id[is_young & people.role.isin(["victim", "suspect", "accused"])].unique()
bands = {"0-9": 0, "10-17": 10, "18-24": 18, "25-34": 25, "35-49": 35, "50-64": 50, "65+": 65}
people["band"] = pandas.cut(age.fillna(people.age_band.map(bands)), [0, 18, 25, 35, 50, 65, 200], right=False, labels=[
    "under 18", "18 to 24", "25 to 34", "35 to 49", "50 to 64", "65 and over"]).astype(object).fillna("not recorded")

ids = held.offence_id[held.offence_group.isin(SERIOUS)]
flags = held["flags"].fillna("")
held = held[(held.offence_group != "terrorism") & ~flags.str.contains("terrorism", regex=False)]
flags = held["flags"].fillna("")
is_serious = held.offence_id.isin(ids) | (held.offence_group.isin(["criminal-damage", "arson"])
                                          & held.linked_offence_id.isin(ids))
wider = held.offence_group.isin(["other-sexual", "exploitation", "weapon-possession"])
profiles = {
    "under-25": held[(is_serious | wider) & held.offence_id.isin(young)],
    "domestic-abuse": held[is_serious & flags.str.contains("(?:^|;)domestic-abuse(?:;|$)")],
    "sexual-violence": held[held.offence_group.isin(["rape", "assault-by-penetration", "sexual-assault",
                                                     "other-sexual"])],
}

lines = []


def count(profile, kind, *columns):
    for key, n in pandas.concat(columns, axis=1).value_counts().items():
        lines.append(",".join(map(str, (profile, kind, *key, n))) + "\n")


for name, p in profiles.items():
    here = p[(p.borough_code == "E09000016") & p.recorded_at.str[:4].isin(["2021", "2022"])]
    now = here[here.recorded_at.str[:4] == "2022"]
    count(name, "borough", p[p.recorded_at.str[:4] == "2022"].borough_code)
    count(name, "lsoa", now.lsoa_code)
    count(name, "month", here.recorded_at.str[:7], here.offence_group)
    timed = here[here.committed_from.str.len() >= 16].committed_from
    count(name, "week", pandas.to_datetime(timed.str[:10]).dt.dayofweek + 1, timed.str[11:13].rename("hour"))
    for role in ("victim", "suspect"):
        of_role = people[(people.role == role) & people.sex.isin(["female", "male"])
                         & people.offence_id.isin(now.offence_id)]
        count(name, role, of_role.band, of_role.sex)
pathlib.Path(sys.argv[2]).write_text("".join(sorted(lines)))
