/** The eras of GH Archive. */

/** Before it, events have another format (`repository`, a text as `actor`, no `id`). */
export const ARCHIVE_BEGINS = new Date('2015-01-01T00:00:00Z');

/**
 * From here on GH Archive has lost most events: half of them until 2025-10, nearly all since.
 * Events of this time are filed by the time of the crawl, up to hours after they happened.
 * Source: igrigorik/gharchive.org issues 310, 312, 320 and 323.
 */
export const ARCHIVE_DAMAGED_SINCE = new Date('2025-05-24T00:00:00Z');
