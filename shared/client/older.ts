/** @file Commands as a core of the contract before understands them: they did not name what the screen showed. Pure. */

type Args = Readonly<Record<string, unknown>>

/** Members that cores of contract 3 refuse: they took all that stood there. A station's recall brings a ticket back everywhere. */
const UNKNOWN: Readonly<Record<string, readonly string[]>> = {
  startTask: ['saw'],
  bumpTask: ['n', 'saw'],
  recallTask: ['n', 'saw'],
  bumpTicket: ['tasks'],
  recallTicket: ['tasks'],
  fireCourse: ['items'],
}

function without(args: Args, names: readonly string[]): Args {
  return Object.fromEntries(Object.entries(args).filter(([name]) => !names.includes(name)))
}

/** The arguments of a call for a core of the contract before. */
export function asBefore(method: string, args: unknown): unknown {
  const given = args as Args
  if (method === 'serve') {
    const items = given.items as readonly { item: string }[]
    return { ...given, items: items.map(({ item }) => item) }
  }
  const names = UNKNOWN[method]
  return names ? without(given, names) : args
}
