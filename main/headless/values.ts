/** @file Values of options and environment variables. Pure; throws an Error that names the option. */

export type Environment = Readonly<Record<string, string | undefined>>

/** A number between bounds, whole unless said otherwise; `fallback` when there is none. Throws when it is not one. */
export function number(
  name: string,
  text: string | undefined,
  fallback: number,
  { least, most, whole = true }: { least: number; most: number; whole?: boolean },
): number {
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (Number.isFinite(value) && value >= least && value <= most && (!whole || Number.isInteger(value)))
    return value
  throw new Error(`${name} ${text}: give a number from ${least} to ${most}`)
}

/** A switch as people write it in environment files; undefined when it is not set. Throws on anything else. */
export function onOff(name: string, text: string | undefined): boolean | undefined {
  if (text === undefined || text === '') return undefined
  if (/^(1|true|on|yes)$/i.test(text)) return true
  if (/^(0|false|off|no)$/i.test(text)) return false
  throw new Error(`${name}=${text}: use 1 or 0`)
}

/** A comma list without blanks. */
export function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
}
