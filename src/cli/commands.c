/* cli/commands.c — every command of the program: a row here and one function elsewhere.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli/commands.h"

static const struct option_spec sql_options[] = {
    {"today", "DATE", "the day on which agreements are judged: 2026-03-31 (default: today)"},
    {NULL, NULL, NULL},
};

static const struct option_spec agreement_options[] = {
    {"author", "WHO", "add, end: who decided; default: the account that runs the command"},
    {"today", "DATE", "the day on which agreements are judged: 2026-03-31 (default: today)"},
    {NULL, NULL, NULL},
};

static const struct option_spec brief_options[] = {
    {"area", "CODE", "code of the borough"},
    {"on", "DATE", "day of the brief (default: the day after the last day on record)"},
    {"days", "N", "days of a window: 7, 14, 21 … 91 (default: as the product says, 14)"},
    {"group", "ID", "the product: tasking (default), hate-crime, town-centre, …"},
    {"products", "FILE", "products of your own, as JSON"},
    {"source", "S", "the series of offences to read, when several are held"},
    {"out", "DIR", "write brief.html and its tables there"},
    {"pdf", NULL, "write brief.pdf too (needs chromium and --out)"},
    {"today", "DATE", "the day on which agreements are judged: 2026-03-31 (default: today)"},
    {NULL, NULL, NULL},
};

static const struct option_spec user_options[] = {
    {"role", "R", "add, invite, change: partner, analyst, coordinator or administrator"},
    {"organisation", "ORG", "add, invite, change: the supplier whose extracts are its own"},
    {"display", "TEXT", "add, invite, change: how colleagues see the person"},
    {"password-file", "FILE", "add: the password is its first line; - is standard input"},
    {"password", "…", "refused: whoever can list the commands of this machine would read it"},
    {"no-codes", NULL, "add, invite, reset: sign in without one-time codes"},
    {"no-password", NULL, "add: sign in through a trusted proxy only"},
    {"all", NULL, "sign-out: everybody, as after a backup was put back"},
    {NULL, NULL, NULL},
};

static const struct option_spec audit_options[] = {
    {"last", "N", "list: the last N rows (default 50)"},
    {"head", "HASH", "verify: the hash of a head noted earlier and kept elsewhere"},
    {NULL, NULL, NULL},
};

static const struct option_spec no_options[] = {{NULL, NULL, NULL}};

static const struct option_spec new_options[] = {
    {"title", "TEXT", "name of the partnership, printed on its reports"},
    {"synthetic", NULL, "the data are synthetic: every report says so"},
    {NULL, NULL, NULL},
};

static const struct option_spec import_options[] = {
    {"as", "KIND", "kind of extract: offences, area-counts, population, lookup, …"},
    {"profile", "P", "import profile: a built-in name or a JSON file"},
    {"codebook", "JSON", "of --as survey: what its columns and answers mean"},
    {"supplier", "ORG", "who supplied the file"},
    {"supplier-kind", "KIND", "police, health, local-authority, …"},
    {"period", "A..B", "whole months that the file covers, when it does not say so itself"},
    {"set", "COLUMN=VALUE", "what the file does not say, for every row; may be repeated"},
    {"quarantine", "FILE", "write the rows that could not be used to a CSV file"},
    {"agreement", "ID", "the agreement under which the file came"},
    {"open", NULL, "open data, published for anyone: no agreement is needed"},
    {"today", "DATE", "the day on which agreements are judged: 2026-03-31 (default: today)"},
    {NULL, NULL, NULL},
};

static const struct option_spec serve_options[] = {
    {"listen", "ADDRESS", "a port, 127.0.0.1:8080 (default), [::1]:8080 or unix:/path"},
    {"behind-proxy", NULL, "a proxy with TLS stands in front; believe its X-Real-IP"},
    {"upload-limit", "MB", "most of one file that is sent, 1 to 100000 (default 2000); 0 = none"},
    {"user-header", "NAME", "the header in which that proxy names who has signed in with it"},
    {"state", "DIR", "private folder for results of jobs and uploads (default: FILE-state)"},
    {NULL, NULL, NULL},
};

static const struct option_spec map_columns_options[] = {
    {"as", "KIND", "kind of extract: offences, persons, ambulance, … (default: found)"},
    {"out", "FILE", "write the profile there, for 'reeve import --profile FILE'"},
    {"answer", "KEY=VALUE", "answer a question beforehand; repeatable (see below)"},
    {"yes", NULL, "take every proposal that is sure enough; ask only what the file cannot tell"},
    {"least", "PERCENT", "how sure is sure enough (default 80)"},
    {"details", NULL, "show every value and every reason"},
    {"afresh", NULL, "map a file although a built-in profile knows it"},
    {NULL, NULL, NULL},
};

static const struct option_spec areas_options[] = {
    {"type", "T", "borough, ward, lsoa, …"},
    {"vintage", "V", "the date these boundaries began: 2018, 2022-05"},
    {"code", "COLUMN", "property that holds the area's code"},
    {"name", "COLUMN", "property that holds the area's name"},
    {"table", "T", "table of a GeoPackage that has several"},
    {"encoding", "E", "of a shapefile's texts, when no .cpg says so: UTF-8, windows-1252"},
    {"crs", "EPSG:N", "EPSG:27700 or EPSG:4326, for a file that does not say"},
    {"of", "T:V", "the file is a table of localities: each row an area of these and its locality"},
    {"rebase", "T:V", "work out how counts on these areas, ward:2018, are given on others"},
    {"to", "T:V", "the others: ward:2022-05"},
    {"by", "BASIS", "share areas out by population (default) or area"},
    {"find", "TEXT", "how a place in words is found: what it may mean, where, how surely"},
    {"location-type", "T", "of the text to find: street, public house, …"},
    {"texts", NULL, "every place in words that emergency departments sent, and where it is found"},
    {"sliver", "METRES", "common parts narrower than this are drawing, not change (default 25)"},
    {NULL, NULL, NULL},
};

static const struct option_spec check_options[] = {
    {"source", "S", "only this source, by the name that the list gives it"},
    {"period", "A..B", "only records of these whole months"},
    {"format", "F", "text (default), csv or json; both hold every check that was made"},
    {"today", "DATE", "the day on which agreements are judged: 2026-03-31 (default: today)"},
    {NULL, NULL, NULL},
};

static const struct option_spec define_options[] = {
    {"period", "A..B", "try: whole months; default: all that the offences cover"},
    {"author", "WHO", "adopt: who decided; default: the account that runs the command"},
    {"groups", NULL, "list the offence classes and their groups"},
    {"today", "DATE", "the day on which agreements are judged: 2026-03-31 (default: today)"},
    {NULL, NULL, NULL},
};

static const struct option_spec claims_options[] = {
    {"expect", "CSV", "the claims: claim_id, value and where known kind, notes, needs"},
    {"set", "NAME", "which answers: havering (default)"},
    {"today", "DATE", "the day on which agreements are judged: 2026-03-31 (default: today)"},
    {NULL, NULL, NULL},
};

static const struct option_spec why_options[] = {
    {"record", "KEY", "the identifier of an offence, instead of a finding"},
    {"today", "DATE", "the day on which agreements are judged: 2026-03-31 (default: today)"},
    {NULL, NULL, NULL},
};

static const struct option_spec assess_options[] = {
    {"area", "CODE", "the borough, by its code: E09000016"},
    {"period", "A..B", "whole months: 2021-01..2021-12"},
    {"compare", "A..B", "an earlier period to compare with"},
    {"template", "T",
     "needs-assessment (default), annual-crime-and-disorder, or your own FILE.json"},
    {"vintage", "V", "ward boundaries to use, when several are held"},
    {"denominator", "NAME",
     "the other population that findings set beside residents; residents: none"},
    {"out", "DIR", "write report.html and a CSV of every table there"},
    {"claims", "CSV", "and a chapter: claims of a document beside what is computed (see claims)"},
    {"last", "JSON", "findings.json of the last assessment: say of each finding what became of it"},
    {"xlsx", NULL, "and tables.xlsx, every table in one accessible workbook"},
    {"pdf", NULL, "and report.pdf, tagged for screen readers (needs the package chromium)"},
    {"docx", NULL, "and report.docx for Word (needs pandoc and librsvg2-bin)"},
    {"odt", NULL, "and report.odt for LibreOffice (needs the same)"},
    {"png", NULL, "and charts/, every chart as a picture (needs librsvg2-bin)"},
    {"today", "DATE", "the day on which agreements are judged: 2026-03-31 (default: today)"},
    {NULL, NULL, NULL},
};

static const struct option_spec findings_options[] = {
    {"format", "F", "json or csv (default json)"},
    {"today", "DATE", "the day on which agreements are judged: 2026-03-31 (default: today)"},
    {NULL, NULL, NULL},
};

static const struct option_spec table_options[] = {
    {"by", "D[,D…]", "dimensions of the table"},
    {"profile", "P", "all (default), a profile of the definition, union, or an offence group"},
    {"definition", "D", "of --profile, instead of that in force: a shipped name or FILE.json"},
    {"kind", "K", "offences (default), area-counts, ambulance, cohort, referrals, survey, …"},
    {"survey", "NAME", "of --kind survey: its name, or how that begins"},
    {"source", "S", "the series to read, when several are held"},
    {"count", "C", "offences (default), victims, suspects, or offences with someone accused"},
    {"date", "D", "recorded or committed"},
    {"period", "A..B", "whole months"},
    {"area", "CODE", "only this area"},
    {"vintage", "V", "boundaries to use"},
    {"bands", "LIST", "starts of the age bands"},
    {"where", "D=V[,V]", "keep only these values of a dimension; repeatable"},
    {"rank", "R", "rank areas by count (default) or rate"},
    {"denominator", "D", "residents (default), same-age, or a population held by its name"},
    {"format", "F", "csv (default), json, xlsx, geojson with boundaries, svg, png or html"},
    {"out", "FILE", "write there instead of printing; xlsx, png and geojson need it"},
    {"chart", "TYPE", "draw it: bar, interval, line, multiples, stacked, stacked-share, heat, …"},
    {"value", "V", "what the chart shows: count (default), rate or share"},
    {"focus", "LABEL", "the row or series that stands out in the chart"},
    {"title", "TEXT", "title of the chart"},
    {"width", "PIXELS", "width of the chart: 720 (default), 320 for a phone"},
    {"today", "DATE", "the day on which agreements are judged: 2026-03-31 (default: today)"},
    {NULL, NULL, NULL},
};

static const struct option_spec effect_options[] = {
    {"by", "TYPE", "what the codes are of: borough, ward, lsoa or locality"},
    {"treated", "CODE[,CODE]", "areas of the intervention"},
    {"comparison", "CODE[,CODE]", "areas like them without it; rest: the others of --area"},
    {"nearby", "CODE[,CODE]", "areas to which events may have moved, or to which the good spread"},
    {"before", "A..B", "whole months before it"},
    {"after", "A..B", "whole months since it"},
    {"profile", "P", "all (default), a profile of the definition, union, or an offence group"},
    {"kind", "K", "offences (default), ambulance, stop-search, …"},
    {"source", "S", "the series to read, when several are held"},
    {"date", "D", "recorded or committed"},
    {"area", "CODE", "only areas inside this one"},
    {"vintage", "V", "boundaries to use"},
    {"where", "D=V[,V]", "keep only these values of a dimension; repeatable"},
    {"today", "DATE", "the day on which agreements are judged: 2026-03-31 (default: today)"},
    {NULL, NULL, NULL},
};

static const struct option_spec map_options[] = {
    {"by", "TYPE", "the areas: borough, ward or lsoa"},
    {"indicator", "ID", "map a published indicator, residents or residents-per-km2"},
    {"list", NULL, "list the indicators that the file holds"},
    {"category", "TEXT", "of an indicator with several: its category, or a part of its name"},
    {"sex", "TEXT", "of an indicator with several"},
    {"age", "TEXT", "of an indicator with several"},
    {"value", "V", "rate (default), count or share; of an indicator count instead of percent"},
    {"classes", "RULE", "auto (default), equal, quantile or significance"},
    {"reference", "R", "what significance compares with: a number, or a code of the indicator"},
    {"outlines", "TYPE", "heavy lines of coarser areas; none for none"},
    {"focus", "CODE", "the area to outline"},
    {"title", "TEXT", "title of the map"},
    {"attribution", "TEXT", "the boundaries' licence line, printed under the map"},
    {"width", "PIXELS", "720 (default), 320 for a phone"},
    {"out", "FILE", "FILE.svg, .png, or .html with table and notes; default: SVG to the screen"},
    {"profile", "P", "all (default), a profile of the definition, union, or an offence group"},
    {"kind", "K", "offences (default), area-counts, ambulance, transport, stop-search, …"},
    {"source", "S", "the series to read, when several are held"},
    {"count", "C", "what is counted: offences (default)"},
    {"date", "D", "recorded or committed"},
    {"period", "A..B", "whole months; of an indicator its year or the name of its period"},
    {"area", "CODE", "only the areas inside this one"},
    {"vintage", "V", "boundaries to use"},
    {"where", "D=V[,V]", "keep only these values of a dimension; repeatable"},
    {"denominator", "D", "residents (default), same-age, or a population held by its name"},
    {"today", "DATE", "the day on which agreements are judged: 2026-03-31 (default: today)"},
    {NULL, NULL, NULL},
};

static const struct option_spec method_options[] = {
    {"in", "FILE", "CSV or JSON to run on; repeat it, or NAME=FILE, for more inputs"},
    {"opt", "K=V", "option of the method; repeatable"},
    {NULL, NULL, NULL},
};

#define F "borough.reeve"

const struct command commands[] = {
    {"new", "FILE", "make a new, empty partnership file",
     "reeve new " F " --title \"Havering Community Safety Partnership\"", NULL, 1, 1, new_options,
     run_new},
    {"areas",
     "FILE PATH --type T --vintage V --code COLUMN --name COLUMN | FILE --rebase T:V --to T:V | "
     "FILE --find TEXT | FILE --texts",
     "add the boundaries of one type and vintage",
     "reeve areas " F " wards.geojson --type ward --vintage 2018 --code GSS_CODE --name NAME",
     "GeoJSON, shapefile (the .shp, or a zip of its parts) or GeoPackage, in longitude and\n"
     "latitude (WGS84) or in British National Grid metres.\n"
     "After a change of boundaries: reeve areas " F " --rebase ward:2018 --to ward:2022-05 --by\n"
     "population. Counts of the old wards are then given on the new with 'reeve table --vintage\n"
     "2022-05', each with the share that moved.\n"
     "Records of emergency departments name their place in words. reeve areas " F " --find\n"
     "\"outside the kings head, south st\" says how one text is understood; --texts lists all "
     "that\n"
     "are held with their ward (--type, --vintage for other areas), so that names that are "
     "missing\n"
     "can be added: reeve import " F " places.csv --as gazetteer.\n"
     "Localities are named sets of areas: reeve areas " F
     " localities.csv --type locality --vintage\n"
     "2022-05 --of ward:2022-05 --code ward_code --name locality, then 'reeve table --by "
     "locality'.",
     1, 2, areas_options, run_areas},
    {"import", "FILE PATH…", "add extracts; a folder or archive adds every table in it",
     "reeve import " F " 2022-05-metropolitan-street.csv",
     "Reads CSV, plain or packed with gzip, in any usual encoding, the first sheet of .xlsx\n"
     "workbooks, and zip archives of these: every table in one, all of them or none. What a file\n"
     "is shows in its bytes, what it holds in its header.\n"
     "A row that cannot be used is set aside with its line, column and reason; every other row\n"
     "loads. An import is all or nothing: an interruption leaves the file as it was.\n"
     "A survey needs its codebook: reeve import " F " shout.csv --as survey --codebook shout.json",
     2, MOST_POSITIONALS, import_options, run_import},
    {"map-columns", "FILE", "propose how a file that no profile knows is read, and write a profile",
     "reeve map-columns crimes.csv --out crimes.json",
     "On a terminal it asks, with numbered choices; from a script, or with --json, it takes its\n"
     "answers from options:\n"
     "  --answer \"Date reported=DD/MM/YYYY\"    how a column writes its dates\n"
     "  --answer \"Disposal=outcome\"            what a column is (drop = do not store it)\n"
     "  --answer \"Disposal:NFA=no-suspect\"     what a value means (missing = not known)\n"
     "  --answer role=victim                    what is the same in every row\n"
     "  --answer refresh=period                 what a later file does: full, period, incremental\n"
     "  --answer sheet=Data                     of a workbook; member=crimes.csv of an archive\n"
     "Nothing is stored but the profile. Exit status 3: a question that only a person can answer.",
     1, 1, map_columns_options, run_map_columns},
    {"check", "FILE", "say what each source can and cannot bear, worst first",
     "reeve check " F " --period 2022",
     "Looks for months and days that are not there, placeholder times, late records, what is not\n"
     "recorded, places withheld, statements that contradict each other, keys used again, levels\n"
     "that change at once, and what changed since the extract before. Exit status 1: something\n"
     "needs attention. A check that could not be made is listed as such. No key is ever printed.",
     1, 1, check_options, run_check},
    {"agreement", "FILE [list|add JSON|end ID]",
     "record on what terms a supplier's data may be used",
     "reeve agreement " F " add met-police-2024.json",
     "JSON: {\"agreement\": \"met-police-2024\", \"supplier\": \"…\", \"gateway\": \"…\",\n"
     "\"purposes\": [\"…\"], \"fields\": [\"recorded_at\", …] (absent: all), \"from\": "
     "\"2024-01-01\",\n"
     "\"expires\": \"2026-03-31\", \"retention_months\": 36, \"marking\": \"official\", "
     "\"note\": \"…\"}\n"
     "\"counts_for\" and \"records_for\" name partner organisations that may see more than the "
     "marking\n"
     "lets them. 'reeve import FILE PATH --agreement ID' records it with an extract; columns "
     "outside "
     "its fields\n"
     "are not stored. While it is not in force its extracts are left out of every result, and "
     "that is\n"
     "said; 'add' with the same name renews it, 'end' ends it early. Nothing is ever deleted by "
     "this.",
     1, 3, agreement_options, run_agreement},
    {"define", "FILE [show|try|adopt] [JSON]", "show, try or adopt the agreed definition",
     "reeve define " F " try havering-strict",
     "JSON is a definition file or the name of one that comes with the program: havering,\n"
     "havering-strict, all-ages, crime-and-disorder. 'show' tells in words what it counts and what "
     "no field can test;\n"
     "'try' sets every headline before and after beside each other, with how many records enter\n"
     "and leave and why; 'adopt' puts it in force, with date and author. Earlier ones are kept.",
     1, 3, define_options, run_define},
    {"assess", "FILE --area CODE --period A..B", "compute the assessment of a borough",
     "reeve assess " F " --area E09000016 --period 2022-01..2022-12 --compare 2021-01..2021-12 "
     "--out report",
     "Where a definition is adopted (reeve define), each of its profiles has a chapter of its own "
     "and\n"
     "leads the key findings: under-25.all.rate, under-25.threats-to-kill.change, "
     "union.all.share.\n"
     "--template annual-crime-and-disorder makes the yearly assessment of every kind of crime "
     "from the\n"
     "same file, whatever definition is adopted; your own template is a FILE.json (guide: "
     "templates).",
     1, 1, assess_options, run_assess},
    {"brief", "FILE --area CODE", "make the tasking brief: where and when to be, on two pages",
     "reeve brief " F " --area E09000016 --out brief --pdf",
     "Only what was recorded before the day of the brief is used, so that an earlier brief can be\n"
     "made again. Products of groups are data: reeve brief " F
     " --area E09000016 --group hate-crime",
     1, 1, brief_options, run_brief},
    {"findings", "FILE", "list the findings of the last assessment",
     "reeve findings " F " --format csv", NULL, 1, 1, findings_options, run_findings},
    {"claims", "FILE --expect CSV",
     "set the claims of a published document beside what is computed",
     "reeve claims " F " --expect claims.csv > answers.csv",
     "Each claim is met, not met, answered otherwise (with the reason) or not computed. A claim "
     "is\n"
     "answered by the computed value, never by a copied one. Exit status 1: some are not met.",
     1, 1, claims_options, run_claims},
    {"why", "FILE [FINDING]", "show how a finding was computed, or why a record is in or out",
     "reeve why " F " recorded-crime.all.total",
     "With --record KEY: which profiles of the definition in force the record is in, and the "
     "clause\n"
     "that decided: reeve why " F " --record 2301234/21",
     1, 2, why_options, run_why},
    {"table", "FILE --by D[,D…]", "count by any dimensions, with rates, intervals and ranks",
     "reeve table " F " --by hour,weekday --period 2022 --chart heat > hours.svg",
     "A chart carries its title, notes and sources. Its types: bar and interval (one dimension),\n"
     "line and multiples (months), stacked, stacked-share and heat (two dimensions), pyramid (age\n"
     "and sex), change and waterfall (two years). A table that does not suit a chart is refused\n"
     "with a sentence that names those it suits.\n"
     "A survey is tabled by one of its questions, weighted to its population:\n"
     "reeve table " F " --kind survey --survey \"Shout Youth Survey\" --by wish,age",
     1, 1, table_options, run_table},
    {"effect", "FILE --by TYPE --treated CODES --comparison CODES --before A..B --after C..D",
     "did it work: places before and after, beside others",
     "reeve effect " F " --by ward --area E09000016 --treated E05013983 --comparison rest --before "
     "2021-01..2021-12 --after 2022-01..2022-12 --profile under-25",
     "Two comparisons are made, by number and in proportion; fewer or more is said only when both\n"
     "tell it from chance. The period before the first is looked at as well: areas that were "
     "moving\n"
     "apart already show nothing. Choose areas and periods before looking at the counts.",
     1, 1, effect_options, run_effect},
    {"map", "FILE --by TYPE", "draw a map of counts, rates or a published indicator",
     "reeve map " F
     " --by ward --area E09000016 --period 2022 --classes significance --out map.html",
     "Counts and rates take the options of 'reeve table'; an indicator is joined by the codes of\n"
     "its areas: reeve map " F " --by lsoa --indicator iod-2019-income-score --outlines ward\n"
     "An area without a value is hatched, with the reason in the table; it is never nought.",
     1, 1, map_options, run_map},
    {"method", "list | show NAME | run NAME --in FILE", "run any statistic on any CSV or JSON",
     "reeve method run wilson --in shares.csv --opt level=0.99",
     "'reeve method show NAME' prints the card of a method, the columns it takes and what it "
     "gives.\n"
     "Columns it does not know are ignored. The answer is JSON; a value that is not available is\n"
     "null, and \"missing\" beside it says why.",
     1, 2, method_options, run_method},
    {"serve", "FILE", "serve the partnership file as a web service",
     "reeve serve " F " --listen 127.0.0.1:8080",
     "It listens on this machine only, unless told that a proxy stands in front (deploy/).\n"
     "Accounts are made with reeve user. Imports and other commands may run meanwhile. Ctrl-C\n"
     "finishes what was begun and stops.",
     1, 1, serve_options, run_serve},
    {"sql", "FILE QUERY", "run one read-only SQL query; extracts are tables by their kind",
     "reeve sql " F " \"select category, count(*) from offences where current group by 1\"",
     "The result is CSV with a header, or JSON with --json.", 2, 2, sql_options, run_sql},
    {"user", "FILE [list|add|invite|reset|change|disable|enable|sessions|sign-out NAME|new-key]",
     "who may sign in to the service, and who is signed in",
     "reeve user " F " add a.admin@borough.example --role administrator",
     "The first administrator is made with 'add', which asks for a password without showing it "
     "and\n"
     "prints the secret for an authenticator app. 'invite' prints a token with which the person\n"
     "chooses a password; 'reset' does the same for a forgotten one or a lost telephone, and\n"
     "ends every session. Names are kept in lower case. Secrets are shown once and never again.",
     1, 3, user_options, run_user},
    {"audit", "FILE [list|verify|export]", "what was done by which account, and is that whole",
     "reeve audit " F " verify --head 6f1c…",
     "Each row holds the hash of the row before it. 'verify' finds rows that were altered, "
     "removed,\n"
     "put in, moved or cut off, and prints the head: keep it elsewhere. 'export' prints all of it "
     "as\n"
     "CSV, or JSON with --json.",
     1, 2, audit_options, run_audit},
    {"backup", "FILE TO", "copy the partnership file while others use it",
     "reeve backup " F " backup-2026-11-22.reeve", NULL, 2, 2, no_options, run_backup},
    {"verify", "FILE", "check that the partnership file is whole", "reeve verify " F, NULL, 1, 1,
     no_options, run_verify},
    {NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL},
};
