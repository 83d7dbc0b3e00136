// web/script/reeve.js — every page works without it; with it, errors get the focus and menus fold.
// SPDX-License-Identifier: GPL-3.0-or-later
import { Button, ErrorSummary, PasswordInput, ServiceNavigation, SkipLink, createAll } from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, ErrorSummary, PasswordInput, ServiceNavigation, SkipLink]) {
    createAll(component);
}
