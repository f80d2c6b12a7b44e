/** @file How often the randomised tests repeat: little in `npm test`, much in `npm run test:long`. */

/** `short` repetitions, or `long` ones in the long run. */
export const times = (short: number, long: number): number => (process.env.PLATE_LONG ? long : short)
