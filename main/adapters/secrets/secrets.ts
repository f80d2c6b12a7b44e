/** @file Randomness and hashes from Node's crypto, behind the core's Secrets port. */
import { createHash, randomBytes, randomInt, scrypt } from 'node:crypto'
import { uuidv7 } from '../../../shared/domain/uuid.ts'
import type { Secrets } from '../../core/ports.ts'

/** scrypt parameters: about 40 ms and 16 MB per PIN on a small PC, so that guessing from a stolen list is slow. */
const SCRYPT = { N: 2 ** 14, r: 8, p: 1 }
const HASH_BYTES = 32

function hashPin(pin: string, salt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(pin, Buffer.from(salt, 'hex'), HASH_BYTES, SCRYPT, (error, hash) =>
      error ? reject(error) : resolve(hash.toString('hex')),
    )
  })
}

const UUID_BYTES = 10

/** Random bytes in small pieces from one larger request: an order takes half a dozen ids, and each request costs a call. */
function createPool(): () => Uint8Array {
  let pool = randomBytes(UUID_BYTES * 256)
  let used = 0
  return () => {
    if (used === pool.length) {
      pool = randomBytes(pool.length)
      used = 0
    }
    used += UUID_BYTES
    return pool.subarray(used - UUID_BYTES, used)
  }
}

/** The machine's own randomness. */
export function createSecrets(): Secrets {
  const random = createPool()
  return {
    uuid: (at) => uuidv7(at, random()),
    token: () => randomBytes(32).toString('base64url'),
    digits: (digits) => String(randomInt(0, 10 ** digits)).padStart(digits, '0'),
    hash: (token) => createHash('sha256').update(token).digest('hex'),
    hashPin,
  }
}
