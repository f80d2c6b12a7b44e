/** @file What the connection to the restaurant's other sites is called on a screen: a few words for a header, sentences for a banner. Pure. */
import type { CloudStatus } from '../../shared/contract/contract.ts'
import { moment, noun, plural } from './format.ts'

export interface CloudWords {
  /** For a header: read in passing. */
  short: string
  /** Added where there is room. */
  more: string
  /** For a banner: what is so, and since when. */
  title: string
  /** What it means for the people here. */
  text: string
}

/** Clock times as people read them here, e.g. 18:02, or 20 Nov, 18:02 on another day. */
export type Moments = (at: number) => string

/** Times by the restaurant's clock, seen from `now` (ms UTC). */
export const momentsFrom =
  (now: number, timeZone?: string): Moments =>
  (at) =>
    moment(at, now, timeZone)

/** "12 changes wait to be sent." */
export function waiting(outbox: number): string {
  if (outbox === 0) return 'Nothing waits to be sent.'
  return `${plural(outbox, 'change')} ${noun(outbox, 'waits', 'wait')} to be sent.`
}

function asOf({ currentAt }: CloudStatus, when: Moments): string {
  return currentAt === null
    ? 'Other sites’ changes may be missing: they were not asked since Plate started.'
    : `Other sites’ changes are as of ${when(currentAt)}.`
}

/** The words for `cloud`. */
export function cloudWords(cloud: CloudStatus, when: Moments): CloudWords {
  const since = `since ${when(cloud.since)}`
  const todo = cloud.message ? ` ${cloud.message}` : ''
  switch (cloud.state) {
    case 'live':
      return {
        short: 'Cloud live',
        more: '',
        title: 'Live.',
        text: `Changes arrive at once. ${waiting(cloud.outbox)}${todo}`,
      }
    case 'polling':
      return {
        short: 'Seconds behind',
        more: '',
        title: `A few seconds behind ${since}.`,
        text: `Other sites’ changes come every few seconds. ${waiting(cloud.outbox)}${todo}`,
      }
    case 'catchingUp':
      return {
        short: 'Catching up',
        more: cloud.behind > 0 ? ` ${cloud.behind} to come` : '',
        title: cloud.behind > 0 ? `Catching up ${plural(cloud.behind, 'change')}.` : 'Catching up.',
        text: `${asOf(cloud, when)} ${waiting(cloud.outbox)}${todo}`,
      }
    case 'away':
      return {
        short: 'Internet away',
        more: ` ${since}`,
        title: `Internet away ${since}.`,
        text: `This kitchen goes on. ${asOf(cloud, when)} ${waiting(cloud.outbox)}${todo}`,
      }
    case 'refused':
      return {
        short: 'Cloud refuses',
        more: ` ${since}`,
        title: `The cloud refuses this PC ${since}.`,
        text: `${cloud.message ?? 'See Manager → Cloud.'} This kitchen goes on. ${asOf(cloud, when)} ${waiting(cloud.outbox)}`,
      }
    case 'locked':
      return {
        short: 'Locked',
        more: ` ${since}`,
        title: `Locked ${since}.`,
        text: cloud.message ?? 'A manager removed this PC from the restaurant.',
      }
  }
}
