/** @file PINs: hashes them and finds their owner. Uses node:crypto; keeps and logs nothing. */
import { scrypt, timingSafeEqual } from 'node:crypto'
import type { Staff } from '../../shared/domain/documents.ts'

type Member = Staff['members'][number]

/** 2^14 rounds take about 50 ms and 16 MiB: nothing to a person, much to somebody who tries all PINs of a stolen file. */
const COST = { N: 2 ** 14, r: 8, p: 1 }
const BYTES = 32

function derive(pin: string, salt: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, Buffer.from(salt, 'hex'), BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

/** The hash (hex) of a PIN with the staff document's salt (hex). Works off the main thread. */
export async function hashPin(pin: string, salt: string): Promise<string> {
  return (await derive(pin, salt)).toString('hex')
}

function matches(member: Member, key: Buffer): boolean {
  const known = Buffer.from(member.pinHash ?? '', 'hex')
  return known.length === key.length && timingSafeEqual(known, key)
}

/**
 * The active member with this PIN, or undefined. One hash whoever it is, and everybody is compared, so that the time
 * taken tells nothing about who or whether. Of two with the same PIN neither is found: nobody acts in another's name.
 */
export async function findByPin(staff: Staff, pin: string): Promise<Member | undefined> {
  const key = await derive(pin, staff.salt)
  const found = staff.members.filter((member) => matches(member, key) && member.active)
  return found.length === 1 ? found[0] : undefined
}
