/** @file `plate-hub pair`: asks the hub that runs on this machine for a pairing code and prints it. Reads the data folder, calls loopback. */
import { renderUnicodeCompact } from 'uqr'
import type { Pairing } from '../../shared/contract/contract.ts'
import { type Failure, fail, type Outcome, ok } from '../../shared/domain/errors.ts'
import { say } from '../../shared/domain/messages/index.ts'
import type { Message } from '../../shared/domain/messages/message.ts'
import { readLocalKey, readRunning } from '../adapters/http/index.ts'
import type { PairArguments } from './arguments.ts'
import { words } from './words.ts'

const notThere = (message: Message) => fail('invalid', { why: 'other', message })

/** Asks the running hub of `dataDir`. Fails with what the person at the terminal can do. */
async function askHub(dataDir: string, wanted: PairArguments): Promise<Outcome<Pairing>> {
  const key = readLocalKey(dataDir)
  const running = readRunning(dataDir)
  if (!key || !running) return notThere(say('hub.notRunning', { folder: dataDir }))
  const { kind, station, name } = wanted
  const response = await fetch(`${running.url}/api/pairings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ kind, name, station }),
  }).catch(() => undefined)
  if (!response) return notThere(say('hub.noAnswer', { address: running.url }))
  if (response.ok) return ok((await response.json()) as Pairing)
  const { error } = (await response.json()) as { error: Failure }
  return { ok: false, error }
}

/** What a tablet's camera reads: where to go, the code, and the certificate to expect. */
export function joinUrl({ addresses, code, fingerprint }: Pairing): string | undefined {
  return addresses[0] && `${addresses[0]}/join/?code=${code}#${fingerprint ?? ''}`
}

/** The lines to print for a pairing. */
export function describePairing(pairing: Pairing, now: number): string {
  const { code, addresses, fingerprint, expiresAt } = pairing
  const minutes = Math.max(0, Math.round((expiresAt - now) / 60_000))
  const lines = [`Code ${code.replace(/(\d{4})(?=\d)/g, '$1 ')}, once, within ${minutes} minutes`]
  const url = joinUrl(pairing)
  if (!url)
    return [...lines, 'The hub is closed to the network: start it with --lan, then pair again.', ''].join(
      '\n',
    )
  lines.push(...addresses.map((address) => `  ${address}/join/`), `Certificate ${fingerprint}`, '')
  return [...lines, renderUnicodeCompact(url, { border: 2 }), ''].join('\n')
}

/** Runs the command; the answer is its exit code. */
export async function pair(dataDir: string, wanted: PairArguments): Promise<number> {
  const pairing = await askHub(dataDir, wanted)
  if (!pairing.ok) {
    process.stderr.write(`${words.failure(pairing.error)}\n`)
    return 1
  }
  process.stdout.write(describePairing(pairing.value, Date.now()))
  return 0
}
