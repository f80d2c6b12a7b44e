/** @file How the scripts talk: headings, durations, one-line failures. Writes to the terminal only. */

/** To stderr, so that a program's own output can be piped. */
export const heading = (text: string): void => console.error(`── ${text}`)

export const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`

/** Ends the script with a message instead of a stack: the reader did something fixable, nothing broke. */
export function stop(message: string): never {
  console.error(message)
  process.exit(1)
}
