/** @file The sign of the connection to other sites: a cloud, struck through when it is away. For the eye only. Draws only. */

export function CloudIcon({ away = false }: { away?: boolean }) {
  return (
    <svg className="cloud-icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M7 19a5 5 0 0 1-.6-9.96A6 6 0 0 1 18 8.5a5.25 5.25 0 0 1-.5 10.5z" />
      {away && <path className="strike" d="M4 3.5 20.5 21" />}
    </svg>
  )
}
