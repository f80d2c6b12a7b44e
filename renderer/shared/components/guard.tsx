/** @file Catches a bug in a page, says so, and starts it again by itself: a kitchen has nobody to press F5. Touches the page's location. */
import { Component, type ReactNode } from 'react'

const RELOAD_MS = 10_000

/** Shows its children, or what to do when drawing them failed. */
export class Guard extends Component<{ children: ReactNode; reload?: () => void }, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override componentDidCatch() {
    setTimeout(this.#reload, RELOAD_MS)
  }

  readonly #reload = () => (this.props.reload ?? (() => location.reload()))()

  override render() {
    if (!this.state.broken) return this.props.children
    return (
      <main className="full-message" role="alert">
        <h1>This screen hit a problem</h1>
        <p>No order is lost. The screen starts again by itself in a few seconds.</p>
        <button type="button" className="button primary" onClick={this.#reload}>
          Start again now
        </button>
      </main>
    )
  }
}
