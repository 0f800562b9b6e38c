import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../gateway/errors/invariant.ts'
import type { CallError, CallName, FromWorker, NodeCalls, ToWorker, WorkerStart } from './nodeCalls.ts'

const BACKOFF_MS_MIN = 50
const BACKOFF_MS_MAX = 5_000
const OPEN_DEADLINE_MS = 20_000
const CALLS_MAX = 1_000
/** What a call may wait longer when the process is replaced meanwhile: the drain of the old one and the start of the new. */
const RECYCLE_MS_MAX = 10_000

// Beside this file under the same ending: .ts as it is, .js once compiled.
const WORKER = fileURLToPath(new URL(`./worker${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url))

/** The worker as the rail sees it: calls with a deadline, news, and a process that comes back when it dies. */
export type WorkerLink = Readonly<{
  nodeId: string
  /** The process the node runs in now, undefined between two. */
  processId: () => number | undefined
  runs: () => WorkerRuns
  /**
   * Throws `rail_unavailable` when the worker is down, dies meanwhile or does not answer in time; what it was asked may still happen. While one worker
   * makes way for the next, calls wait, and those without an answer are made again: every call can be.
   */
  call: <N extends CallName>(name: N, params: NodeCalls[N]['params'], deadlineMs: number) => Promise<NodeCalls[N]['value']>
  /** Called when there may be new events: on news from the worker, and each time it is ready again. */
  onReceived: (listener: () => void) => () => void
  close: () => Promise<void>
}>

/** Processes that ended since the start: on purpose, for their memory, and any other way. */
export type WorkerRuns = Readonly<{ recycles: number; restarts: number }>

type Pending = {
  name: CallName
  params: unknown
  resolve: (value: unknown) => void
  reject: (error: Error) => void
  timer: NodeJS.Timeout
  /** Gives up after so long, counted from now. */
  arm: (ms: number) => void
}

/** Starts the worker and waits until it is ready. A refusal to start is thrown as the worker gave it; after the first start it is tried again. */
export function openWorkerLink(start: WorkerStart, log: (line: string) => void): Promise<WorkerLink> {
  const pending = new Map<number, Pending>()
  const listeners = new Set<() => void>()
  const opening = Promise.withResolvers<WorkerLink>()
  let child: ChildProcess | undefined
  let up = false
  let recycling = false
  let runs: WorkerRuns = { recycles: 0, restarts: 0 }
  let closing = false
  let nodeId: string | undefined
  let backoffMs = BACKOFF_MS_MIN
  let lastId = 0

  const spawn = () => {
    const spawned = fork(WORKER, { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    child = spawned
    spawned.on('message', onMessage)
    spawned.on('error', (error) => log(`lightning: the node's process: ${error.message}`))
    spawned.once('exit', onExit)
    post({ kind: 'start', start })
  }
  const post = (message: ToWorker) => child?.send(message, () => {})
  const onExit = (code: number | null, signal: NodeJS.Signals | null) => {
    up = false
    if (recycling && !closing) {
      runs = { ...runs, recycles: runs.recycles + 1 }
      return spawn()
    }
    for (const { reject, timer } of pending.values()) {
      clearTimeout(timer)
      reject(new GatewayError('rail_unavailable', 'The Lightning node stopped while it was asked'))
    }
    pending.clear()
    if (closing) return
    runs = { ...runs, restarts: runs.restarts + 1 }
    log(`lightning: the node's process ended (${signal ?? code}); starting it again`)
    setTimeout(() => !closing && spawn(), backoffMs)
    backoffMs = Math.min(backoffMs * 2, BACKOFF_MS_MAX)
  }
  const settle = (id: number, end: (call: Pending) => void) => {
    const call = pending.get(id)
    if (!call) return
    pending.delete(id)
    clearTimeout(call.timer)
    end(call)
  }
  // The worker runs this repository's code and speaks `FromWorker` only.
  const onMessage = (raw: unknown) => {
    const message = raw as FromWorker
    switch (message.kind) {
      case 'ready':
        invariant(nodeId === undefined || nodeId === message.nodeId, 'a node keeps its id')
        nodeId = message.nodeId
        up = true
        recycling = false
        backoffMs = BACKOFF_MS_MIN
        for (const [id, { name, params }] of pending) post({ kind: 'call', id, name, params })
        opening.resolve({ nodeId, processId, runs: () => runs, call, onReceived, close })
        return notify()
      case 'recycling':
        recycling = true
        up = false
        for (const { arm } of pending.values()) arm(RECYCLE_MS_MAX)
        return log("lightning: the node's process makes way for a new one, because its memory has grown")
      case 'received':
        return notify()
      case 'closed':
        return log(`lightning: a channel was closed (${message.reasons.join(', ')})`)
      case 'refused':
        log(`lightning: the node does not start: ${message.error.message}`)
        return opening.reject(errorFrom(message.error))
      case 'answer':
        return settle(message.id, ({ resolve }) => resolve(message.value))
      case 'error':
        return settle(message.id, ({ reject }) => reject(errorFrom(message.error)))
    }
  }
  const processId = () => (child?.exitCode === null && child.signalCode === null ? child.pid : undefined)
  const notify = () => {
    for (const listener of listeners) listener()
  }
  const call: WorkerLink['call'] = (name, params, deadlineMs) => {
    if (!up && !recycling) return Promise.reject(new GatewayError('rail_unavailable', 'The Lightning node is starting'))
    if (pending.size >= CALLS_MAX) return Promise.reject(new GatewayError('too_busy', `${CALLS_MAX} calls wait for the Lightning node`))
    const id = ++lastId
    return new Promise((resolve, reject) => {
      const late = () => settle(id, () => reject(new GatewayError('rail_unavailable', 'The Lightning node did not answer in time')))
      const waiting: Pending = {
        ...{ name, params, reject },
        // An answer carries the value of the call it answers: ids are given out once.
        resolve: resolve as (value: unknown) => void,
        timer: setTimeout(late, deadlineMs),
        arm: (ms) => {
          clearTimeout(waiting.timer)
          waiting.timer = setTimeout(late, ms + deadlineMs)
        },
      }
      pending.set(id, waiting)
      if (up) post({ kind: 'call', id, name, params })
      else waiting.arm(RECYCLE_MS_MAX)
    })
  }
  const onReceived: WorkerLink['onReceived'] = (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const close = async () => {
    closing = true
    const ending = child
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    const ended = new Promise((resolve) => ending.once('exit', resolve))
    ending.disconnect()
    await ended
  }
  spawn()
  const deadline = setTimeout(
    () => opening.reject(new GatewayError('rail_unavailable', 'The Lightning node did not start in time')),
    OPEN_DEADLINE_MS,
  )
  return opening.promise
    .finally(() => clearTimeout(deadline))
    .catch(async (error: unknown) => {
      await close()
      throw error
    })
}

function errorFrom({ code, message, hint }: CallError): Error {
  return code ? new GatewayError(code, message, hint === undefined ? {} : { hint }) : new Error(`the Lightning node broke: ${message}`)
}
