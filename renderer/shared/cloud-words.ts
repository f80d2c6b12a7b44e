/** @file What the connection to the restaurant's other sites is called on a screen: a few words for a header, sentences for a banner. Pure. */
import type { CloudStatus } from '../../shared/contract/contract.ts'
import type { Words } from '../../shared/words/index.ts'
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
  /** Something is not as it should be: colours. */
  warn: boolean
}

/** Clock times as people read them here, e.g. 18:02, or 20 Nov, 18:02 on another day. */
export type Moments = (at: number) => string

/** Times by the restaurant's clock, seen from `now` (ms UTC). */
export const momentsFrom =
  (now: number, timeZone?: string): Moments =>
  (at) =>
    moment(at, now, timeZone)

/** From so many changes on, sending takes a while and is told as what goes on. */
export const LONG_SENDING = 200

type Counts = Pick<CloudStatus, 'outbox' | 'parked' | 'parkedOrders'>

/** "12 changes wait to be sent." */
export function waiting({ outbox, parked }: Pick<CloudStatus, 'outbox' | 'parked'>): string {
  if (outbox === 0) return parked > 0 ? 'Nothing else waits to be sent.' : 'Nothing waits to be sent.'
  return `${plural(outbox, 'change')} ${noun(outbox, 'waits', 'wait')} to be sent.`
}

/** What the cloud did not take: "3 orders", "1 other change" (of the menu, the 86 list …), or both. */
export function refusedThings({ parked, parkedOrders }: Pick<Counts, 'parked' | 'parkedOrders'>): string {
  const others = parked - parkedOrders
  if (others === 0) return plural(parkedOrders, 'order')
  if (parkedOrders === 0) return plural(others, 'change to menu or 86 list', 'changes to menu and 86 list')
  return `${plural(parkedOrders, 'order')} and ${plural(others, 'other change')}`
}

/** Everything that other PCs do not get from this one: the cover, the dialogs. Empty: all was sent. */
export function unsentSentences(counts: Counts): string[] {
  const { outbox, parked } = counts
  return [
    ...(outbox > 0 ? [`${plural(outbox, 'change')} ${noun(outbox, 'is', 'are')} not sent yet.`] : []),
    ...(parked > 0
      ? [`${refusedThings(counts)} ${noun(parked, 'was', 'were')} not taken by the cloud.`]
      : []),
  ]
}

function asOf({ currentAt }: CloudStatus, when: Moments): string {
  return currentAt === null
    ? 'Other sites’ changes may be missing: they were not asked since Plate started.'
    : `Other sites’ changes are as of ${when(currentAt)}.`
}

/** What goes on while the connection is there. */
function going(cloud: CloudStatus, when: Moments, words: Words): Omit<CloudWords, 'warn'> {
  const { state, behind, outbox, says } = cloud
  const todo = says ? ` ${words.say(says)}` : ''
  if (state === 'catchingUp' && behind > 0) {
    return {
      short: 'Catching up',
      more: `${behind} to come`,
      title: `Catching up ${plural(behind, 'change')}.`,
      text: `${asOf(cloud, when)} ${waiting(cloud)}${todo}`,
    }
  }
  if (outbox >= LONG_SENDING || (state === 'catchingUp' && outbox > 0)) {
    return {
      short: `Sending ${outbox}`,
      more: '',
      title: `Sending ${plural(outbox, 'change')}.`,
      text: `Other sites do not know them yet. ${state === 'catchingUp' ? asOf(cloud, when) : 'Their changes arrive.'}${todo}`,
    }
  }
  if (state === 'catchingUp') {
    return { short: 'Catching up', more: '', title: 'Catching up.', text: `${asOf(cloud, when)}${todo}` }
  }
  const live = state === 'live'
  return {
    short: live ? 'Cloud live' : 'Seconds behind',
    more: '',
    title: live ? 'Live.' : `A few seconds behind since ${when(cloud.since)}.`,
    text: `${live ? 'Changes arrive at once.' : 'Other sites’ changes come every few seconds.'} ${waiting(cloud)}${todo}`,
  }
}

/** The words while nothing is exchanged. */
function broken(cloud: CloudStatus, when: Moments, words: Words): Omit<CloudWords, 'warn'> {
  const { state, says } = cloud
  const message = says && words.say(says)
  const more = `since ${when(cloud.since)}`
  const rest = `This kitchen goes on. ${asOf(cloud, when)} ${waiting(cloud)}`
  if (state === 'away')
    return {
      short: 'Cloud away',
      more,
      title: `Cloud away ${more}.`,
      text: message ? `${message} ${rest}` : rest,
    }
  if (cloud.needs === 'link') {
    return {
      short: 'Not connected',
      more,
      title: `Not connected to ${cloud.name} any more.`,
      text: `${message ?? 'See Manager → Cloud.'} ${rest}`,
    }
  }
  if (state === 'refused') {
    return {
      short: 'Cloud refuses',
      more,
      title: `The cloud refuses this PC ${more}.`,
      text: `${message ?? 'See Manager → Cloud.'} ${rest}`,
    }
  }
  return {
    short: 'Locked',
    more,
    title: `Locked ${more}.`,
    text: message ?? 'A manager removed this PC from the restaurant.',
  }
}

/** The words for `cloud`; `words` has those for what the core says of it. */
export function cloudWords(cloud: CloudStatus, when: Moments, words: Words): CloudWords {
  const works = cloud.state === 'live' || cloud.state === 'polling' || cloud.state === 'catchingUp'
  const told = works ? going(cloud, when, words) : broken(cloud, when, words)
  if (cloud.parked === 0) return { ...told, warn: !works }
  const kept = `${cloud.parked} not shared`
  const title =
    cloud.state === 'live' && told.title === 'Live.'
      ? `Live, but not shared: ${refusedThings(cloud)}.`
      : `${told.title} Not shared: ${refusedThings(cloud)}.`
  // In a header, what no time mends goes before what passes by itself.
  const head = works
    ? { short: kept, more: cloud.state === 'live' && told.short === 'Cloud live' ? '' : told.short }
    : { short: told.short, more: kept }
  return { ...told, ...head, title, warn: true }
}
