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

/** The machine's own randomness. */
export function createSecrets(): Secrets {
  return {
    uuid: (at) => uuidv7(at, randomBytes(10)),
    token: () => randomBytes(32).toString('base64url'),
    digits: (digits) => String(randomInt(0, 10 ** digits)).padStart(digits, '0'),
    hash: (token) => createHash('sha256').update(token).digest('hex'),
    hashPin,
  }
}
