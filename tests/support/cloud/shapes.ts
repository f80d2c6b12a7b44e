/** @file The cloud in memory: what it holds, and what can be made to go wrong in it. Types, and a world without faults. */
import type {
  Cloud,
  CloudEvent,
  CloudFailure,
  CloudLink,
  CloudListener,
  IntakeRequest,
} from '../../../main/core/ports.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'

export type Event = { id: string; order: string | null; kind: string }
export type CallName =
  | 'append'
  | 'pull'
  | 'archived'
  | 'archivedAfter'
  | 'report'
  | 'devices'
  | 'claimIntake'
  | 'refuseIntake'
  | 'check'
  | 'signIn'
  | 'restaurants'
  | 'create'
  | 'claim'
export interface Hint {
  first: number
  last: number
  events: CloudEvent[] | null
}

/** All off by default; may be changed at any time. */
export interface CloudFaults {
  /** Answers instead of doing anything. */
  fail: ((call: CallName, device: string) => CloudFailure | null) | null
  /** Does the work, then loses the answer. */
  lose: ((call: CallName, device: string) => boolean) | null
  /** Waits for this before it answers; the work is done. */
  hold: ((call: CallName, device: string) => Promise<void> | null) | null
  /** How long (ms) the line takes for one event. What takes longer than 10 s gets no answer; what does not get there is not done. */
  pace: ((call: CallName, device: string) => number) | null
  /** Refuses single events. */
  refuse: ((event: Event) => { code: string; says: Message } | null) | null
  /** Refuses whole requests that hold such an event. */
  spoil: ((event: Event) => boolean) | null
  /** Gives up on whole requests that hold such an event, because they take too long. */
  slow: ((event: Event) => boolean) | null
  /** What becomes of a hint on its way to a device: [] is lost, twice is doubled. */
  hints: ((hint: Hint, device: string) => Hint[]) | null
  /** How far (ms) the server's clock is ahead. */
  clock: number
}

export interface FakeDevice {
  id: string
  name: string
  letter: string
  core: string
  version: string | null
  lastSeen: number | null
  outbox: number
  parked: number
  /** Who removed it; null while it is let in. */
  revoked: Message | null
  revokedAt: number
  listener: CloudListener | null
  live: boolean
}

export interface FakeRestaurant {
  id: string
  name: string
  log: { seq: number; event: Event; core: string }[]
  head: number
  floor: number
  archive: Map<string, { seq: number; event: Event }[]>
  devices: Map<string, FakeDevice>
  intake: (IntakeRequest & { status: 'pending' | 'claimed' | 'refused'; refusal?: string })[]
  /** Makes a device without a code. */
  link(name: string): CloudLink
  /** Moves all events of these orders to the archive; the floor rises to the head. */
  archiveOrders(...orders: string[]): void
  /** A manager removes a device, or lets it in again. */
  revoke(device: string, says?: Message | null): void
  /** Another program asks for an order. */
  ask(request: IntakeRequest): void
  /** Opens or cuts the live channel of all devices, or one. */
  live(on: boolean, device?: string): void
}

export interface FakeCloudServer {
  faults: CloudFaults
  restaurants: Map<string, FakeRestaurant>
  /** Publishable keys that are good. */
  keys: Set<string>
  /** How those who made restaurants want to be called. */
  people: string[]
  /** All calls, in the order they came. */
  calls: { call: CallName; device: string; events: number }[]
  /** Most calls of this kind that one connection had under way at a time. */
  most(call: CallName): number
  restaurant(name?: string): FakeRestaurant
  /** One device's way to it. */
  cloud(): Cloud & { forgotten: number; woken: number }
}

export const noFaults = (): CloudFaults => ({
  fail: null,
  lose: null,
  hold: null,
  pace: null,
  refuse: null,
  spoil: null,
  slow: null,
  hints: null,
  clock: 0,
})
