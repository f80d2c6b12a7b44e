/** @file Features: what an event may need its reader to know, so that ignoring it hurts nobody. Pure. */

/**
 * Those this version knows. An event says `needs: [feature]` where a reader that ignores what is new in it would serve
 * something wrong (an allergy, a part of a dish, a quantity). A reader without the feature shows the ticket as not whole.
 * Add a name here in the same change that reads it; never take one away.
 */
export const FEATURES: readonly string[] = [
  /** Portions of a line stand in a line of their own (`item.split`). */
  'splits',
  /** What a guest is allergic to was told after the dish was ordered (`item.changed`). */
  'itemAllergies',
  /** A press was taken back (`deeds.undone`): what it made ready is not. */
  'undo',
]
