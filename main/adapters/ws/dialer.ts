/** @file Dials another Plate PC as a peer: a pinned WebSocket, and the one HTTP call that redeems a code. Opens sockets. */
import { type IncomingMessage, request } from 'node:http'
import type { TLSSocket } from 'node:tls'
import WebSocket from 'ws'
import type { Port } from '../../../shared/contract/port.ts'
import { fail, type Outcome, ok } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import { createEncoder } from './encode.ts'
import { createHeartbeat, PING_EVERY_MS } from './heartbeat.ts'
import { connectPinned, DialError, plainFingerprint } from './pinned.ts'
import { portOver } from './port.ts'
import { type PeerGrant, readGrant } from './redeem.ts'

export interface DialerOptions {
  /** How long (ms) the other end may take to answer. */
  timeoutMs?: number
  pingEveryMs?: number
}

/** A log batch of a peer may hold 500 large orders. */
const MAX_PEER_FRAME_BYTES = 64 * 1024 * 1024
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024
const DEFAULT_PORT = 4681

export interface Dialer {
  /** Rejects with a {@link DialError}, which says why. */
  connect(peer: { url: string; token: string; fingerprint: string }): Promise<Port>
  redeem(address: string, code: string, self: { device: string; name: string }): Promise<Outcome<PeerGrant>>
  /** Stops watching connections; open ports stay open. */
  stop(): void
}

/** `host`, `host:port` or `[v6]:port` as people type it; undefined when it is none of these. */
function parseAddress(address: string): { host: string; port: number } | undefined {
  const url = URL.parse(/^\w+:\/\//.test(address) ? address : `https://${address}`)
  if (!url?.hostname) return undefined
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || DEFAULT_PORT }
}

/** What was given is not the address of a Plate PC, or none that answers. */
const unreachable = (message: Message) => fail('invalid', { why: 'other', message })

/** Upgrades a connected, verified socket. Rejects with a {@link DialError}. */
function upgrade(url: string, socket: TLSSocket, token: string, timeoutMs: number): Promise<WebSocket> {
  const ws = new WebSocket(url, {
    createConnection: () => socket,
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
    maxPayload: MAX_PEER_FRAME_BYTES,
    handshakeTimeout: timeoutMs,
    followRedirects: false,
  })
  return new Promise((resolve, reject) => {
    ws.once('open', () => resolve(ws))
    ws.once('error', ({ message: detail }) =>
      reject(new DialError(say('hub.refused', { address: new URL(url).host, detail }))),
    )
  })
}

/** Sends JSON over a connected socket and reads the JSON answer, at most 64 kB of it. */
function postJson(socket: TLSSocket, host: string, path: string, body: unknown): Promise<unknown> {
  const text = JSON.stringify(body)
  const headers = { host, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
  return new Promise((resolve, reject) => {
    const call = request({ createConnection: () => socket, method: 'POST', path, headers }, (response) => {
      readJson(response).then(resolve, reject)
    })
    call.once('error', reject)
    call.end(text)
  })
}

async function readJson(response: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk
    if (text.length > 65_536) throw new DialError(say('hub.tooLong'))
  }
  return JSON.parse(text)
}

/** A dialer for this process. One timer finds peers that are gone without a word. */
export function createPeerDialer(options: DialerOptions = {}): Dialer {
  const timeoutMs = options.timeoutMs ?? 10_000
  const heartbeat = createHeartbeat(options.pingEveryMs ?? PING_EVERY_MS)
  const encode = createEncoder()
  return {
    async connect(peer) {
      const target = parseAddress(peer.url)
      if (!target || !peer.url.startsWith('wss://'))
        throw new DialError(say('hub.notSecure', { address: peer.url }))
      const { socket } = await connectPinned(target, peer.fingerprint, timeoutMs)
      const ws = await upgrade(peer.url, socket, peer.token, timeoutMs)
      heartbeat.watch(ws)
      return portOver(ws, encode, { maxBufferedBytes: MAX_BUFFERED_BYTES })
    },

    async redeem(address, code, self) {
      const target = parseAddress(address)
      if (!target) return unreachable(say('hub.noAddress', { address }))
      const host = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`
      try {
        // First contact: nobody has told us the fingerprint, so what is seen now is what every later connection must show.
        const { socket, proof } = await connectPinned(target, null, timeoutMs)
        const answer = await postJson(socket, host, '/api/pair', { code, peer: self })
        socket.destroy()
        const grant = readGrant(answer, address)
        if (!grant.ok) return grant
        const seen = proof.authority ?? proof.leaf
        if (plainFingerprint(grant.value.fingerprint) !== plainFingerprint(seen))
          return fail('notAllowed', { why: 'other', message: say('hub.falseProof', { address }) })
        return ok({ ...grant.value, url: `wss://${host}/ws`, fingerprint: seen })
      } catch (error) {
        return unreachable(error instanceof DialError ? error.says : say('hub.notPlate', { address }))
      }
    },
    stop: () => heartbeat.stop(),
  }
}
