"""A shapefile as publishers send it: its parts in one zip archive, the same as side by side.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import struct

from harness import Case, digest, main, run
from packing import archive, shape_header, shape_record, table

OPTIONS = ("--type", "ward", "--vintage", "2022", "--code", "code", "--name", "name", "--crs", "EPSG:4326")


def parts():
    """One triangle near London, synthetic."""
    record = shape_record(parts=1, points=4)
    return {"wards.shp": shape_header(50 + len(record) // 2) + record,
            "wards.shx": shape_header(54) + struct.pack(">ii", 50, len(record) // 2 - 4), "wards.dbf": table(1)}


class Zipped(Case):
    def setUp(self):
        super().setUp()
        self.new()

    def refused(self, name, content, wanted):
        before = digest(self.file)
        result = run("areas", self.file, self.write(name, content), *OPTIONS)
        self.assertEqual(result.status, 3, result.err)
        self.assertIn(wanted, result.err)
        self.assertIn(name, result.err)
        self.assertEqual(digest(self.file), before)

    def same(self, loose, packed, *options):
        other = self.dir / "other.reeve"
        self.ok("new", other)
        want = self.ok("areas", self.file, loose, *options, "--json").json()
        got = self.ok("areas", other, packed, *options, "--json").json()
        self.assertEqual({k: v for k, v in got.items() if k != "file"}, {k: v for k, v in want.items() if k != "file"})

    def test_the_same_as_side_by_side(self):
        for name, content in parts().items():
            self.write(name, content)
        more = {f"Wards 2022/{n.replace('.dbf', '.DBF')}": c for n, c in parts().items()}
        more |= {"__MACOSX/Wards 2022/._wards.shp": b"\0\5", "Wards 2022/read me.txt": "synthetic"}
        self.same(self.dir / "wards.shp", self.write("wards.zip", archive(more)), *OPTIONS)

    def test_what_is_refused(self):
        sound = parts()
        self.refused("none.zip", archive({"readme.txt": "synthetic"}), "holds no shapefile")
        self.refused("two.zip", archive(sound | {f"b/{n}": c for n, c in sound.items()}), "several shapefiles")
        self.refused("half.zip", archive({"wards.shp": sound["wards.shp"], "wards.dbf": sound["wards.dbf"]}), ".shx is not there")
        self.refused("cut.zip", archive(sound)[:-40], "breaks off")
        damaged = bytearray(archive(sound))
        damaged[60] ^= 1
        self.refused("damaged.zip", bytes(damaged), "damaged")
        self.refused("empty.zip", archive(sound | {"wards.dbf": b""}), ".dbf")

    def test_a_real_one(self):
        path = self.shared("boundaries-wards-2018/London_Ward_2018.shp")
        content = {p.name: p.read_bytes() for p in path.parent.glob("London_Ward_2018.*")
                   if p.suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg")}
        self.same(path, self.write("wards.zip", archive(content)), "--type", "ward", "--vintage", "2018",
                  "--code", "GSS_CODE", "--name", "NAME")


if __name__ == "__main__":
    main()
