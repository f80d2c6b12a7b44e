/** @file Unit tests of a new restaurant whose connection fails on the way: tried again, it is the same one. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AWAY, type CallName, createFakeCloud, PERSON } from '../../support/cloud.ts'
import { endAll, expectEqual, openPc, type Pc, pass, virtualTime } from './cloud-kit.ts'
import { signIn } from './cloud-people.ts'

beforeEach(virtualTime)
afterEach(endAll)

const create = (pc: Pc, token: string, name = 'Trattoria') =>
  pc.call('cloudJoin', { signIn: token, restaurant: { create: name }, take: 'upload' })

async function open() {
  const server = createFakeCloud()
  const pc = await openPc(server, 'main')
  const names = () => [...server.restaurants.values()].map(({ name }) => name)
  /** The next such call fails, or its answer is lost. */
  const once = (fault: 'fail' | 'lose', call: CallName) => {
    let left = 1
    const hits = (made: CallName) => made === call && left-- > 0
    if (fault === 'fail') server.faults.fail = (made) => (hits(made) ? AWAY : null)
    else server.faults.lose = hits
  }
  return { server, pc, names, once }
}

test.each([
  ['the claim fails', 'fail', 'claim'],
  ['the answer of the claim is lost', 'lose', 'claim'],
  ['it cannot be made', 'fail', 'create'],
  ['the answer of making it is lost', 'lose', 'create'],
] as const)('%s: one restaurant in the end, with everything in it', async (_what, fault, call) => {
  const { server, pc, names, once } = await open()
  // One of that name was there before; it is not the one.
  const twin = server.restaurant('Trattoria')
  const { signIn: token } = await signIn(pc)
  once(fault, call)
  expect(await create(pc, token)).toMatchObject({ ok: false, e: { code: 'cloudAway' } })
  // Also after signing in once more, and however it is typed.
  const { signIn: again } = await signIn(pc, { ...PERSON })
  expect(await create(pc, again, ' Trattoria ')).toMatchObject({ ok: true })
  await pass(500)
  expect(names()).toHaveLength(2)
  const made = [...server.restaurants.values()].find(({ id }) => id !== twin.id)
  if (!made) throw new Error('nothing was made')
  expectEqual(made, pc)
})

test('another name is another restaurant, and so is the same one once a PC is in it', async () => {
  const { pc, names, once } = await open()
  const { signIn: token } = await signIn(pc)
  once('fail', 'claim')
  await create(pc, token)
  once('fail', 'claim')
  await create(pc, token, 'Osteria')
  expect(await create(pc, token)).toMatchObject({ ok: true })
  await pass(500)
  await pc.call('cloudLeave')
  expect(await create(pc, token)).toMatchObject({ ok: true })
  expect(names()).toEqual(['Trattoria', 'Osteria', 'Trattoria'])
})

test('while the cloud cannot say whether it was made, none is made', async () => {
  const { server, pc, names, once } = await open()
  const { signIn: token } = await signIn(pc)
  once('lose', 'create')
  await create(pc, token)
  server.faults.fail = (call) => (call === 'restaurants' ? AWAY : null)
  expect(await create(pc, token)).toMatchObject({ ok: false, e: { code: 'cloudAway' } })
  server.faults.fail = null
  expect(await create(pc, token)).toMatchObject({ ok: true })
  expect(names()).toEqual(['Trattoria'])
})
