/** @file What is so right after connecting. Reads the client. */
import { useStatus } from '../../shared/hooks.ts'
import { StateLine } from './state-line.tsx'
import type { Joined } from './types.ts'

export function JoinedCard({ joined, onDone }: { joined: Joined; onDone: () => void }) {
  const status = useStatus('cloud')
  return (
    <section className="card stack step" aria-label="Connected">
      <h2 className="good" role="status">
        ✓ Connected to {joined.name}
      </h2>
      {joined.restarts ? (
        <p>
          Plate starts again now to take over the restaurant. Screens come back by themselves; the orders
          arrive within a minute or so.
        </p>
      ) : (
        <p>This PC’s orders and menu are being sent. Service goes on meanwhile.</p>
      )}
      {status && !joined.restarts && <StateLine status={status} />}
      <div className="row">
        <button type="button" className="button primary" onClick={onDone}>
          Done
        </button>
      </div>
    </section>
  )
}
