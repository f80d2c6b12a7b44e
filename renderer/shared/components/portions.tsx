/** @file How much of a line is made, where that is neither all nor nothing. Draws only. */
import type { TaskView } from '../../../shared/domain/view.ts'

/** "1 of 3 made", "2 made before the change"; nothing when the state says it all. */
export function Portions({ task, quantity }: { task: TaskView | undefined; quantity: number }) {
  const { made, otherwise } = task ?? {}
  if (!made && !otherwise) return null
  return (
    <span className="portions">
      {made && (
        <b className="made">
          {made} of {quantity} made
        </b>
      )}
      {otherwise && <span className="otherwise">{otherwise} made before the change</span>}
    </span>
  )
}
