/** @file The log: JSON lines through pino, secrets removed. Writes to the given stream only. */
import { type DestinationStream, pino } from 'pino'
import type { Log } from '../../core/ports.ts'

export interface LogOptions {
  /** Least severe level written. */
  level?: 'debug' | 'info' | 'warn' | 'error'
  /** Where lines go; standard error when absent, so that standard output stays for people. */
  destination?: DestinationStream
}

const REMOVED = '[removed]'
const SECRET_NAMES = ['pin', 'token', 'code', 'key', 'cookie', 'authorization', 'pinHash', 'tokenHash']
/** Secrets lie at the top of the fields, or at most two objects deep. */
const SECRET_PATHS = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** Pairing codes and error codes share a name: only one made of digits is a secret. */
function censor(value: unknown, path: string[]): unknown {
  if (path.at(-1) === 'code' && !/^\d+$/.test(String(value))) return value
  return REMOVED
}

/** Most that is kept (characters) of what could not be written yet; what comes after is dropped. */
const UNWRITTEN = 1_000_000

/** Standard error, which may go to a file on a full disk: that costs the log, never the kitchen. */
function standardError(): DestinationStream {
  const lines = pino.destination({ dest: 2, sync: true, maxLength: UNWRITTEN })
  return lines.on('error', () => undefined)
}

/** A log of one JSON object per line: `time` (ISO 8601), `level`, `event`, then the fields. */
export function createLog(options: LogOptions = {}): Log {
  const lines = pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'event',
      redact: { paths: SECRET_PATHS, censor },
      serializers: { error: errorFields },
    },
    options.destination ?? standardError(),
  )
  return {
    debug: (event, fields) => lines.debug(fields ?? {}, event),
    info: (event, fields) => lines.info(fields ?? {}, event),
    warn: (event, fields) => lines.warn(fields ?? {}, event),
    error: (event, fields) => lines.error(fields ?? {}, event),
  }
}

/** Errors become readable; anything else passes. */
function errorFields(error: unknown): unknown {
  return error instanceof Error ? pino.stdSerializers.err(error) : error
}
