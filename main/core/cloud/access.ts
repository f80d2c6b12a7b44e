/** @file Says on every screen while this PC's newest access to the cloud is not kept on it: a restart would lose it. */
import type { Alarms } from '../alarms.ts'

const UNKEPT = 'cloud:unkept'
const WORDS =
  'This PC cannot save its access to the cloud. Do not restart Plate or this PC until that is over, or it needs a new device code: free space on the disk, and see that Plate may write its data folder. Plate goes on trying by itself.'

/** Raises and clears the alarm. */
export const tellKept = (alarms: Alarms, kept: boolean): void =>
  kept ? alarms.clear(UNKEPT) : alarms.raise(UNKEPT, 'alarm', WORDS)
