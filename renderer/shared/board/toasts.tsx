/** @file What a board has to say about the last touch: a hint, a refusal, a way back. Draws only. */
import { UndoToast } from '../components/toast.tsx'
import { useWords } from '../words.ts'
import type { BoardActions } from './use-actions.ts'

export function Toasts({ acting, hint = null }: { acting: BoardActions; hint?: string | null }) {
  const { undo, takeBack, forget, trouble, notice } = acting
  const words = useWords()
  const said = trouble ? words.failure(trouble) : (hint ?? notice)
  return (
    <div className="toasts">
      {said && (
        <div className="toast" role="alert">
          {said}
        </div>
      )}
      {undo && <UndoToast id={undo.id} text={undo.text} onUndo={takeBack} onGone={forget} />}
    </div>
  )
}
