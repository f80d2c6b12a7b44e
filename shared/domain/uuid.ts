/** @file UUID version 7 (RFC 9562): ids that sort by the time they were made. Pure: time and randomness are given. */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Builds a UUIDv7 from `at` (ms UTC) and 10 random bytes. */
export function uuidv7(at: number, random: Uint8Array): string {
  const time = Math.max(0, Math.floor(at)).toString(16).padStart(12, '0').slice(-12)
  const byte = (index: number) => HEX[random[index] ?? 0] ?? '00'
  const versioned = (0x70 | ((random[0] ?? 0) & 0x0f)).toString(16)
  const variant = (0x80 | ((random[2] ?? 0) & 0x3f)).toString(16)
  const tail = byte(4) + byte(5) + byte(6) + byte(7) + byte(8) + byte(9)
  return `${time.slice(0, 8)}-${time.slice(8)}-${versioned}${byte(1)}-${variant}${byte(3)}-${tail}`
}
