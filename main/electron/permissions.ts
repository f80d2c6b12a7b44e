/** @file Which page may use what of the browser. Pure. */
import { isOurs } from './urls.ts'
import type { WindowRecord } from './window-file.ts'

/** Finds the window a page belongs to. */
export interface Pages {
  recordOf(contents: { id: number }): WindowRecord | undefined
}

/** A page's wish, as Chromium reports it. */
export interface Asked {
  permission: string
  /** Of the page. Where `mainFrame` is false somebody else on it asks. */
  url: string
  mainFrame: boolean
  /** For `media`: audio, video or unknown. */
  media: readonly string[]
}

/** Whether a page may have it: full screen for all of ours, the microphone for the console. Nothing else exists. */
export function mayUse(
  { permission, url, mainFrame, media }: Asked,
  record: WindowRecord | undefined,
): boolean {
  if (!record || !mainFrame || !isOurs(url)) return false
  if (permission === 'fullscreen') return true
  const microphone = permission === 'media' && media.length > 0 && media.every((type) => type === 'audio')
  return microphone && record.role === 'console'
}
