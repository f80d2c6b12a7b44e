/** @file A full disk: a clear refusal, nothing half written, and orders again as soon as there is room. Real limits on a process of its own. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type Child, eventIds, folder, openStore, startChild, works } from './support.ts'

const canLimit = works('prlimit', '--version')
const canMount = works('unshare', '-rm', 'true')
const full = (dir: string) => ({ code: 'store.full', params: { folder: dir } })

async function untilRefused(child: Child, dir: string): Promise<string[]> {
  const acknowledged: string[] = []
  for (;;) {
    const said = await child.next()
    if (said.refused) {
      expect(said).toEqual({ refused: { code: 'storeFull', says: full(dir) } })
      return acknowledged
    }
    acknowledged.push(...said.acknowledged)
  }
}

test.skipIf(!canLimit)(
  'a limit is reached and lifted: nothing acknowledged is lost, nothing refused is kept',
  async () => {
    const dir = folder()
    const child = startChild('full', dir, [], ['prlimit', '--fsize=700000:unlimited'])
    expect(await child.next()).toBe('open')
    const acknowledged = await untilRefused(child, dir)
    expect(acknowledged.length).toBeGreaterThan(20)
    expect(await child.next()).toMatchObject({ health: { ok: false, says: full(dir) } })
    expect(works('prlimit', `--pid=${child.process.pid}`, '--fsize=unlimited:unlimited')).toBe(true)
    child.tell()
    acknowledged.push(...(await child.next()).acknowledged)
    expect(await child.next()).toMatchObject({ health: { ok: true, says: null } })
    expect(await child.next()).toBe('closed')
    const { store, loaded } = await openStore(dir)
    expect(await eventIds(store)).toEqual(acknowledged)
    expect(loaded.notices).toEqual([])
  },
)

test.skipIf(!canMount)(
  'a disk that fills up is reported, and works again when a file is deleted',
  async () => {
    const dir = folder()
    mkdirSync(path.join(dir, 'disk'))
    const disk = path.join(dir, 'disk')
    const small = [
      'unshare',
      '-rm',
      'sh',
      '-c',
      `mount -t tmpfs -o size=2m none '${disk}' && exec "$@"`,
      'sh',
    ]
    const child = startChild('full', disk, [path.join(disk, 'filler')], small)
    expect(await child.next()).toBe('open')
    await untilRefused(child, disk)
    expect(await child.next()).toMatchObject({ health: { ok: false, says: full(disk) } })
    child.tell()
    expect(await child.next()).toMatchObject({ acknowledged: expect.anything() })
    expect(await child.next()).toMatchObject({ health: { ok: true } })
    expect(await child.next()).toBe('closed')
  },
)

test.skipIf(!canLimit)('a store on a disk that is full at the start opens, and says what to do', async () => {
  const dir = folder()
  const child = startChild('hold', dir, [], ['prlimit', '--fsize=3000'])
  expect(await child.next()).toEqual({ trouble: { code: 'storeFull', says: full(dir) } })
})
