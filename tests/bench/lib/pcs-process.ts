/** @file The process behind openPcs: starts PCs when asked over IPC and tells how they are. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Core } from '../../../main/core/api.ts'
import { type PcFigures, type PcWish, startPc } from './pcs.ts'
import { residentMb, round } from './report.ts'

const cores: Core[] = []
const loop = monitorEventLoopDelay({ resolution: 10 })
loop.enable()
let cpu = process.cpuUsage()
const held = watchHeld()

/**
 * The longest stretch of work, ms, that this thread did between two looks at its timers, as CPU time: what other programs
 * on the machine take of it does not count. Up to 5 ms of it may be several stretches.
 */
function watchHeld(): { most: number } {
  const watch = { most: 0 }
  let before = process.threadCpuUsage()
  setInterval(() => {
    const { user, system } = process.threadCpuUsage(before)
    before = process.threadCpuUsage()
    watch.most = Math.max(watch.most, (user + system) / 1000)
  }, 5).unref()
  return watch
}

async function figures(): Promise<PcFigures> {
  const used = process.cpuUsage(cpu)
  cpu = process.cpuUsage()
  const health = await Promise.all(cores.map((core) => core.health()))
  // The monitor counts its own interval of 10 ms as no delay.
  const loopP99Ms = round(Math.max(0, loop.percentile(99) / 1e6 - 10))
  const loopMaxMs = round(Math.max(0, loop.max / 1e6 - 10))
  const heldMaxMs = round(held.most)
  loop.reset()
  held.most = 0
  return {
    cpuMs: (used.user + used.system) / 1000,
    loopP99Ms,
    loopMaxMs,
    heldMaxMs,
    residentMb: residentMb(process.pid),
    cloud: health.map(({ cloud }) => ({
      state: cloud?.state ?? 'none',
      behind: cloud?.behind ?? 0,
      outbox: cloud?.outbox ?? 0,
      cursorCurrentAt: cloud?.currentAt ?? null,
    })),
  }
}

async function handle(what: string, wish?: PcWish): Promise<unknown> {
  if (what === 'figures') return figures()
  if (what === 'start' && wish) {
    const { core, door } = await startPc(wish)
    cores.push(core)
    return door
  }
  for (const core of cores) await core.stop()
  process.exit(0)
}

process.on('message', ({ id, what, wish }: { id: number; what: string; wish?: PcWish }) => {
  handle(what, wish).then(
    (value) => process.send?.({ id, value }),
    (error: Error) => process.send?.({ id, error: error.message }),
  )
})
