/** @file A sign beside a word: for the eye only, so that a control's name stays its word. Draws only. */

export function Sign({ children }: { children: string }) {
  return <span aria-hidden="true">{children} </span>
}
