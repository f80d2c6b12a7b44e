/** @file The WebSocket adapter's exports: the server end for screens and the dialer for peers. */
export { createPeerDialer, type Dialer, type DialerOptions } from './dialer.ts'
export { createScreenSockets, type ScreenSocketOptions, type ScreenSockets } from './server.ts'
