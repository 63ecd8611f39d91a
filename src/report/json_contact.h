/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lodestone.contact/1: one contact, key by key as in schema/contact-v1.schema.json. */
#ifndef REPORT_JSON_CONTACT_H
#define REPORT_JSON_CONTACT_H

#include "base/digest.h"
#include "contact/series.h"
#include "report/printer.h"

/* A whole object, as a value. What the key does not say is in the row; source is where it stood. */
void json_contact(struct printer *p, const struct contact *key, const struct series_row *row,
    const struct digest *source);

#endif
