/** @file The console: signed in at the host stand, from the floor plan to an order and back. Reads the client. */

import { useState } from 'react'
import type { Person } from '../../shared/contract/contract.ts'
import { Banners } from '../shared/components/banners.tsx'
import { Clock } from '../shared/components/clock.tsx'
import { Freshness } from '../shared/components/freshness.tsx'
import { Sign } from '../shared/components/sign.tsx'
import { SignInGate } from '../shared/components/sign-in.tsx'
import { useDocument } from '../shared/hooks.ts'
import { DraftEditor } from './draft-editor.tsx'
import { draftKey } from './drafts.ts'
import { FloorPlan } from './floor-plan.tsx'
import { OrderList } from './order-list.tsx'
import { OrderPage } from './order-page.tsx'
import type { Go, Place } from './places.ts'
import { StockList } from './stock-list.tsx'
import './console.css'

function Content({ place, go }: { place: Place; go: Go }) {
  switch (place.at) {
    case 'floor':
      return <FloorPlan go={go} />
    case 'orders':
      return <OrderList go={go} {...(place.table ? { table: place.table } : {})} />
    case 'stock':
      return <StockList />
    case 'draft':
      return <DraftEditor key={draftKey(place)} place={place} go={go} />
    case 'order':
      return <OrderPage key={place.order} order={place.order} go={go} />
  }
}

const TABS = [
  ['floor', 'Tables'],
  ['orders', 'Open orders'],
  ['stock', '86 list'],
] as const

function Desk({ person, signOut }: { person: Person; signOut: () => void }) {
  const [place, go] = useState<Place>({ at: 'floor' })
  return (
    <div className="page console">
      <header className="top">
        <nav className="row" aria-label="Pages">
          {TABS.map(([at, name]) => (
            <button
              key={at}
              type="button"
              className="button"
              aria-current={place.at === at ? 'page' : undefined}
              onClick={() => go({ at })}
            >
              {name}
            </button>
          ))}
          <button type="button" className="button" onClick={() => go({ at: 'draft', type: 'takeaway' })}>
            <Sign>+</Sign>Takeaway
          </button>
          <button type="button" className="button" onClick={() => go({ at: 'draft', type: 'delivery' })}>
            <Sign>+</Sign>Delivery
          </button>
        </nav>
        <span className="grow" />
        <Freshness />
        <Clock />
        <button type="button" className="button" onClick={signOut}>
          Sign out {person.name}
        </button>
      </header>
      <Banners what="orders" />
      <main className="console-main">
        <Content place={place} go={go} />
      </main>
    </div>
  )
}

export function ConsoleApp() {
  const { name } = useDocument('settings').body
  return (
    <SignInGate title={name}>{(person, signOut) => <Desk person={person} signOut={signOut} />}</SignInGate>
  )
}
