/** @file The actions of one board, and what they want to say: an undo, a refusal. Sends commands. */
import { useCallback, useMemo, useState } from 'react'
import type { Failure } from '../../../shared/domain/errors.ts'
import { useClient } from '../hooks.ts'
import { type Actions, createActions, type Undo } from './actions.ts'

const TROUBLE_MS = 8_000

export interface BoardActions {
  actions: Actions
  undo: Undo | null
  /** Takes back what the toast offers. */
  takeBack(): void
  forget(): void
  trouble: Failure | null
  /** What the last press left as it was. */
  notice: string | null
}

export function useActions(station: string): BoardActions {
  const client = useClient()
  const [undo, setUndo] = useState<Undo | null>(null)
  const [trouble, setTrouble] = useState<Failure | null>(null)
  const [notice, setNotice] = useState<string | null>(null)
  const actions = useMemo(() => {
    const tell = (failure: Failure) => {
      setTrouble(failure)
      setTimeout(() => setTrouble(null), TROUBLE_MS)
    }
    const say = (text: string) => {
      setNotice(text)
      setTimeout(() => setNotice((now) => (now === text ? null : now)), TROUBLE_MS)
    }
    return createActions(client, station, { offerUndo: setUndo, trouble: tell, notice: say })
  }, [client, station])
  const forget = useCallback(() => setUndo(null), [])
  const takeBack = () => {
    undo?.run()
    forget()
  }
  return { actions, undo, takeBack, forget, trouble, notice }
}
