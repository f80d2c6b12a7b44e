/** @file Trusted devices: pairing codes, tokens (kept as hashes), revocation. */
import type { Pairing, StatusTopics } from '../../shared/contract/contract.ts'
import { fail, failure, type Outcome, ok } from '../../shared/domain/errors.ts'
import type { ScreenKind } from '../../shared/domain/roles.ts'
import type { DeviceRecord, Log, Secrets, Store } from './ports.ts'
import { REMOVED } from './removed.ts'
import { storeTrouble } from './store-trouble.ts'

export interface Redeemed {
  token: string
  device: DeviceRecord
  letter: string
}

export interface Devices {
  createPairing(kind: ScreenKind, name: string, station: string | null): Pairing
  redeem(code: string, from: string, self?: { device: string; name: string }): Promise<Outcome<Redeemed>>
  authenticate(token: string): Outcome<DeviceRecord>
  find(id: string): DeviceRecord | undefined
  list(): DeviceRecord[]
  revoke(id: string): Promise<boolean>
  /** Notes that a device is here, running `version`. */
  seen(id: string, version: string): void
}

/** How long (ms) a pairing code can be used. */
export const CODE_MS = 10 * 60_000
const CODE_DIGITS = 8
/** Wrong codes one address may try within {@link WINDOW_MS}. */
const TRIES = 5
/** Wrong codes from all addresses together after which every open code is withdrawn. */
const TRIES_ALL = 25
const WINDOW_MS = 60_000

/** What a removed screen is told. */
export const REVOKED = failure('revoked', { why: 'device' })

interface Offer {
  kind: ScreenKind
  name: string
  station: string | null
  expiresAt: number
}

export interface DevicesOptions {
  store: Pick<Store, 'putDevice'>
  secrets: Secrets
  log: Log
  now(): number
  /** This core's own letter before ticket numbers. */
  letter(): string
  lan(): StatusTopics['lan']
  qr(text: string): string
  /** Whether a manager has removed this core in the cloud. */
  removed(core: string): boolean
}

/** Creates the registry over the devices the store knows. */
export function createDevices(options: DevicesOptions, known: readonly DeviceRecord[]): Devices {
  const { store, secrets, log, now } = options
  const byId = new Map(known.map((device) => [device.id, device]))
  const byHash = new Map(known.map((device) => [device.tokenHash, device.id]))
  const offers = new Map<string, Offer>()
  const wrong = new Map<string, number[]>()

  function put(device: DeviceRecord): Promise<void> {
    byId.set(device.id, device)
    return store.putDevice(device)
  }

  function recentWrong(from: string): number[] {
    const recent = (wrong.get(from) ?? []).filter((at) => at > now() - WINDOW_MS)
    if (recent.length) wrong.set(from, recent)
    else wrong.delete(from)
    return recent
  }

  function refuse(from: string): Outcome<never> {
    wrong.set(from, [...recentWrong(from), now()])
    const all = [...wrong.keys()].reduce((sum, address) => sum + recentWrong(address).length, 0)
    log.warn('PAIRING_REFUSED', { from, recent: all })
    if (all >= TRIES_ALL) offers.clear()
    return fail('wrongCode', { why: 'pairing' }, 'code')
  }

  /**
   * Letters of peers: the first core has none, those that join it get B … Y, ZB …; those that join B get BB, BC … So no
   * two cores ever share one, however they are joined. A peer that joins again keeps what it had.
   */
  function letterFor(peer: string): string {
    const known = byId.get(peer)?.letter
    if (known !== undefined) return known
    const given = new Set([...byId.values()].map((device) => device.letter))
    for (let count = 0; ; count++) {
      const letter = `${options.letter()}${'Z'.repeat(Math.floor(count / 24))}${String.fromCharCode(66 + (count % 24))}`
      if (!given.has(letter)) return letter
    }
  }

  return {
    createPairing(kind, name, station) {
      for (const [code, offer] of offers) if (offer.expiresAt <= now()) offers.delete(code)
      let code = secrets.digits(CODE_DIGITS)
      while (offers.has(code)) code = secrets.digits(CODE_DIGITS)
      const expiresAt = now() + CODE_MS
      offers.set(code, { kind, name, station, expiresAt })
      const { addresses, fingerprint } = options.lan()
      const [address] = addresses
      const text = address ? `${address}/join/?code=${code}#${fingerprint ?? ''}` : code
      return { code, expiresAt, addresses, fingerprint, qr: options.qr(text) }
    },
    async redeem(code, from, self) {
      if (recentWrong(from).length >= TRIES) return fail('lockedOut', { why: 'codes' })
      const offer = offers.get(code)
      const peer = offer?.kind === 'peer'
      if (!offer || offer.expiresAt <= now() || peer !== (self !== undefined)) return refuse(from)
      if (self && options.removed(self.device)) return { ok: false, error: REMOVED }
      offers.delete(code)
      const id = self?.device ?? secrets.uuid(now())
      const letter = peer ? letterFor(id) : ''
      const token = secrets.token()
      const device: DeviceRecord = {
        id,
        name: offer.name || self?.name || `${offer.kind} ${byId.size + 1}`,
        kind: offer.kind,
        station: offer.station,
        tokenHash: secrets.hash(token),
        pairedAt: now(),
        lastSeen: null,
        revokedAt: null,
        version: null,
        ...(peer ? { letter } : {}),
      }
      const before = byId.get(id)
      byId.set(id, device)
      try {
        await store.putDevice(device)
      } catch (error) {
        // Not saved, so not paired: the code can be used again once the store takes it.
        if (before) byId.set(id, before)
        else byId.delete(id)
        offers.set(code, offer)
        const trouble = storeTrouble(error)
        if (!trouble) throw error
        return fail(trouble.code, { message: trouble.says })
      }
      if (before) byHash.delete(before.tokenHash)
      byHash.set(device.tokenHash, id)
      log.info('DEVICE_PAIRED', { device: device.id, kind: device.kind, name: device.name })
      return ok({ token, device, letter })
    },
    authenticate(token) {
      const hash = secrets.hash(token)
      const device = byId.get(byHash.get(hash) ?? '')
      if (device?.tokenHash !== hash) return fail('notPaired', { why: 'screen' })
      return device.revokedAt === null ? ok(device) : { ok: false, error: REVOKED }
    },
    find: (id) => byId.get(id),
    list: () => [...byId.values()],
    async revoke(id) {
      const device = byId.get(id)
      if (!device) return false
      await put({ ...device, revokedAt: now() })
      log.info('DEVICE_REVOKED', { device: id })
      return true
    },
    seen(id, version) {
      const device = byId.get(id)
      if (device) void put({ ...device, lastSeen: now(), version }).catch(() => undefined)
    },
  }
}
