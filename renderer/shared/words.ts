/** @file The words of this screen: its language and the restaurant's time, in one place. Reads the client. */
import { createContext, createElement, type ReactNode, useContext, useMemo } from 'react'
import { createWords, type Words } from '../../shared/words/index.ts'
import { useDocument } from './hooks.ts'

const LANGUAGE = 'en'

/** Where nothing is known of a restaurant, as on the pairing page. */
const WordsContext = createContext<Words>(createWords({ language: LANGUAGE }))

/** The sentences for messages and failures, in the language of this screen. */
export function useWords(): Words {
  return useContext(WordsContext)
}

/** Words for all that is inside, with moments by the restaurant's clock. */
export function Worded({ children }: { children: ReactNode }) {
  const { timeZone } = useDocument('settings').body
  const words = useMemo(() => createWords({ language: LANGUAGE, zone: timeZone }), [timeZone])
  return createElement(WordsContext, { value: words }, children)
}
