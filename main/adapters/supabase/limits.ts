/** @file The adapter's times, in one place. Pure. */

/** How long a call may take, answer included. */
export const CALL_MS = 10_000

/** How often the socket is asked for a sign of life, and how long that may take: a dead one is noticed within twice this. */
export const HEARTBEAT_MS = 3_000

/** How long a sign of life may take after the machine woke up, when a dead socket is likely. */
export const WAKE_MS = 2_000

/** How long a socket may take from dialling to a joined channel. */
export const JOIN_MS = 10_000

/** Longest pause between two attempts to go live; the restaurant's log is pulled meanwhile. */
export const LIVE_PAUSE_MS = 15_000

/** How long a channel must have lived for the next attempt to count as a first one again. */
export const LIVE_STEADY_MS = 10_000

/** Longest pause between two attempts to renew the session. */
export const RENEW_PAUSE_MS = 30_000

/** Pause between two attempts to keep a session that could not be written. */
export const KEEP_AGAIN_MS = 5_000
