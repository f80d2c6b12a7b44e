/** @file The WebSocket adapter's exports: the server end for screens and the dialer for peers. */
export { createPeerDialer } from './dialer.ts'
export { createScreenSockets, type ScreenSocketOptions } from './server.ts'
