/** @file How a device code is written: ten letters and digits, capitals, in two groups. Pure. */

export const CODE_LENGTH = 10
const HALF = CODE_LENGTH / 2

/** `code` as it is written, e.g. K7Q2M-4XW9T; shorter while it is being typed. */
export function grouped(code: string): string {
  const plain = code
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .slice(0, CODE_LENGTH)
  return plain.length > HALF ? `${plain.slice(0, HALF)}-${plain.slice(HALF)}` : plain
}

/** Whether `code`, as written, has all its letters. */
export function isWhole(code: string): boolean {
  return code.length === CODE_LENGTH + 1
}
