/** @file The hub's certificates: names, renewal, permanence, and what happens to broken files. Writes to temporary folders. */
import { X509Certificate } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createCertificates } from '../../../main/adapters/tls/index.ts'
import { quietLog } from '../../support/ports.ts'
import { pushableClock, testDir } from './harness.ts'

const DAY_MS = 86_400_000
const NAMES = ['box', 'box.local', 'localhost', '127.0.0.1', '192.168.1.20', 'fd00::2', 'kitchen.example']

function setUp(dir = testDir()) {
  const clock = pushableClock()
  return {
    dir,
    clock,
    certificates: createCertificates({ dir, name: 'Ali’s, "Grill"', clock, log: quietLog }),
  }
}

test('the certificate is for all names and addresses, signed by an authority of its own', async () => {
  const { certificates } = setUp()
  const { cert, ca, fingerprints } = await certificates.current(NAMES)
  const leaf = new X509Certificate(cert)
  const authority = new X509Certificate(ca)
  for (const name of ['box', 'box.local', 'localhost', 'kitchen.example'])
    expect(leaf.checkHost(name)).toBe(name)
  for (const ip of ['127.0.0.1', '192.168.1.20', 'fd00::2']) expect(leaf.checkIP(ip)).toBe(ip)
  expect(leaf.checkHost('evil.example')).toBeUndefined()
  expect(leaf.ca).toBe(false)
  expect(authority.ca).toBe(true)
  expect(leaf.checkIssued(authority) && leaf.verify(authority.publicKey)).toBe(true)
  expect(fingerprints).toEqual({ leaf: leaf.fingerprint256, ca: authority.fingerprint256 })
  expect(authority.subject).toContain('CN=Plate Ali s')
})

test('lifetimes are what browsers accept, and clocks a little behind are let in', async () => {
  const { certificates } = setUp()
  const { cert, ca } = await certificates.current(NAMES)
  const days = (text: string) => {
    const { validFromDate, validToDate } = new X509Certificate(text)
    return (validToDate.getTime() - validFromDate.getTime()) / DAY_MS
  }
  expect(days(cert)).toBeLessThanOrEqual(397)
  expect(days(ca)).toBe(3_650)
  expect(new X509Certificate(cert).validFromDate.getTime()).toBeLessThan(Date.now() - DAY_MS / 2)
})

test('files are for this user only, and keep the identity across starts', async () => {
  const { dir, certificates } = setUp()
  const first = await certificates.current(NAMES)
  for (const file of readdirSync(dir)) expect(statSync(path.join(dir, file)).mode & 0o077).toBe(0)
  const again = await setUp(dir).certificates.current(NAMES.toReversed())
  expect(again.fingerprints).toEqual(first.fingerprints)
})

test('it is renewed 30 days before its end, under the same authority', async () => {
  const { clock, certificates } = setUp()
  const first = await certificates.current(NAMES)
  clock.push(360 * DAY_MS)
  expect((await certificates.current(NAMES)).fingerprints).toEqual(first.fingerprints)
  clock.push(10 * DAY_MS)
  const renewed = await certificates.current(NAMES)
  expect(renewed.fingerprints.leaf).not.toBe(first.fingerprints.leaf)
  expect(renewed.fingerprints.ca).toBe(first.fingerprints.ca)
})

test('it is renewed when addresses change', async () => {
  const { certificates } = setUp()
  const first = await certificates.current(NAMES)
  const moved = await certificates.current([...NAMES, '10.0.0.7'])
  expect(moved.fingerprints.leaf).not.toBe(first.fingerprints.leaf)
  expect(moved.fingerprints.ca).toBe(first.fingerprints.ca)
  expect(new X509Certificate(moved.cert).checkIP('10.0.0.7')).toBe('10.0.0.7')
})

test('broken or foreign files are replaced', async () => {
  const { dir, certificates } = setUp()
  const first = await certificates.current(NAMES)
  writeFileSync(path.join(dir, 'hub.crt'), 'not a certificate')
  const mended = await certificates.current(NAMES)
  expect(mended.fingerprints.ca).toBe(first.fingerprints.ca)
  const other = testDir()
  await setUp(other).certificates.current(NAMES)
  writeFileSync(path.join(dir, 'ca.key'), readFileSync(path.join(other, 'ca.key')))
  const fresh = await certificates.current(NAMES)
  expect(fresh.fingerprints.ca).not.toBe(first.fingerprints.ca)
  expect(new X509Certificate(fresh.cert).verify(new X509Certificate(fresh.ca).publicKey)).toBe(true)
})

test('certificates that cannot be kept now are used all the same, and kept once they can be', async () => {
  const dir = testDir()
  const blocked = ['ca.key.new', 'hub.key.new'].map((name) => path.join(dir, name))
  for (const name of blocked) mkdirSync(name)
  const warnings: string[] = []
  const log = { ...quietLog, warn: (event: string) => void warnings.push(event) }
  const clock = pushableClock()
  const certificates = createCertificates({ dir, name: 'Box', clock, log })
  const first = await certificates.current(NAMES)
  expect(await certificates.current(NAMES)).toEqual(first)
  expect(warnings).toEqual(['tls.notKept', 'tls.notKept'])
  for (const name of blocked) rmdirSync(name)
  expect(await certificates.current(NAMES)).toEqual(first)
  expect(await setUp(dir).certificates.current(NAMES)).toEqual(first)
})
