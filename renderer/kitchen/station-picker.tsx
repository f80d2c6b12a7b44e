/** @file Which station this screen is for, when its address does not say (or says one that is gone). Draws only. */
import type { Stations } from '../../shared/domain/documents.ts'
import { Banners } from '../shared/components/banners.tsx'
import { Freshness } from '../shared/components/freshness.tsx'

interface PickerProps {
  wanted: string | null
  stations: Stations['stations']
  loaded: boolean
  go?: (href: string) => void
}

function hrefOf(id: string): string {
  const search = new URLSearchParams(location.search)
  search.set('station', id)
  return `?${search}`
}

export function StationPicker({
  wanted,
  stations,
  loaded,
  go = (href) => location.assign(href),
}: PickerProps) {
  return (
    <div className="page picker">
      <header className="top">
        <h1>Which station is this screen for?</h1>
        <Freshness />
      </header>
      <Banners board />
      <main>
        {!loaded && <p className="empty">Connecting…</p>}
        {loaded && wanted !== null && (
          <p className="error" role="alert">
            There is no station “{wanted}” any more. Choose another.
          </p>
        )}
        {loaded && stations.length === 0 && (
          <p className="empty">
            No stations are set up yet. A manager can add them; until then the expo shows all.
          </p>
        )}
        <div className="picker-grid">
          {stations.map(({ id, name }) => (
            <button key={id} type="button" className="button big" onClick={() => go(hrefOf(id))}>
              {name}
            </button>
          ))}
        </div>
      </main>
    </div>
  )
}
