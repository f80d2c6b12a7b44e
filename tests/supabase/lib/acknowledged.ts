/** @file What a PC acknowledged, heard on the wire: whatever goes wrong later, none of it may be missing anywhere. Test kit; pure. */
import assert from 'node:assert/strict'
import type { Port } from '../../../shared/contract/port.ts'
import type { ServerFrame } from '../../../shared/contract/wire.ts'
import type { State } from '../../../shared/domain/apply.ts'

interface Placed {
  number: string
  items: string[]
}

/** Everything that one PC said yes to. */
export interface Acknowledged {
  /** Ids of commands, with their names. */
  readonly commands: Map<string, string>
  /** Ids of orders, with the number and the dishes they were taken with. */
  readonly orders: Map<string, Placed>
  /** What was set aside on purpose is no longer promised. */
  forget(): void
}

interface Call {
  t: string
  i: number
  m: string
  id?: string
  a: { order?: string; items?: { id: string }[] } | null
}

export function createAcknowledged(): Acknowledged {
  const commands = new Map<string, string>()
  const orders = new Map<string, Placed>()
  return {
    commands,
    orders,
    forget() {
      commands.clear()
      orders.clear()
    },
  }
}

/** The same port, on which every yes to a command is noted. */
export function listenIn(port: Port, { commands, orders }: Acknowledged): Port {
  const asked = new Map<number, Call>()

  function heard(frame: ServerFrame): void {
    if (frame.t !== 'reply') return
    const call = asked.get(frame.i)
    asked.delete(frame.i)
    if (!call?.id || !frame.ok) return
    commands.set(call.id, call.m)
    if (call.m !== 'placeOrder') return
    const { number } = frame.v as { number: string }
    orders.set(call.a?.order ?? '', { number, items: call.a?.items?.map(({ id }) => id) ?? [] })
  }

  return {
    ...port,
    send(frame) {
      const call = JSON.parse(frame) as Call
      if (call.t === 'call' && call.id) asked.set(call.i, call)
      port.send(frame)
    },
    onMessage: (receive) =>
      port.onMessage((frame) => {
        heard(JSON.parse(frame) as ServerFrame)
        receive(frame)
      }),
  }
}

/** Nothing of it is missing in the server's log and in what that amounts to; no number was given twice in a day. */
export function expectKept(
  state: State,
  log: readonly { event: Record<string, unknown> }[],
  all: readonly Acknowledged[],
): void {
  const there = new Set(log.map(({ event }) => event.command))
  for (const { commands, orders } of all) {
    const lost = [...commands].filter(([id]) => !there.has(id)).map(([id, name]) => `${name} ${id}`)
    assert.deepEqual(lost, [], 'commands that were acknowledged are not in the log')
    for (const [id, { number, items }] of orders) {
      const order = state.orders.get(id)
      assert.equal(order?.opened?.number, number, `order ${id} has another number than was called out`)
      const missing = items.filter((item) => !order?.items[item]?.added)
      assert.deepEqual(missing, [], `dishes of order ${number} are missing`)
    }
  }
  // Every business day counts anew.
  const named = all
    .flatMap(({ orders }) => [...orders.keys()].map((id) => state.orders.get(id)?.opened))
    .map((opened) => `${opened?.day} ${opened?.number}`)
  assert.equal(new Set(named).size, named.length, 'two orders of a day have one number')
}
