import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Clock ticks of Linux's /proc a second: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. */
const TICKS_PER_SECOND = 100

/** CPU seconds, user and system, that a server and those of its processes that run now have used, where Linux tells; else undefined. */
export function serverCpuSeconds(pid: number | undefined): number | undefined {
  if (pid === undefined || !existsSync('/proc/self/stat')) return undefined
  let ticks = 0
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : undefined
    // The fields behind the program's name, which is in brackets and may hold blanks: 1 is the parent, 11 and 12 are user and system time.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields && (name === String(pid) || fields[1] === String(pid))) ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks / TICKS_PER_SECOND
}

/** The file's text, or undefined when the process has ended meanwhile. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
