/** @file Runs programs for the scripts: those of node_modules/.bin and Node itself. Spawns processes. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '../../..')

/** Paths inside the project, whatever folder the script was started from. */
export const inRoot = (...parts: string[]): string => path.join(ROOT, ...parts)

type Options = { env?: NodeJS.ProcessEnv; quiet?: boolean; timeout?: number }

/** Runs a program with the terminal attached; answers its exit code (1 when it could not start or was killed). */
export function run(program: string, args: string[], { env, quiet, timeout }: Options = {}): number {
  const result = spawnSync(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: quiet ? 'ignore' : 'inherit',
    ...(timeout ? { timeout } : {}),
  })
  if (result.error && !quiet) console.error(`${program}: ${result.error.message}`)
  return result.status ?? 1
}

/** Runs a script with the Node that runs this one, so that the version check holds for it too. */
export const runNode = (args: string[], options: Options = {}): number => run(process.execPath, args, options)

/** The JavaScript file behind a package's command (its first one if not named): started by Node it works alike on Windows. */
export function binOf(packageName: string, command?: string): string {
  const folder = packageFolder(packageName)
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>
  }
  const bins = typeof manifest.bin === 'string' ? { only: manifest.bin } : manifest.bin
  const file = command ? bins[command] : Object.values(bins)[0]
  if (!file) throw new Error(`${packageName} has no command ${command ?? ''}`)
  return path.join(folder, file)
}

export const packageFolder = (name: string): string => inRoot('node_modules', ...name.split('/'))

/** Runs a package's command with this Node. */
export const runBin = (packageName: string, args: string[], options: Options = {}): number =>
  runNode([binOf(packageName), ...args], options)

/** Is a program on the PATH? */
export function onPath(program: string): string | undefined {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : ['']
  for (const folder of (process.env.PATH ?? '').split(path.delimiter))
    for (const extension of extensions) {
      const file = path.join(folder, program + extension)
      if (folder && existsSync(file)) return file
    }
  return undefined
}

/** Hands the terminal over to a long-running program: its signals are ours, its exit code too. */
export function become(program: string, args: string[], env: NodeJS.ProcessEnv = {}): void {
  const child = spawn(program, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`${program}: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

/** For tests and benchmarks: half of what a program or a thread costs to start is reading the sources, kept here for the next one. */
export const COMPILED = { NODE_COMPILE_CACHE: inRoot('node_modules/.cache/plate-compiled') }
