/** @file Runs a hub until a signal: start, joining a restaurant, starting again, the way out. Ends this process. */
import { setTimeout as pause } from 'node:timers/promises'
import { say } from '../../shared/domain/messages/index.ts'
import { createLog } from '../adapters/log/index.ts'
import { createMetrics } from '../adapters/metrics/index.ts'
import type { Log } from '../core/ports.ts'
import { saysOf } from '../core/says.ts'
import { tellParent, welcome } from './announce.ts'
import type { HubArguments } from './arguments.ts'
import { openBrowser } from './browser.ts'
import { giveUp, tell } from './complain.ts'
import { joinCloud } from './join.ts'
import { createLife, type Life } from './life.ts'
import { program } from './places.ts'
import { type HubHost, type RunningHub, startHub } from './start.ts'

/** Runs the hub; returns once it has started, or ends the process with a sentence. */
export async function runHub(wanted: HubArguments, dataDir: string): Promise<void> {
  const log = createLog({ level: wanted.logLevel })
  let next = wanted
  let joining = new AbortController()
  let first = true

  const host: HubHost = {
    log,
    metrics: createMetrics({ process: true }),
    program: program(),
    restart() {
      log.info('hub.restarting')
      joining.abort()
      life.restart().catch(failed)
    },
  }
  const ending = new AbortController()
  const start = async () => {
    const running = await untilWritable(() => startHub(next, dataDir, host), ending.signal)
    next = asBefore(wanted, running)
    return running
  }
  const begun = (running: RunningHub) => {
    process.stdout.write(first ? `${welcome(running)}\n` : 'Plate has started again.\n')
    tellParent(running, process.env.PLATE_READY_FD)
    if (first) {
      if (wanted.open) void open(running)
      joining = new AbortController()
      void join(running, wanted, joining.signal)
    }
    first = false
  }
  const failed = (error: Error) => {
    if (!ending.signal.aborted) giveUp(error)
  }
  const life = createLife(start, begun)
  endOnSignal(life, log, () => {
    ending.abort()
    joining.abort()
  })
  // What people read may go to a file on a full disk: that costs the text, never the kitchen.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  await life.begin().catch(failed)
}

/** What a disk says that takes no writes, which may pass. */
const REFUSING = new Set(['storeFull', 'storeReadOnly', 'ENOSPC', 'EDQUOT', 'EROFS'])
const AGAIN_MS = 5_000

/**
 * Starts a hub. On a disk that takes no writes and holds nothing that could be shown meanwhile, says so once and tries
 * until it does.
 */
async function untilWritable<T>(start: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let said = false; ; said = true) {
    try {
      return await start()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (signal.aborted || !REFUSING.has(code ?? '')) throw error
      if (!said) tell(say('hub.noScreensYet', { message: saysOf(error) }))
      await pause(AGAIN_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}

const portOf = (url: string) => Number(new URL(url).port)

/** What the next start is asked for: the ports of this one, and the network as people have switched it since. */
export function asBefore(
  wanted: HubArguments,
  { url, tlsUrl }: Pick<RunningHub, 'url' | 'tlsUrl'>,
): HubArguments {
  return { ...wanted, port: portOf(url), tlsPort: tlsUrl ? portOf(tlsUrl) : wanted.tlsPort, lan: undefined }
}

async function open({ hub }: RunningHub): Promise<void> {
  const [link] = hub.links()
  if (link && !(await openBrowser(link.url.replace(/&to=.*$/, '&to=/'))))
    process.stdout.write('There is no browser to open here; use one of the addresses above.\n')
}

async function join({ core }: RunningHub, { cloud }: HubArguments, signal: AbortSignal): Promise<void> {
  if (!cloud) return
  const wait = (ms: number) => pause(ms, undefined, { signal }).catch(() => undefined)
  await joinCloud(cloud, { core, tell, wait, stopped: () => signal.aborted })
}

function endOnSignal(life: Life, log: Log, ending: () => void): void {
  let stopping = false
  const end = (signal: NodeJS.Signals) => {
    // A second Ctrl+C means it: the store recovers from that.
    if (stopping) process.exit(1)
    stopping = true
    log.info('hub.stopping', { signal })
    ending()
    life.end().then(
      () => process.exit(0),
      (error: Error) => {
        log.error('hub.stopFailed', { error })
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', end).on('SIGTERM', end)
}
