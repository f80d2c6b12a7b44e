/** @file Draws a page over a fake core, with sounds that are only counted. */
import type { ReactNode } from 'react'
import { render } from 'vitest-browser-react'
import { Screen } from '../../renderer/shared/screen.tsx'
import type { Chime, SoundState, Sounds } from '../../renderer/shared/sound.ts'
import type { Client } from '../../shared/client/client.ts'
import type { ScreenKind } from '../../shared/domain/roles.ts'
import type { FakeCore } from './fake-core.ts'

/** Sounds that keep a list instead of making noise. */
export function fakeSounds(first: SoundState = 'on') {
  const listeners = new Set<() => void>()
  let state = first
  const played: Chime[] = []
  const sounds: Sounds & { played: Chime[] } = {
    get state() {
      return state
    },
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    played,
    play: (chime) => void (state === 'on' && played.push(chime)),
    async enable() {
      state = 'on'
      for (const listener of listeners) listener()
    },
  }
  return sounds
}

const open: Client[] = []

export async function show(core: FakeCore, kind: ScreenKind, page: ReactNode, sounds = fakeSounds()) {
  const client = core.client(kind)
  open.push(client)
  const screen = await render(
    <Screen client={client} sounds={sounds}>
      <div style={{ position: 'fixed', inset: 0 }}>{page}</div>
    </Screen>,
  )
  return { screen, client, sounds }
}

/** Ends what the test opened. */
export function closeAll(core: FakeCore): void {
  for (const client of open.splice(0)) client.close()
  core.stop()
}
