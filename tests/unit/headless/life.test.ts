/** @file The hub's life in one process: restarts and signals in any order. Pure. */
import { expect, test } from 'vitest'
import { createLife } from '../../../main/headless/life.ts'

/** Hubs that tell what happens to them; `gates` hold their starts back until they are opened. */
function hubs(gates: Promise<void>[] = []) {
  const told: string[] = []
  let count = 0
  const start = async () => {
    const name = `hub ${++count}`
    told.push(`${name} starts`)
    await gates[count - 1]
    return { name, stop: async () => void told.push(`${name} stops`) }
  }
  return { told, life: createLife(start, ({ name }) => told.push(`${name} runs`)) }
}

test('a restart stops the old one before the new one starts', async () => {
  const { told, life } = hubs()
  await life.begin()
  await life.restart()
  await life.end()
  expect(told).toEqual([
    'hub 1 starts',
    'hub 1 runs',
    'hub 1 stops',
    'hub 2 starts',
    'hub 2 runs',
    'hub 2 stops',
  ])
})

test('an end in the middle of a restart stops the new one and starts no other', async () => {
  const gate = Promise.withResolvers<void>()
  const { told, life } = hubs([Promise.resolve(), gate.promise])
  await life.begin()
  const again = life.restart()
  while (!told.includes('hub 2 starts')) await Promise.resolve()
  const end = life.end()
  const late = life.restart()
  gate.resolve()
  await Promise.all([again, end, late])
  expect(told.slice(2)).toEqual(['hub 1 stops', 'hub 2 starts', 'hub 2 stops'])
})

test('an end right after a restart was asked for starts nothing new', async () => {
  const { told, life } = hubs()
  await life.begin()
  await Promise.all([life.restart(), life.end()])
  expect(told.slice(2)).toEqual(['hub 1 stops'])
})

test('a start that fails is told; nothing is left to stop', async () => {
  const told: string[] = []
  const life = createLife(
    async () => {
      throw new Error('Port 4680 is already in use.')
    },
    () => told.push('runs'),
  )
  await expect(life.begin()).rejects.toThrow('4680')
  await life.end()
  expect(told).toEqual([])
})
