/** @file The report: every few seconds this device says how it is, and hears where the cloud's log and clock are. */
import type { CloudReport, CloudState } from '../ports.ts'
import { warnOfSkew } from '../skew.ts'
import { type Channel, type ChannelOptions, createChannel } from './channel.ts'
import type { SyncContext } from './context.ts'

export interface ReportOptions {
  /** What to say besides who this is. */
  figures(): Omit<CloudReport, 'core' | 'version'>
  /** What the cloud answered; `cursor` is what it was told when it was asked, at `begun` (monotonic ms). */
  heard(state: CloudState, cursor: number, begun: number): void
  done: ChannelOptions['done']
}

export interface Report extends Channel {
  /** Asks at once whether the cloud is there. It has only a few seconds to say so. */
  check(): void
}

/** Time between reports (ms), give or take a fifth, so that devices that started together do not stay together. */
const EVERY_MS = 5_000

/** When there is reason to believe that the line is dead, an answer that takes longer than this (ms) is none. */
const CHECK_MS = 4_000

const CLOCK = 'cloud:clock'
const SKEW = {
  over: 2 * 60_000,
  than: "the cloud's",
  remedy: 'Set date, time and time zone right.',
}

/** Creates the report; the first one is made when it is asked. */
export function createReport(
  { connection, core, version, host, alarms, names, log }: SyncContext,
  { figures, heard, done }: ReportOptions,
): Report {
  let doubtful = false
  const channel = createChannel({
    name: 'report',
    host,
    log,
    done,
    every: () => EVERY_MS * (0.8 + 0.4 * host.random()),
    async work() {
      const said = figures()
      const asked = host.now()
      const begun = host.tick()
      const within = doubtful ? CHECK_MS : undefined
      doubtful = false
      const answer = await connection.report({ core, version, ...said }, within)
      if (!answer.ok) return answer.error
      warnOfSkew(alarms, CLOCK, (asked + host.now()) / 2 - answer.value.now, {
        ...SKEW,
        whose: names.of(core),
      })
      heard(answer.value, said.cursor, begun)
      return null
    },
  })
  return {
    ...channel,
    get trouble() {
      return channel.trouble
    },
    check() {
      doubtful = true
      channel.hurry()
    },
    close() {
      channel.close()
      alarms.clear(CLOCK)
    },
  }
}
