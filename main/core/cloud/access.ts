/** @file Says on every screen while this PC's newest access to the cloud is not kept on it: a restart would lose it. */
import { say } from '../../../shared/domain/messages/index.ts'
import type { Alarms } from '../alarms.ts'

const UNKEPT = 'cloud:unkept'

/** Raises and clears the alarm. */
export const tellKept = (alarms: Alarms, kept: boolean): void =>
  kept ? alarms.clear(UNKEPT) : alarms.raise(UNKEPT, 'alarm', say('cloud.accessUnkept'))
