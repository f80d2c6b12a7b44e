/** @file The local network switch: opens and closes the HTTPS listener, follows changes of address, renews certificates. */
import { renderSVG } from 'uqr'
import type { StatusTopics } from '../../../shared/contract/contract.ts'
import type { Log } from '../../core/ports.ts'
import type { Keep } from './keep.ts'
import { type Handlers, listenOnLan, type SecureListener } from './listeners.ts'
import { machineNames } from './network.ts'
import type { CertificateSource, Identification } from './parts.ts'

export interface LanParts {
  port: number
  certificates: CertificateSource
  keep: Keep
  log: Log
  /** Names to answer to beyond the machine's own. */
  hostNames: readonly string[]
  /** IPv4 addresses on the network right now. */
  addresses: () => string[]
  handlers: Handlers
  /** Called after the switch or the addresses changed. */
  changed: () => void
}

/** What hosts and the core use of it. */
export interface LanSwitch {
  state(): StatusTopics['lan']
  /** Rejects with a ListenError when the port is taken. Remembered for the next start. */
  set(on: boolean): Promise<StatusTopics['lan']>
  qr(text: string): string
}

export interface LanControl extends LanSwitch {
  /** Opens without remembering, e.g. because the last run was open. */
  open(): Promise<void>
  /** Looks at addresses and certificate again; the hub does so every minute, hosts may after a sleep. */
  refresh(): Promise<void>
  /** Closes without remembering. */
  close(): Promise<void>
  /** Host names and addresses this hub answers to. */
  hosts(): ReadonlySet<string>
  identification(): Identification | undefined
  /** Open connections. */
  readonly size: number
}

/** The switch, off. */
export function createLanControl(parts: LanParts): LanControl {
  const names = machineNames(parts.hostNames)
  let addresses = parts.addresses()
  let shown: Identification | undefined
  let listener: SecureListener | undefined
  // Two switches at once would leave a listener nobody closes.
  let queue: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const result = queue.then(task)
    queue = result.catch(() => {})
    return result
  }

  const identify = () => parts.certificates.current([...names, '127.0.0.1', ...addresses])
  const state = (): StatusTopics['lan'] => {
    const on = listener !== undefined
    const hosts = [
      ...addresses,
      ...names.filter((name) => name.endsWith('.local') || parts.hostNames.includes(name)),
    ]
    return {
      on,
      addresses: on ? hosts.map((host) => `https://${host}:${listener?.port}`) : [],
      fingerprint: shown?.fingerprints.ca ?? null,
    }
  }
  const open = async () => {
    if (listener) return
    addresses = parts.addresses()
    shown = await identify()
    listener = await listenOnLan(parts.handlers, parts.port, shown)
    parts.log.info('lan.opened', { ...state() })
    parts.changed()
  }
  const close = async () => {
    const closing = listener
    listener = undefined
    if (!closing) return
    await closing.close()
    parts.log.info('lan.closed')
    parts.changed()
  }
  const refresh = async () => {
    if (!listener) return
    const before = [shown?.fingerprints.leaf, ...addresses].join()
    addresses = parts.addresses()
    shown = await identify()
    if ([shown.fingerprints.leaf, ...addresses].join() === before) return
    listener.show(shown)
    parts.log.info('lan.changed', { ...state() })
    parts.changed()
  }
  return {
    state,
    qr: (text) => renderSVG(text, { ecc: 'M', border: 2 }),
    set: (on) =>
      inTurn(async () => {
        await (on ? open() : close())
        parts.keep.setLan(on)
        return state()
      }),
    open: () => inTurn(open),
    close: () => inTurn(close),
    refresh: () => inTurn(refresh),
    hosts: () => new Set([...names, ...addresses, '127.0.0.1', '::1']),
    identification: () => shown,
    get size() {
      return listener?.size ?? 0
    },
  }
}
