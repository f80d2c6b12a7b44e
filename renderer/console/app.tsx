/** @file The console: signed in at the host stand, from the floor plan to an order and back. Reads the client. */

import { type ReactNode, useState } from 'react'
import type { Person } from '../../shared/contract/contract.ts'
import { maySee } from '../../shared/domain/rights.ts'
import { Banners } from '../shared/components/banners.tsx'
import { Clock } from '../shared/components/clock.tsx'
import { FailureText } from '../shared/components/failure.tsx'
import { Freshness } from '../shared/components/freshness.tsx'
import { Sign } from '../shared/components/sign.tsx'
import { SignInGate } from '../shared/components/sign-in.tsx'
import { useDocument, useStream } from '../shared/hooks.ts'
import { DraftEditor } from './draft-editor.tsx'
import { draftKey } from './drafts.ts'
import { FloorPlan } from './floor-plan.tsx'
import { OrderList } from './order-list.tsx'
import { OrderPage } from './order-page.tsx'
import type { Go, Place } from './places.ts'
import { StockList } from './stock-list.tsx'
import './console.css'

/** Its children show open orders: not once this screen may see none. */
function OpenOrders({ children }: { children: ReactNode }) {
  const { ended } = useStream('tickets', { scope: 'open' })
  return ended ? <FailureText error={ended} /> : children
}

function Content({ place, go }: { place: Exclude<Place, { at: 'stock' }>; go: Go }) {
  switch (place.at) {
    case 'floor':
      return <FloorPlan go={go} />
    case 'orders':
      return <OrderList go={go} {...(place.table ? { table: place.table } : {})} />
    case 'draft':
      return <DraftEditor key={draftKey(place)} place={place} go={go} />
    case 'order':
      return <OrderPage key={place.order} order={place.order} go={go} />
  }
}

interface PagesProps {
  place: Place
  go: Go
  orders: boolean
}

/** The ways to the pages: those with orders are for whoever may see them, the 86 list is for the kitchen as well. */
function Pages({ place, go, orders }: PagesProps) {
  const tab = (at: 'floor' | 'orders' | 'stock', name: string) => (
    <button
      type="button"
      className="button"
      aria-current={place.at === at ? 'page' : undefined}
      onClick={() => go({ at })}
    >
      {name}
    </button>
  )
  return (
    <nav className="row" aria-label="Pages">
      {orders && tab('floor', 'Tables')}
      {orders && tab('orders', 'Open orders')}
      {tab('stock', '86 list')}
      {orders && (
        <>
          <button type="button" className="button" onClick={() => go({ at: 'draft', type: 'takeaway' })}>
            <Sign>+</Sign>Takeaway
          </button>
          <button type="button" className="button" onClick={() => go({ at: 'draft', type: 'delivery' })}>
            <Sign>+</Sign>Delivery
          </button>
        </>
      )}
    </nav>
  )
}

function Desk({ person, signOut }: { person: Person; signOut: () => void }) {
  const orders = maySee({ screen: 'console', station: null, person: person.role }, { scope: 'open' })
  const [place, go] = useState<Place>({ at: orders ? 'floor' : 'stock' })
  return (
    <div className="page console">
      <header className="top">
        <Pages place={place} go={go} orders={orders} />
        <span className="grow" />
        <Freshness />
        <Clock />
        <button type="button" className="button" onClick={signOut}>
          Sign out {person.name}
        </button>
      </header>
      <Banners what="orders" />
      <main className="console-main">
        {place.at === 'stock' ? (
          <StockList />
        ) : (
          <OpenOrders>
            <Content place={place} go={go} />
          </OpenOrders>
        )}
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
