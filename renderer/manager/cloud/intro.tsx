/** @file What the cloud is for, said before anybody sets it up. Draws only. */
import { CloudIcon } from '../../shared/components/cloud-icon.tsx'

const USES: readonly (readonly [what: string, how: string])[] = [
  [
    'Several PCs and sites, one restaurant.',
    'Tickets, menu, tables and the 86 list are the same on all of them.',
  ],
  ['The internet may fail.', 'The kitchen goes on, and what happened is exchanged when it is back.'],
  ['A second copy of every order.', 'A PC that breaks takes nothing along.'],
  ['Orders from a website or a POS system.', 'They arrive as tickets like any other.'],
]

export function Intro({ onStart }: { onStart: () => void }) {
  return (
    <section className="card stack step intro">
      <h2>
        <CloudIcon /> This PC works without a cloud
      </h2>
      <p>Connected to a Supabase project of your own, it shares the restaurant with other PCs:</p>
      <ul className="stack uses">
        {USES.map(([what, how]) => (
          <li key={what}>
            <b>{what}</b> {how}
          </li>
        ))}
      </ul>
      <p className="muted">
        You need the project’s URL and publishable key, and an account or a device code. It takes two minutes.
      </p>
      <div className="row">
        <button type="button" className="button primary" onClick={onStart}>
          Connect this PC
        </button>
      </div>
    </section>
  )
}
