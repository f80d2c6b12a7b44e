/** @file Unit tests of the secrets adapter: PIN hashes match the shipped restaurant, tokens and codes have their shapes. */
import { describe, expect, test } from 'vitest'
import { createSecrets } from '../../../main/adapters/secrets/secrets.ts'
import type { Staff } from '../../../shared/domain/documents.ts'
import { demoDocuments, PINS } from '../../support/core.ts'

const secrets = createSecrets()
const staff = demoDocuments.staff as Staff

describe('secrets', () => {
  test('the published demo PINs belong to one person each', async () => {
    for (const [role, pin] of Object.entries(PINS)) {
      const hash = await secrets.hashPin(pin, staff.salt)
      const found = staff.members.filter((member) => member.pinHash === hash)
      expect(found.map((member) => member.role)).toEqual([role])
    }
  })

  test('another salt gives another hash', async () => {
    expect(await secrets.hashPin('1111', '00')).not.toBe(await secrets.hashPin('1111', '01'))
  })

  test('ids are version 7 and sort by time', () => {
    const ids = [1, 2, 3].map((ms) => secrets.uuid(1_700_000_000_000 + ms))
    expect([...ids].sort()).toEqual(ids)
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  test('tokens are 256 bits, codes keep their leading zeros', () => {
    expect(Buffer.from(secrets.token(), 'base64url')).toHaveLength(32)
    for (let turn = 0; turn < 50; turn++) expect(secrets.digits(8)).toMatch(/^\d{8}$/)
  })
})
