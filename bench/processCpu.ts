import { readdirSync, readFileSync } from 'node:fs'

/** CPU that a process has used, in ms: its first thread, the projector's, and the others (V8's compiler and collector, libuv's pool) together. */
export type ProcessCpu = Readonly<{ main: number; projector: number; others: number }>

const NANOS_PER_MS = 1e6

/** What Linux's scheduler counts of each thread, to the nanosecond; zero elsewhere. A thread that has ended is forgotten. */
export function processCpu(pid: number): ProcessCpu {
  const sum = { main: 0, projector: 0, others: 0 }
  for (const thread of threadsOf(pid)) {
    const [ran] = read(`${thread}/schedstat`).split(' ')
    const name = thread.endsWith(`/${pid}`) ? 'main' : read(`${thread}/comm`).trim() === 'projector' ? 'projector' : 'others'
    sum[name] += Number(ran ?? 0) / NANOS_PER_MS
  }
  return sum
}

export function totalOf({ main, projector, others }: ProcessCpu): number {
  return main + projector + others
}

/** So much per unit, such as a payment. */
export function cpuSince(before: ProcessCpu, after: ProcessCpu, units: number): ProcessCpu {
  const per = (name: keyof ProcessCpu) => (after[name] - before[name]) / units
  return { main: per('main'), projector: per('projector'), others: per('others') }
}

/** The processes that it has started and that still run. */
export function childrenOf(pid: number): number[] {
  const listed = threadsOf(pid).map((thread) => read(`${thread}/children`))
  return listed.flatMap((line) => line.split(' ').filter((id) => id !== '')).map(Number)
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((id) => `/proc/${pid}/task/${id}`)
  } catch {
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
