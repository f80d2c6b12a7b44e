/** @file What every page stands in: the client, its sounds and words, and the messages when the core refuses this screen or a manager locked this PC. Touches the document. */
import { type ReactNode, StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import type { Client } from '../../shared/client/client.ts'
import type { ScreenKind } from '../../shared/domain/roles.ts'
import { Guard } from './components/guard.tsx'
import { LockedOr } from './components/locked.tsx'
import { forgetReload, Refused } from './components/refused.tsx'
import { openClient } from './connect.ts'
import { ClientContext, useClientState } from './hooks.ts'
import { createSounds, type Sounds, SoundsContext } from './sound.ts'
import { applyTheme } from './theme.ts'
import { Worded } from './words.ts'
import './tokens.css'
import './base.css'
import './components/components.css'

function RefusedOr({ children }: { children: ReactNode }) {
  const refused = useClientState((state) => (state.link === 'refused' ? state.failure : null))
  const online = useClientState((state) => state.link === 'online')
  useEffect(() => {
    if (online) forgetReload()
  }, [online])
  return refused ? <Refused failure={refused} /> : children
}

/** Wraps a page's content. */
export function Screen(props: { client: Client; sounds: Sounds; children: ReactNode }) {
  const { client, sounds, children } = props
  return (
    <Guard>
      <ClientContext value={client}>
        <SoundsContext value={sounds}>
          <Worded>
            <RefusedOr>
              <LockedOr>{children}</LockedOr>
            </RefusedOr>
          </Worded>
        </SoundsContext>
      </ClientContext>
    </Guard>
  )
}

/** Starts a page: called once by each main.tsx. */
export function start(kind: ScreenKind, content: ReactNode): void {
  applyTheme(location.search)
  const root = document.getElementById('root')
  if (!root) throw new Error('The page has no #root.')
  const station = new URLSearchParams(location.search).get('station')
  const client = openClient(kind, kind === 'kitchen' ? station : null)
  createRoot(root).render(
    <StrictMode>
      <Screen client={client} sounds={createSounds()}>
        {content}
      </Screen>
    </StrictMode>,
  )
}
