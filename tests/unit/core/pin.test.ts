/** @file PINs: hashing, and finding their owner among the staff. */
import { expect, test } from 'vitest'
import { findByPin, hashPin } from '../../../main/core/pin.ts'
import demo from '../../../resources/demo-restaurant.json' with { type: 'json' }
import { type Staff, staffSchema } from '../../../shared/domain/documents.ts'

const staff: Staff = staffSchema.parse(demo.staff)

test('the demo staff sign in with the PINs the manual names', async () => {
  const pins = {
    ana: '1111',
    ben: '2222',
    chidi: '3333',
    dora: '4444',
    emil: '5555',
    farah: '9999',
    gus: '0000',
  }
  for (const [id, pin] of Object.entries(pins)) expect((await findByPin(staff, pin))?.id).toBe(id)
})

test('a hash is 32 bytes and depends on PIN and salt', async () => {
  const hash = await hashPin('1234', 'aa'.repeat(16))
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(await hashPin('1234', 'aa'.repeat(16))).toBe(hash)
  expect(await hashPin('1235', 'aa'.repeat(16))).not.toBe(hash)
  expect(await hashPin('1234', 'bb'.repeat(16))).not.toBe(hash)
})

test('wrong PINs, people who left, people without a PIN and shared PINs find nobody', async () => {
  expect(await findByPin(staff, '4321')).toBeUndefined()
  const without = (change: (member: Staff['members'][number]) => Staff['members'][number]) => ({
    ...staff,
    members: staff.members.map(change),
  })
  expect(
    await findByPin(
      without((member) => ({ ...member, active: false })),
      '1111',
    ),
  ).toBeUndefined()
  const bare = without(({ id, name, role, active }) => ({ id, name, role, active }))
  expect(await findByPin(bare, '1111')).toBeUndefined()
  expect(
    await findByPin(
      without((member) => ({ ...member, pinHash: 'ab' })),
      '1111',
    ),
  ).toBeUndefined()
  const twin = { ...(staff.members[0] as Staff['members'][number]), id: 'twin' }
  expect(await findByPin({ ...staff, members: [...staff.members, twin] }, '1111')).toBeUndefined()
})
