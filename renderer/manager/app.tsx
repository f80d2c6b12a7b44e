/** @file The manager's page: what is late, which screens and other sites are there, who did what. Reads the client. */
import { useState } from 'react'
import type { Person } from '../../shared/contract/contract.ts'
import { Banners } from '../shared/components/banners.tsx'
import { Clock } from '../shared/components/clock.tsx'
import { Freshness } from '../shared/components/freshness.tsx'
import { SignInGate } from '../shared/components/sign-in.tsx'
import { useStatus } from '../shared/hooks.ts'
import { AuditLog } from './audit-log.tsx'
import { CloudPage } from './cloud/cloud-page.tsx'
import { type Connecting, SetupContext } from './cloud/setup-memory.ts'
import { Devices } from './devices.tsx'
import { Network } from './network.tsx'
import { OpenTickets } from './open-tickets.tsx'
import { Setup } from './setup.tsx'
import { Times } from './times.tsx'
import './manager.css'

const TABS = {
  Tickets: OpenTickets,
  Times,
  Devices,
  Network,
  Cloud: CloudPage,
  Log: AuditLog,
  Setup,
} as const
type Tab = keyof typeof TABS

/** What waits for a person, counted on the way there. */
function Parked() {
  const parked = useStatus('cloud')?.parked ?? 0
  if (parked === 0) return null
  return (
    <span className="count">
      {parked}
      <span className="only-read"> not shared</span>
    </span>
  )
}

function Desk({ person, signOut }: { person: Person; signOut: () => void }) {
  const [tab, setTab] = useState<Tab>('Tickets')
  const connecting = useState<Connecting | null>(null)
  const Content = TABS[tab]
  return (
    <div className="page manager">
      <header className="top">
        <nav className="row" aria-label="Pages">
          {(Object.keys(TABS) as Tab[]).map((name) => (
            <button
              key={name}
              type="button"
              className="button"
              aria-current={tab === name ? 'page' : undefined}
              onClick={() => setTab(name)}
            >
              {name}
              {name === 'Cloud' && <Parked />}
            </button>
          ))}
        </nav>
        <span className="grow" />
        <Freshness />
        <Clock />
        <button type="button" className="button" onClick={signOut}>
          Sign out {person.name}
        </button>
      </header>
      <Banners what="this page" />
      <main className="manager-main">
        <SetupContext value={connecting}>
          <Content />
        </SetupContext>
      </main>
    </div>
  )
}

export function ManagerApp() {
  return (
    <SignInGate
      title="Manager"
      allows={(person) => person.role === 'manager' || person.role === 'admin'}
      refusal="this page is for managers. Ask one to sign in."
    >
      {(person, signOut) => <Desk person={person} signOut={signOut} />}
    </SignInGate>
  )
}
