/** @file Test helpers: a disk of a few megabytes for one process, full or read-only, and room on it again. Mounts in that process's own namespace. */
import { spawnSync } from 'node:child_process'

/** Runs a program of the system. False when there is none, or it may not do what it is asked. */
const works = (program: string, ...args: string[]) => spawnSync(program, args).status === 0

/** Whether this machine lets tests have disks of their own. */
export const canMount = works('unshare', '-rm', 'true') && works('nsenter', '--version')

export interface SmallDisk {
  /** Command line to put in front of the program that is to see the disk. */
  wrap: string[]
  /** Runs a shell command where process `pid` sees the disk, in its folder. Answers what it prints; throws what it complains of. */
  inside(pid: number, command: string): string
}

/** Leaves room for nothing: not for a byte, not for a name. */
export const FILL =
  'dd if=/dev/zero of=filler bs=1k 2>/dev/null; n=0; while { true >filler-$n; } 2>/dev/null; do n=$((n+1)); done'
/** Takes {@link FILL} back. */
export const MAKE_ROOM = 'rm -f filler filler-*'
export const READ_ONLY = 'cd / && mount -o remount,ro "$DISK"'
export const WRITABLE = 'cd / && mount -o remount,rw "$DISK"'

/**
 * A disk mounted at `dir`, which exists: it begins with a copy of the folder `from`, then `prepare` (a shell command) runs
 * in it. Two megabytes, and few names.
 */
export function smallDisk(dir: string, { from = '', prepare = ':', redirect = '' } = {}): SmallDisk {
  const steps = [
    `mount -t tmpfs -o size=3m,nr_inodes=300,mode=0700 none "$DISK"`,
    ...(from ? [`cp -a '${from}/.' "$DISK"`] : []),
    `(cd "$DISK" && ${prepare})`,
    `exec "$@" ${redirect}`,
  ]
  return {
    wrap: ['env', `DISK=${dir}`, 'unshare', '-rm', 'sh', '-c', steps.join(' && '), 'sh'],
    inside(pid, command) {
      const enter = ['-t', String(pid), '-U', '-m', '--preserve-credentials']
      const { status, stdout, stderr } = spawnSync(
        'nsenter',
        [...enter, 'sh', '-c', `cd '${dir}' && DISK='${dir}' && ${command}`],
        { encoding: 'utf8' },
      )
      if (status !== 0) throw new Error(`${command}: ${stderr}`)
      return stdout
    },
  }
}
