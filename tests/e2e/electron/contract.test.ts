/** @file The contract suite over Electron IPC: the same cases that memory and WebSocket pass, through real windows. */
import type { Page } from '@playwright/test'
import type { Port } from '../../../shared/contract/port.ts'
import type { ScreenKind } from '../../../shared/domain/roles.ts'
import { contractCases } from '../../contract/cases.ts'
import { test } from './app.ts'
import { sharedApp } from './shared-app.ts'

const plate = sharedApp({ windows: ['console', 'kitchen:grill', 'expo', 'manager'] })

interface InPage {
  plate: { connect(): Port }
  tested: Record<string, Port>
  heard(id: string, frame: string | null): void
}

type Hear = (frame: string | null) => void
const pages = new Map<ScreenKind, { page: Page; hear: Map<string, Hear> }>()
let ports = 0

/** The window of a kind, with the page's own client silenced: a page has one connection, and now the suite uses it. */
async function windowOf(kind: ScreenKind) {
  const known = pages.get(kind)
  if (known) return known
  const page = await plate().page(kind)
  const hear = new Map<string, Hear>()
  await page.exposeFunction('heard', (id: string, frame: string | null) => hear.get(id)?.(frame))
  await page.evaluate(() => {
    // The client comes back by a timer; without timers it stays away.
    window.setTimeout = (() => 0) as unknown as typeof window.setTimeout
    Object.assign(window, { tested: {} })
  })
  const opened = { page, hear }
  pages.set(kind, opened)
  return opened
}

/** A port whose far end is `window.plate.connect()` in the window of this kind. */
async function connect(kind: ScreenKind): Promise<Port> {
  const { page, hear } = await windowOf(kind)
  const id = String(++ports)
  const early: string[] = []
  let receive: ((frame: string) => void) | undefined
  let closed: (() => void) | undefined
  let over = false
  hear.set(id, (frame) => {
    if (frame === null) {
      over = true
      closed?.()
    } else if (receive) receive(frame)
    else early.push(frame)
  })
  await page.evaluate((name) => {
    const { plate: bridge, tested, heard } = window as unknown as InPage
    const port = bridge.connect()
    tested[name] = port
    port.onMessage((frame) => heard(name, frame))
    port.onClose(() => heard(name, null))
  }, id)
  return {
    send(frame) {
      void page.evaluate(
        ([name, text]) => (window as unknown as InPage).tested[name ?? '']?.send(text ?? ''),
        [id, frame],
      )
    },
    onMessage(listener) {
      receive = listener
      for (const frame of early.splice(0)) listener(frame)
    },
    onClose(listener) {
      closed = listener
      if (over) listener()
    },
    close() {
      void page.evaluate((name) => (window as unknown as InPage).tested[name]?.close(), id)
      over = true
      closed?.()
    },
  }
}

for (const { name, run } of contractCases) test(name, () => run({ connect }))
