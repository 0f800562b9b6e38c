import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { Clock } from '../../../../gateway/ports/clock.ts'
import { patience } from '../../../../gateway/ports/patience.ts'
import type { CallError, CallName, FromWorker, NodeCalls, WorkerStart } from './nodeCalls.ts'
import { pendingCalls } from './pendingCalls.ts'
import { workerProcess } from './workerProcess.ts'

const CALLS_MAX = 1_000
/** What a call may wait longer when the process is replaced meanwhile: the drain of the old one and the start of the new. */
const RECYCLE_MS_MAX = 10_000

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

/**
 * `up`: it answers. `leaving`: it has said that it makes way for the next. `coming`: the next has not said that it is ready. `down`: it died, or has
 * not started yet. Calls wait for `up` in the two states between.
 */
type State = 'down' | 'up' | 'leaving' | 'coming'

/** `clock`: the node goes by it too, also when a test moves it. */
type LinkParts = Readonly<{ clock: Clock; log: (line: string) => void }>

/** Starts the worker and waits until it is ready. A refusal to start is thrown as the worker gave it; after the first start it is tried again. */
export function openWorkerLink(start: WorkerStart, o: LinkParts): Promise<WorkerLink> {
  const { log } = o
  const calls = pendingCalls()
  const { notify, onReceived } = listeners()
  const opening = Promise.withResolvers<WorkerLink>()
  const process = workerProcess(start, o, { onMessage: (message) => onMessage(message), onExit })
  let state: State = 'down'
  let runs: WorkerRuns = { recycles: 0, restarts: 0 }
  let nodeId: string | undefined
  /** Why no process is started any more. */
  let stale: Error | undefined

  function onExit(): 'at once' | 'later' {
    if (state === 'leaving') {
      state = 'coming'
      runs = { ...runs, recycles: runs.recycles + 1 }
      return 'at once'
    }
    if (nodeId === undefined) opening.reject(new GatewayError('rail_unavailable', 'The Lightning node ended before it was ready'))
    state = 'down'
    runs = { ...runs, restarts: runs.restarts + 1 }
    calls.rejectAll(new GatewayError('rail_unavailable', 'The Lightning node stopped while it was asked'))
    return 'later'
  }

  const onMessage = (message: FromWorker) => {
    switch (message.kind) {
      case 'ready':
        invariant(nodeId === undefined || nodeId === message.nodeId, 'a node keeps its id')
        nodeId = message.nodeId
        state = 'up'
        for (const asked of calls.all()) process.post({ kind: 'call', ...asked })
        opening.resolve({ nodeId, processId: process.id, runs: () => runs, call, onReceived, close: process.close })
        return notify()
      case 'recycling':
        state = 'leaving'
        calls.extend(RECYCLE_MS_MAX)
        return log("lightning: the node's process makes way for a new one, because its memory has grown")
      case 'received':
        return notify()
      case 'closed':
        return log(`lightning: a channel was closed (${message.reasons.join(', ')})`)
      case 'refused':
        log(`lightning: the node does not start: ${message.error.message}`)
        if (message.error.meta.stale) {
          stale = errorFrom(message.error)
          process.close()
        }
        return opening.reject(errorFrom(message.error))
      case 'answer':
        return calls.resolve(message.id, message.value)
      case 'error':
        return calls.reject(message.id, errorFrom(message.error))
    }
  }

  const call: WorkerLink['call'] = (name, params, deadlineMs) => {
    if (state === 'down') return Promise.reject(stale ?? new GatewayError('rail_unavailable', 'The Lightning node is starting'))
    if (calls.size() >= CALLS_MAX) return Promise.reject(new GatewayError('too_busy', `${CALLS_MAX} calls wait for the Lightning node`))
    const { asked, answer } = calls.add(name, params, state === 'up' ? deadlineMs : deadlineMs + RECYCLE_MS_MAX)
    if (state === 'up') process.post({ kind: 'call', ...asked })
    // An answer carries the value of the call it answers: ids are given out once.
    return answer as Promise<NodeCalls[typeof name]['value']>
  }

  process.start()
  return openedOrClosed(opening, process.close)
}

/** The link once the worker is ready. When it refuses, ends, or says nothing for long, its process is closed before the refusal is thrown. */
function openedOrClosed(opening: PromiseWithResolvers<WorkerLink>, close: () => Promise<void>): Promise<WorkerLink> {
  const waiting = patience(({ message }) => opening.reject(new GatewayError('rail_unavailable', message)), 'The Lightning node')
  return opening.promise.finally(waiting.end).catch(async (error: unknown) => {
    await close()
    throw error
  })
}

/** Those who wait for new events, and what tells them all. */
function listeners(): Readonly<{ notify: () => void; onReceived: WorkerLink['onReceived'] }> {
  const all = new Set<() => void>()
  return {
    notify: () => {
      for (const listener of all) listener()
    },
    onReceived: (listener) => {
      all.add(listener)
      return () => all.delete(listener)
    },
  }
}

function errorFrom({ code, message, hint, meta }: CallError): Error {
  return code
    ? new GatewayError(code, message, { meta, ...(hint === undefined ? {} : { hint }) })
    : new Error(`the Lightning node broke: ${message}`)
}
