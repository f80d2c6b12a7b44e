/** @file Binds the windows' channel to Connections, and ends a connection with the page that had it. Uses electron. */
import { type BrowserWindow, ipcMain } from 'electron'
import { CHANNEL, type Connections } from './connections.ts'

/** Starts listening to the one channel there is. */
export function listen(connections: Connections): void {
  ipcMain.on(CHANNEL, (event, id: unknown, frame: unknown) => connections.message(event, id, frame))
}

/** Ends a window's connection when its page is left, crashes or closes. */
export function endWithPage(window: BrowserWindow, connections: Connections): void {
  const contents = window.webContents
  let leaving: string | undefined
  contents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) leaving = connections.current(contents)
  })
  // Not before it is certain: a navigation that is refused must not cost the page its connection. The new page may have
  // connected by now, and that connection stays.
  contents.on('did-navigate', () => {
    if (leaving !== undefined && connections.current(contents) === leaving) connections.end(contents)
    leaving = undefined
  })
  contents.on('render-process-gone', () => connections.end(contents))
  const { id } = contents
  contents.once('destroyed', () => connections.end({ id }))
}
