/** @file The cloud in memory: the way there. Counts every request, and lets the network's faults happen around it. */
import type { CloudAnswer } from '../../../main/core/ports.ts'
import { AWAY } from './answers.ts'
import type { CallName, FakeCloudServer } from './shapes.ts'

/** How long a call may take. */
const CALL_MS = 10_000
const LATE = { ok: false as const, error: { ...AWAY, late: true as const } }

/** Events that an answer brings. */
function sizeOf(answer: CloudAnswer<unknown>): number {
  const page = answer.ok ? (answer.value as { events?: unknown[] } | null) : null
  return page?.events?.length ?? 0
}

/** Whether this takes longer than `ms`. */
async function outlasts(held: Promise<void> | null | undefined, ms: number | undefined): Promise<boolean> {
  if (!held || ms === undefined) return held?.then(() => false) ?? false
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(true), ms)
  const answer = await Promise.race([held.then(() => false), late])
  clearTimeout(timer)
  return answer
}

export interface Request<T> {
  call: CallName
  device: string
  /** Events it sends. */
  events?: number
  work(): CloudAnswer<T>
  /** Which connection it goes over, for those that have one. */
  line?: number
  /** Longest time (ms) it may take. */
  within?: number | undefined
}

export interface Network {
  calls: FakeCloudServer['calls']
  most: FakeCloudServer['most']
  request<T>(request: Request<T>): Promise<CloudAnswer<T>>
}

/** The network; `faults` may change at any time. */
export function createNetwork(faults: () => FakeCloudServer['faults']): Network {
  const underWay = new Map<string, number>()
  const busiest = new Map<CallName, number>()
  const calls: FakeCloudServer['calls'] = []

  /** Under way under `key`, while `task` takes. */
  async function counted<T>(call: CallName, key: string, task: () => Promise<T>): Promise<T> {
    const now = (underWay.get(key) ?? 0) + 1
    underWay.set(key, now)
    busiest.set(call, Math.max(busiest.get(call) ?? 0, now))
    try {
      return await task()
    } finally {
      underWay.set(key, (underWay.get(key) ?? 0) - 1)
    }
  }

  return {
    calls,
    most: (call) => busiest.get(call) ?? 0,
    request({ call, device, events = 0, work, line = 0, within }) {
      calls.push({ call, device, events })
      return counted(call, `${call} ${device} ${line}`, async () => {
        await Promise.resolve()
        const trouble = faults()
        const failure = trouble.fail?.(call, device)
        const pace = trouble.pace?.(call, device) ?? 0
        const tooSlow = events * pace > CALL_MS
        const answer = failure ? { ok: false as const, error: failure } : tooSlow ? LATE : work()
        const time = pace * (events || sizeOf(answer))
        if (time > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(time, CALL_MS)))
        if (await outlasts(trouble.hold?.(call, device), within)) return { ok: false, error: AWAY }
        if (time > CALL_MS) return LATE
        return !failure && trouble.lose?.(call, device) ? { ok: false, error: AWAY } : answer
      })
    },
  }
}
