/** @file Checks who imports whom, and that every source file says what it is for. Reads the sources only. */
import './lib/node-version.ts'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { binOf, inRoot, ROOT } from './lib/run.ts'

const FOLDERS = ['shared', 'main', 'preload', 'renderer', 'tests', 'build'].filter((name) =>
  existsSync(inRoot(name)),
)

type Report = {
  summary: {
    totalCruised: number
    violations: { from: string; to: string; rule: { name: string }; comment?: string }[]
    ruleSetUsed?: { forbidden?: { name: string; comment?: string }[] }
  }
  modules: { source: string }[]
}

/** The own files dependency-cruiser really parsed. It reports success on nothing at all, so the number is the proof. */
function importRules(): string[] {
  const result = spawnSync(
    process.execPath,
    [
      binOf('dependency-cruiser', 'depcruise'),
      '--config',
      '.dependency-cruiser.cjs',
      '-T',
      'json',
      ...FOLDERS,
    ],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  )
  if (!result.stdout.startsWith('{')) return [`dependency-cruiser failed: ${result.stderr.trim()}`]
  const { summary, modules } = JSON.parse(result.stdout) as Report
  const own = modules.filter(({ source }) => FOLDERS.some((folder) => source.startsWith(`${folder}/`)))
  console.log(`${own.length} modules, ${summary.violations.length} forbidden imports`)
  if (!own.length) return ['dependency-cruiser saw no module: its TypeScript parser is broken']
  const comments = new Map(summary.ruleSetUsed?.forbidden?.map(({ name, comment }) => [name, comment]))
  return summary.violations.map(
    ({ from, to, rule }) =>
      `${from} → ${to}: ${rule.name}${comments.get(rule.name) ? ` (${comments.get(rule.name)})` : ''}`,
  )
}

/** Files git knows or would take, so that an ignored folder is never looked at. */
function fileHeaders(): string[] {
  const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard', ...FOLDERS], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return listed.stdout
    .split('\n')
    .filter(
      (file) =>
        /\.(ts|tsx|cts|mts|cjs|mjs)$/.test(file) && !file.endsWith('.d.ts') && existsSync(inRoot(file)),
    )
    .filter((file) => !readFileSync(inRoot(file), 'utf8').split('\n', 1)[0]?.includes('@file '))
    .map((file) => `${file}: the first line must be a @file comment: what it is for and what it may touch`)
}

const problems = [...importRules(), ...fileHeaders()]
for (const problem of problems) console.error(problem)
process.exit(problems.length ? 1 : 0)
