#!/usr/bin/env python3
"""The parts of the pages beside the fixtures that govuk-frontend ships of its own components: the same HTML.

A fixture is options and the HTML that they give. What the parts know of the options is said to them in the way of the
pages ({{>part/…}}); a fixture with an option that they do not know is left out, and WHY says for each such option why.
How many fixtures of each component are compared is written down too, so that none is left out unnoticed.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import html.parser
import json
import os
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMPONENTS = ROOT / "web" / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"
SKIPPED = 77

WHY = {
    "attributes": "no page adds attributes of its own",
    "html": "words are escaped; markup stands between an opening and a closing part",
    "conditional": "fields that appear need a script, and every page works without",
    "describedBy": "a field is described by its own hint and error and by nothing else",
    "formGroup": "no page changes the box of a field",
    "prefix": "units are said in the label, which screen readers read",
    "suffix": "units are said in the label, which screen readers read",
    "inputWrapper": "only with prefix and suffix",
    "card": "no page shows cards",
    "fieldset": "a group of choices without a legend is not accessible: the parts always have one",
    "falsy": "an item that is not there is not written in a template",
    "value": "every choice has a value",
    "isStartButton": "no page has a start button: its arrow is of gov.uk",
    "preventDoubleClick": "once is said or not; no page says no",
    "visuallyHiddenText": "the service speaks English",
    "disableAutoFocus": "errors and news always take the focus",
    "text": "previous and next are called so",
    "descriptionText": "what is wrong stands in the list",
    "titleText": "the summary always begins with the same words",
    "role": "no page changes roles",
    "titleId": "one banner a page",
    "titleHeadingLevel": "the headings of pages begin with h1 and h2",
    "label": "every choice has its words alone",
    "type": "a button sends its form",
    "collapseOnMobile": "trails are short",
    "labelText": "other languages",
    "landmarkLabel": "other languages",
    "iconFallbackText": "the icon is always called a warning",
    "pattern": "the server checks, with words of its own",
    "name": "choices of one group have one name",
    "id": "choices are numbered by the part's user",
    "headless": "a table without head has no names for its columns",
    "footless": "every table has rows",
    "number": "pages are numbered",
    "mixed": "an empty list of items",
    "rowspan": "every cell stands in its own row",
    "colspan": "every cell stands under its own head",
    "format": "dates and words are to the left, numbers to the right",
    "javascript": "no script for choosing files",
    "actions": "one action a row: more of them make rows hard to hear",
    "classes": "these have one look",
    "empty": "nothing to show",
    "disabled": "an option that a page puts together can be chosen",
    "behaviour": "one choice that clears the others needs a script",
}


class LeftOut(Exception):
    pass


def leave_out(option):
    of = "html" if option.endswith("Html") else "javascript" if option.endswith(("Text", "ButtonText")) and option not in WHY else option
    raise LeftOut(f"{option}: {WHY[of]}")


class Page:
    """A template in the making: values go into its model, so that any words can be told."""

    def __init__(self):
        self.template, self.model = "", {}

    def part(self, name, /, **parameters):
        words = ""
        for key, value in parameters.items():
            if value in (None, "", False):
                continue
            at = f"p{len(self.model)}"
            self.model[at] = value if value is True else str(value)
            words += f" {key.replace('_', '-')}={at}"
        self.template += "{{>part/" + name + words + "}}\n"


    def inside(self, o):
        """What a page writes between an opening and a closing part: its own markup, or words."""
        if o.get("html"):
            self.template += o["html"] + "\n"
        else:
            self.model["inside"] = o["text"]
            self.template += "{{inside}}\n"


def only(options, *known):
    """The options, when no other than these is used."""
    for key, value in options.items():
        if key not in known and (value not in (None, False) or key == "disableAutoFocus"):
            leave_out(key)
    return options


def words(of):
    """{"text": …} as its text."""
    if of is None:
        return None
    return only(of, "text", "classes", "isPageHeading").get("text")


def no_falsy(items):
    if any(not item for item in items):
        leave_out("falsy")
    return items


def field(o, *more):
    only(o, "id", "name", "label", "hint", "errorMessage", "classes", "disabled", *more)
    label = o.get("label") or leave_out("empty")
    for part in ("hint", "errorMessage"):
        if o.get(part) and set(o[part]) - {"text"}:
            only(o[part], "text")
    return {"id": o.get("id") or o["name"], "name": o["name"], "label": words(label), "label_classes": label.get("classes"),
            "label_is_heading": label.get("isPageHeading"), "hint": words(o.get("hint")), "error": words(o.get("errorMessage")),
            "classes": o.get("classes"), "disabled": o.get("disabled")}


def yes_or_no(value):
    return None if value is None else "true" if value else "false"


def input_(p, o):
    f = field(o, "type", "value", "autocomplete", "inputmode", "spellcheck", "autocapitalize")
    p.part("input", **f, type=o.get("type"), value=o.get("value") if o.get("value") != 0 else "0", autocomplete=o.get("autocomplete"),
           inputmode=o.get("inputmode"), spellcheck=yes_or_no(o.get("spellcheck")), autocapitalize=o.get("autocapitalize"))


def textarea(p, o):
    f = field(o, "value", "rows", "autocomplete", "spellcheck")
    p.part("textarea", **f, value=o.get("value"), rows=o.get("rows"), autocomplete=o.get("autocomplete"),
           spellcheck=yes_or_no(o.get("spellcheck")))


def file_upload(p, o):
    f = field(o, "multiple")
    p.part("file", **f, multiple=o.get("multiple"))


def select(p, o):
    p.part("select-open", **field(o, "items", "value"))
    for item in no_falsy(o.get("items") or []):
        only(item, "value", "text", "selected", "disabled")
        if item.get("value") is None:
            leave_out("value")
        p.part("option", value=item["value"] if item["value"] not in (0, False) else str(item["value"]).lower(), text=item["text"],
               selected=item.get("selected", item["value"] == o.get("value")), disabled=item.get("disabled"))
    p.part("select-close")


def choices(one, many):
    def convert(p, o):
        only(o, "idPrefix", "name", "fieldset", "hint", "errorMessage", "items", "classes", "value", "values")
        chosen = o.get("values") or [o.get("value", "")]
        legend = only(o.get("fieldset") or leave_out("fieldset"), "legend").get("legend") or leave_out("fieldset")
        name = o["name"]
        prefix = o.get("idPrefix") or name
        p.part(many + "-open", id=prefix, legend=words(legend), legend_classes=legend.get("classes"), hint=words(o.get("hint")),
               legend_is_heading=legend.get("isPageHeading"), error=words(o.get("errorMessage")), classes=o.get("classes"))
        for number, item in enumerate(no_falsy(o["items"]), 1):
            if item.get("divider"):
                p.part(one + "-divider", text=item["divider"])
                continue
            only(item, "value", "text", "hint", "checked", "disabled", "name", "id")
            p.part(one, id=item.get("id") or (prefix if number == 1 else f"{prefix}-{number}"), name=item.get("name") or name,
                   value=item["value"], text=item["text"], hint=words(item.get("hint")),
                   checked=item.get("checked", item["value"] in chosen),
                   disabled=item.get("disabled"))
        p.part(many + "-close")
    return convert


def button(p, o):
    only(o, "text", "href", "classes", "name", "value", "disabled", "preventDoubleClick", "id", "type")
    if o.get("type") not in (None, "submit"):
        leave_out("type")
    if o.get("preventDoubleClick") is False:
        leave_out("preventDoubleClick")
    if o.get("href"):
        p.part("button-link", href=o["href"], text=o["text"], classes=o.get("classes"), id=o.get("id"))
    else:
        p.part("button", text=o["text"], classes=o.get("classes"), name=o.get("name"), value=o.get("value"), id=o.get("id"),
               disabled=o.get("disabled"), once=o.get("preventDoubleClick"))


def error_summary(p, o):
    only(o, "titleText", "errorList")
    if o["titleText"] != "There is a problem":
        leave_out("titleText")
    p.model["faults"] = []
    for e in o.get("errorList") or leave_out("empty"):
        only(e, "text", "href")
        p.model["faults"].append({"message": e["text"], "field": e.get("href", "").removeprefix("#")})
    p.template += "{{>part/faults}}\n"


def plain(part, *known, **names):
    def convert(p, o):
        only(o, *known)
        p.part(part, **{names.get(key, key): value for key, value in o.items()})
    return convert


def skip_link(p, o):
    only(o, "text", "href")
    p.part("skip-link", text=o.get("text", "Skip to main content"), href=o.get("href", "#content"))


def back_link(p, o):
    only(o, "text", "href", "classes")
    if o.get("classes"):
        leave_out("attributes")
    p.part("back-link", text=o.get("text", "Back"), href=o.get("href", "#"))


def warning(p, o):
    only(o, "text", "classes", "iconFallbackText")
    if o.get("iconFallbackText", "Warning") != "Warning":
        leave_out("iconFallbackText")
    p.part("warning", text=o["text"], classes=o.get("classes"))


def details(p, o):
    only(o, "summaryText", "text", "html", "id", "classes", "open")
    p.part("details-open", summary=o["summaryText"], id=o.get("id"), classes=o.get("classes"), open=o.get("open"))
    p.inside(o)
    p.part("details-close")


def banner(p, o):
    only(o, "text", "html", "type", "titleText")
    if o.get("html"):
        p.part("banner-open", title=o.get("titleText"), success=o.get("type") == "success", role="region")
        p.inside(o)
        p.part("banner-close")
        return
    p.part("banner", text=o["text"], title=o.get("titleText"), success=o.get("type") == "success")


def breadcrumbs(p, o):
    only(o, "items")
    p.part("crumbs-open")
    for item in o["items"]:
        only(item, "text", "href")
        p.part("crumb", text=item["text"], href=item.get("href"))
    p.part("crumbs-close")


def pagination(p, o):
    only(o, "items", "previous", "next")
    way = {"previous": only(o.get("previous") or {}, "href", "labelText"), "next": only(o.get("next") or {}, "href", "labelText")}
    previous, following = way["previous"].get("href"), way["next"].get("href")
    if not o.get("items"):
        p.part("pages", previous=previous, next=following, previous_label=way["previous"].get("labelText"),
               next_label=way["next"].get("labelText"))
        return
    if way["previous"].get("labelText") or way["next"].get("labelText"):
        leave_out("labelText")
    p.part("pages-open", previous=previous, label="Pagination")
    for item in o["items"]:
        if not item:
            leave_out("falsy")
        only(item, "number", "href", "current", "ellipsis")
        p.part("page", number=item.get("number"), href=item.get("href"), current=item.get("current"))
    p.part("pages-close", next=following)


def summary_list(p, o):
    only(o, "rows", "classes")
    p.part("list-open", classes=o.get("classes"))
    rows = no_falsy(o["rows"])
    has_actions = any((row.get("actions") or {}).get("items") for row in rows)
    for row in rows:
        only(row, "key", "value", "actions")
        actions = only(row.get("actions") or {}, "items").get("items") or []
        if len(actions) > 1:
            leave_out("actions")
        if row["key"].get("classes"):
            leave_out("attributes")
        if row["value"].get("html") and not actions:
            p.part("list-row-open", key=words(row["key"]), value_classes=row["value"].get("classes"), no_actions=has_actions)
            p.inside(row["value"])
            p.part("list-row-close")
            continue
        action = only(actions[0], "href", "text", "visuallyHiddenText") if actions else {}
        p.part("list-row", key=words(row["key"]), value=words(row["value"]), value_classes=row["value"].get("classes"), href=action.get("href"), action=action.get("text"),
               of=action.get("visuallyHiddenText"), no_actions=has_actions and not actions)
    p.part("list-close")


def table(p, o):
    only(o, "head", "rows", "caption", "captionClasses", "firstCellIsHeader", "classes")
    if not o.get("head"):
        leave_out("headless")
    p.part("table-open", caption=o.get("caption"), caption_classes=o.get("captionClasses"), classes=o.get("classes"), label="a table")
    for cell in o["head"]:
        only(cell, "text", "format", "classes")
        p.part("th", text=cell["text"], numeric=cell.get("format") == "numeric", classes=cell.get("classes"))
    p.part("table-body")
    for row in o["rows"]:
        if not row:
            leave_out("falsy")
        p.template += '<tr class="govuk-table__row">\n'
        for at, cell in enumerate(row):
            only(cell, "text", "format", "classes")
            if at == 0 and o.get("firstCellIsHeader"):
                p.part("th-row", text=cell["text"], classes=cell.get("classes"))
            else:
                p.part("td", text=cell["text"], numeric=cell.get("format") == "numeric", classes=cell.get("classes"))
        p.template += "</tr>\n"
    p.part("table-close")


CONVERT = {
    "back-link": back_link, "breadcrumbs": breadcrumbs, "button": button, "checkboxes": choices("checkbox", "checkboxes"),
    "details": details, "error-summary": error_summary, "file-upload": file_upload, "input": input_,
    "inset-text": plain("inset", "text", "id", "classes"), "notification-banner": banner, "pagination": pagination,
    "radios": choices("radio", "radios"), "select": select, "skip-link": skip_link,
    "summary-list": summary_list, "table": table, "tag": plain("tag", "text", "classes"), "textarea": textarea, "warning-text": warning,
}

def select_put_together(p, o):
    p.part("select-open", **field(o, "items"))
    for item in no_falsy(o.get("items") or leave_out("empty")):
        only(item, "value", "text", "selected")
        p.part("option-open", value=item.get("value") or leave_out("value"), selected=item.get("selected"))
        at = f"p{len(p.model)}"
        p.model[at] = item["text"]
        p.template = p.template.rstrip("\n") + "{{" + at + "}}{{>part/option-close}}\n"
    p.part("select-close")


def inset_put_together(p, o):
    only(o, "text", "html")
    p.template += "{{>part/inset-open}}\n"
    p.inside(o)
    p.template += "{{>part/inset-close}}\n"


def details_put_together(p, o):
    only(o, "summaryText", "text", "html")
    p.model["summary"] = o["summaryText"]
    p.template += "{{>part/summary-open}}{{summary}}{{>part/summary-close}}\n"
    p.inside(o)
    p.template += "{{>part/details-close}}\n"


# The same components of the parts that leave a page to put words together.
PUT_TOGETHER = {"details": details_put_together, "inset-text": inset_put_together, "select": select_put_together}

# Fixtures compared, of those that there are.
COMPARED = {'back-link': (3, 7), 'breadcrumbs': (5, 12), 'button': (30, 38), 'checkboxes': (13, 42), 'details': (8, 10),
            'error-summary': (5, 19), 'file-upload': (9, 22), 'input': (24, 45), 'inset-text': (4, 6), 'notification-banner': (10, 21),
            'pagination': (7, 15), 'radios': (13, 43), 'select': (10, 19), 'skip-link': (5, 9), 'summary-list': (6, 30), 'table': (4, 21),
            'tag': (10, 12), 'textarea': (12, 18), 'warning-text': (5, 8)}


class Reader(html.parser.HTMLParser):
    """HTML as a list of tags and words, without what makes no difference: the order of attributes, white space between."""

    def __init__(self):
        super().__init__()
        self.tokens = []

    def handle_starttag(self, tag, attributes):
        found = []
        for name, value in attributes:
            found.append((name, " ".join(sorted(value.split())) if name == "class" else value))
        self.tokens.append((tag, *sorted(found, key=lambda pair: pair[0])))

    def handle_endtag(self, tag):
        self.tokens.append("/" + tag)

    def handle_data(self, data):
        if data.strip():
            self.tokens.append(" ".join(data.split()))


def normal(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader.tokens


def without_frame(tokens):
    """Tables of ours lie in a frame that scrolls and that the keyboard reaches; the table is the library's."""
    if tokens[0] != ("div", ("aria-label", "a table"), ("class", "reeve-scroll"), ("role", "region"), ("tabindex", "0")):
        raise AssertionError(f"not in its frame: {tokens[0]}")
    return tokens[1:-1]


def render(tasks):
    done = subprocess.run([os.environ["RENDER_PARTS"]], input=json.dumps(tasks), capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


class Components(unittest.TestCase):
    def fixtures(self, component):
        return json.loads((COMPONENTS / component / "fixtures.json").read_text())["fixtures"]

    def compare(self, component, convert):
        """How many fixtures of the component the parts can make, and made as the library does."""
        tasks, wanted, names = [], [], []
        for fixture in self.fixtures(component):
            page = Page()
            try:
                convert(page, fixture["options"])
            except LeftOut as reason:
                if "-v" in sys.argv:
                    print(f"left out: {component}, {fixture['name']}: {reason}")
                continue
            tasks.append({"template": page.template, "model": page.model})
            wanted.append(fixture["html"])
            names.append(fixture["name"])
        for name, made, expected in zip(names, render(tasks), wanted):
            with self.subTest(component=component, fixture=name):
                made = normal(made)
                self.assertEqual(without_frame(made) if component == "table" else made, normal(expected))
        return len(tasks)

    def test_the_html_is_the_library_s(self):
        counted = {component: (self.compare(component, convert), len(self.fixtures(component))) for component, convert in CONVERT.items()}
        self.assertEqual(counted, COMPARED)

    def test_words_put_together_by_the_page(self):
        self.assertEqual({component: self.compare(component, convert) for component, convert in PUT_TOGETHER.items()},
                         {"details": 5, "inset-text": 3, "select": 2})

    def test_words_for_what_is_absent(self):
        row, cell = "{{>part/list-row key=\"k\" value=v none=\"not stated\"}}", "{{>part/td text=v none=\"not stated\"}}"
        made = render([{"template": template, "model": model} for template in (row, cell) for model in ({}, {"v": ""}, {"v": "1"})])
        self.assertEqual([("not stated" in html, ">1<" in html) for html in made], 2 * [(True, False), (True, False), (False, True)])

    def test_a_difference_is_seen(self):
        fixture = self.fixtures("input")[0]
        for changed in (fixture["html"].replace("govuk-input", "govuk-inputs"), fixture["html"].replace(' type="text"', ""),
                        fixture["html"].replace("National", "National "), fixture["html"].replace("</label>", "")):
            same = normal(changed) == normal(fixture["html"])
            self.assertEqual(same, "National  " in changed)

    def test_what_is_filled_in_is_inert(self):
        hostile = '"><script>x</script>'
        page = Page()
        page.part("input", id=hostile, name=hostile, label=hostile, hint=hostile, error=hostile, value=hostile)
        page.part("td", text=hostile)
        page.part("button-link", href=hostile, text=hostile)
        made = render([{"template": page.template, "model": page.model}])[0]
        self.assertNotIn("<script", made)
        self.assertIn("&lt;script&gt;", made)


if __name__ == "__main__":
    if not COMPONENTS.exists():
        print("skipped: govuk-frontend is not in web/node_modules, where building the pages puts it")
        sys.exit(SKIPPED)
    unittest.main()
