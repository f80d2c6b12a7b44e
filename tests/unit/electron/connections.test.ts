/** @file Who may speak on the windows' channel, and one connection per page. Fakes windows. */
import { beforeEach, expect, test, vi } from 'vitest'
import { Connections, type FrameEvent, refusal } from '../../../main/electron/connections.ts'
import type { WindowRecord } from '../../../main/electron/window-file.ts'
import type { Port } from '../../../shared/contract/port.ts'
import { MAX_FRAME_BYTES } from '../../../shared/contract/wire.ts'

const kitchen: WindowRecord = {
  id: 'kitchen-1',
  role: 'kitchen',
  station: 'grill',
  display: null,
  bounds: null,
  fullscreen: false,
  open: true,
}
const URL = 'plate://app/kitchen/?station=grill'

function contents(id = 1) {
  const mainFrame = { url: URL }
  return { id, mainFrame, send: vi.fn(), isDestroyed: () => false } as unknown as FrameEvent['sender'] & {
    send: ReturnType<typeof vi.fn>
    mainFrame: { url: string }
  }
}

const from = (sender: ReturnType<typeof contents>): FrameEvent => ({ sender, senderFrame: sender.mainFrame })

let served: { port: Port; record: WindowRecord }[]
let counted: number
let connections: Connections

beforeEach(() => {
  served = []
  counted = 0
  const quiet = { debug() {}, info() {}, warn() {}, error() {} }
  connections = new Connections({
    recordOf: ({ id }) => (id === 1 ? kitchen : undefined),
    serve: (port, record) => void served.push({ port, record }),
    log: quiet,
    metrics: { count: () => void counted++, gauge() {}, observe() {} },
  })
})

test('only the main frame of the page of a window of ours may speak', () => {
  const sender = contents()
  const { mainFrame } = sender
  expect(refusal({ sender, senderFrame: mainFrame }, kitchen)).toBeUndefined()
  expect(refusal({ sender, senderFrame: mainFrame }, undefined)).toMatch('not a window of ours')
  expect(refusal({ sender, senderFrame: { url: URL } }, kitchen)).toMatch('not the main frame')
  expect(refusal({ sender, senderFrame: null }, kitchen)).toMatch('gone')
  for (const url of ['plate://app/console/', 'https://app/kitchen/', 'about:blank']) {
    mainFrame.url = url
    expect(refusal({ sender, senderFrame: mainFrame }, kitchen)).toMatch('not the page')
  }
})

test('identity is the record, frames pass both ways in order', () => {
  const sender = contents()
  connections.message(from(sender), 'a', '')
  connections.message(from(sender), 'a', 'early')
  const [{ port, record }] = served as [(typeof served)[0]]
  expect(record).toBe(kitchen)
  const heard: string[] = []
  port.onMessage((frame) => heard.push(frame))
  connections.message(from(sender), 'a', 'later')
  expect(heard).toEqual(['early', 'later'])
  port.send('answer')
  expect(sender.send.mock.calls).toEqual([['plate:frame', 'a', 'answer']])
})

test('refused messages reach nobody and are counted', () => {
  const stranger = contents(2)
  connections.message(from(stranger), 'a', '')
  connections.message(from(contents()), 'a', 7)
  connections.message(from(contents()), { toString: () => 'a' }, '')
  connections.message(from(contents()), 'x'.repeat(65), '')
  expect(served).toEqual([])
  expect(counted).toBe(4)
})

test('a new connection of a window ends the one before', () => {
  const sender = contents()
  const ended = vi.fn()
  connections.message(from(sender), 'a', '')
  served[0]?.port.onClose(ended)
  connections.message(from(sender), 'b', '')
  expect(ended).toHaveBeenCalledOnce()
  connections.message(from(sender), 'a', 'late')
  served[0]?.port.send('nobody hears this')
  expect(sender.send).not.toHaveBeenCalled()
  expect(connections.current(sender)).toBe('b')
})

test('the page ends its connection, or the core does and the page is told', () => {
  const sender = contents()
  connections.message(from(sender), 'a', '')
  connections.message(from(sender), 'a', null)
  expect(connections.current(sender)).toBeUndefined()
  connections.message(from(sender), 'b', '')
  served[1]?.port.close()
  expect(sender.send.mock.calls).toEqual([['plate:frame', 'b', null]])
})

test('a crashed page hears nothing any more; waking ends all connections aloud', () => {
  const sender = contents()
  const ended = vi.fn()
  connections.message(from(sender), 'a', '')
  served[0]?.port.onClose(ended)
  connections.end(sender)
  expect(ended).toHaveBeenCalledOnce()
  expect(sender.send).not.toHaveBeenCalled()
  connections.message(from(sender), 'b', '')
  connections.endAll()
  expect(sender.send.mock.calls).toEqual([['plate:frame', 'b', null]])
})

test('the limit counts bytes, and a frame beyond it ends the connection', () => {
  const sender = contents()
  connections.message(from(sender), 'a', '')
  const heard = vi.fn()
  served[0]?.port.onMessage(heard)
  connections.message(from(sender), 'a', 'x'.repeat(MAX_FRAME_BYTES))
  expect(heard).toHaveBeenCalledOnce()
  connections.message(from(sender), 'a', 'é'.repeat(MAX_FRAME_BYTES / 2 + 1))
  expect(heard).toHaveBeenCalledOnce()
  expect(connections.current(sender)).toBeUndefined()
  expect(counted).toBe(1)
})
