/** @file A restaurant in the cloud for component tests: what the fake core tells of it, and what it answers. */
import { failed } from '../../main/core/cloud/failures.ts'
import type { CloudFailure } from '../../main/core/ports.ts'
import type {
  CloudDevice,
  CloudInfo,
  CloudSignedIn,
  CloudStatus,
  ParkedLane,
} from '../../shared/contract/contract.ts'
import { type Failure, ok } from '../../shared/domain/errors.ts'
import { say } from '../../shared/domain/messages/index.ts'
import type { FakeCore } from './fake-core.ts'

export const PROJECT = { url: 'https://abcd.supabase.co', key: 'sb_publishable_1234' }
export const RESTAURANT = '0190a000-0000-7000-8000-000000000001'
export const BAR_PC = '0190a000-0000-7000-8000-0000000000d2'

/** A device of the restaurant. */
export const device = (part: Partial<CloudDevice> = {}): CloudDevice => ({
  id: '0190a000-0000-7000-8000-0000000000d1',
  name: 'Kitchen PC',
  letter: '',
  version: '1.0.0',
  lastSeen: Date.now() - 4_000,
  outbox: 0,
  parked: 0,
  revoked: false,
  self: true,
  ...part,
})

/** Any words of the cloud. */
export const said = (text: string) => say('cloud.saidBefore', { text })

/** The cloud's refusal in these words, as screens get it. */
export const refusal = (code: CloudFailure['code'], text: string): { ok: false; error: Failure } =>
  failed({ code, says: said(text) })

const waits = (part: Partial<ParkedLane>): ParkedLane => ({
  lane: 'order-42',
  order: 'order-42',
  number: '42',
  code: 'invalid',
  says: say('cloud.unreadable'),
  since: Date.now() - 20 * 60_000,
  events: 3,
  ...part,
})

/** An order that was refused. */
export const lane = (part: Partial<ParkedLane> = {}): ParkedLane =>
  waits({
    ticket: {
      type: 'dineIn',
      table: 'B4',
      status: 'served',
      openedAt: Date.now() - 32 * 60_000,
      dishes: ['2× Ribeye steak', '1× Mash'],
    },
    ...part,
  })

/** A menu that was refused: no order. */
export const menuLane = (): ParkedLane =>
  waits({
    lane: 'document.published',
    order: null,
    number: null,
    code: 'tooLarge',
    says: said('Too large.'),
    events: 1,
  })

/** Connected and current, unless told otherwise. */
export const cloud = (part: Partial<CloudStatus> = {}): CloudStatus => ({
  state: 'live',
  since: Date.now() - 40 * 60_000,
  currentAt: Date.now() - 1_000,
  name: 'Trattoria Lumen',
  outbox: 0,
  parked: 0,
  parkedOrders: part.parked ?? 0,
  behind: 0,
  says: null,
  needs: null,
  ...part,
})

/** Away since 18:02 by the restaurant's clock, when a test stopped time. */
export const away = (part: Partial<CloudStatus> = {}): CloudStatus =>
  cloud({ state: 'away', currentAt: Date.now() - 40 * 60_000, outbox: 12, ...part })

/** What the core tells of a connected restaurant. */
export const info = (part: Partial<CloudInfo> = {}): CloudInfo => ({
  link: {
    ...PROJECT,
    restaurant: RESTAURANT,
    name: 'Trattoria Lumen',
    device: device().id,
    letter: '',
    since: Date.now() - 3 * 86_400_000,
  },
  former: null,
  parked: [],
  devices: [
    device(),
    device({
      id: BAR_PC,
      name: 'Bar PC',
      letter: 'AB',
      outbox: 7,
      self: false,
      lastSeen: Date.now() - 7_200_000,
    }),
    device({
      id: 'old',
      name: 'Old PC',
      letter: 'AC',
      version: null,
      lastSeen: null,
      revoked: true,
      self: false,
    }),
  ],
  ...part,
})

/** Someone with one restaurant that is empty, one in use, and one where they may not connect a PC. */
export const signedIn = (part: Partial<CloudSignedIn> = {}): CloudSignedIn => ({
  signIn: 'sign-in-1',
  restaurants: [
    { id: RESTAURANT, name: 'Trattoria Lumen', role: 'admin', empty: false },
    { id: '0190a000-0000-7000-8000-000000000002', name: 'Lumen by the sea', role: 'manager', empty: true },
    { id: '0190a000-0000-7000-8000-000000000003', name: 'Friend’s place', role: 'server', empty: false },
  ],
  ...part,
})

/** Connects the fake core to the restaurant. */
export function connectCloud(core: FakeCore, status: CloudStatus, answer: CloudInfo = info()): void {
  core.canned.cloud = () => ok(answer)
  core.setStatus({ cloud: status })
}

/** A core that works alone, in front of a project everything works with. */
export function offerCloud(core: FakeCore): void {
  core.canned.cloud = () => ok({ link: null, former: null, parked: [], devices: null })
  core.canned.cloudCheck = () => ok({ skewMs: 300 })
  core.canned.cloudSignIn = () => ok(signedIn())
  core.canned.cloudJoin = () => ok({ restaurant: RESTAURANT, name: 'Trattoria Lumen', restarts: false })
  core.canned.cloudClaim = () => ok({ restaurant: RESTAURANT, name: 'Trattoria Lumen', restarts: true })
}
