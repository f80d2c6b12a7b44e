/** @file What the hub says on the terminal when something is wrong. Writes to standard error, may end this process. */

/** Exit code for what the person at the terminal can put right: a wrong option, a taken port, a locked store. */
const EXIT_USAGE = 2

/** One line for the person at the terminal. */
export function say(message: string): void {
  process.stderr.write(`plate-hub: ${message}\n`)
}

export function complain(message: string): never {
  say(message)
  process.exit(EXIT_USAGE)
}
