import { GatewayError, isGatewayError } from '../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../gateway/errors/invariant.ts'

/** The client's names of what the server does. */
export type Operation =
  | 'createAccounts'
  | 'createTransfers'
  | 'lookupAccounts'
  | 'lookupTransfers'
  | 'getAccountTransfers'
  | 'getAccountBalances'
  | 'queryAccounts'
  | 'queryTransfers'

/** Events that may wait; a call that would exceed them is refused. */
const WAITING_EVENTS_MAX = 8 * 8189

/** One call of the engine. `joins` is undefined when it must have a request to itself; calls whose `joins` are equal may share one. */
type Call<E> = Readonly<{ operation: Operation; events: readonly E[]; joins: string | undefined; deadlineMs: number }>

/** `send` makes one request and answers one result per event, in order; it may never answer. */
type QueueOptions<E, R> = Readonly<{
  batchMax: number
  send: (operation: Operation, events: readonly E[]) => Promise<readonly R[]>
}>

type Waiting<E, R> = Call<E> & {
  readonly resolve: (results: readonly R[]) => void
  readonly reject: (error: unknown) => void
  over: boolean
  sent: boolean
}

/** Calls in the order they were made, several in a request, one request at a time. */
type RequestQueue<E, R> = Readonly<{
  call(call: Call<E>): Promise<readonly R[]>
  /** Refuses what waits, now and from now on. */
  close(): void
}>

/**
 * Gathers calls of one operation that wait at the same time into one request, because many small requests stall the server, and sends the next
 * request when the last was answered, because the client reorders operations. A call ends at its deadline whatever the request does; a request
 * that is never answered keeps those behind it waiting up to theirs.
 */
export function createRequestQueue<E, R>({ batchMax, send }: QueueOptions<E, R>): RequestQueue<E, R> {
  let waiting: Waiting<E, R>[] = []
  let waitingEvents = 0
  let running = false
  let closed = false

  async function run(): Promise<void> {
    // Lets the calls that are made in the same turn join.
    await new Promise((resolve) => setImmediate(resolve))
    for (let request = takeRequest(); request.length > 0; request = takeRequest()) await runRequest(request, send)
    running = false
  }

  function takeRequest(): readonly Waiting<E, R>[] {
    const { request, taken } = nextRequest(waiting, batchMax)
    for (const call of waiting.slice(0, taken)) waitingEvents -= call.events.length
    waiting = waiting.slice(taken)
    return request
  }

  return {
    call(call) {
      invariant(call.events.length <= batchMax, `a call of the ledger engine has at most ${batchMax} events`)
      if (call.events.length === 0) return Promise.resolve([])
      if (closed) return Promise.reject(unavailable('it was closed'))
      if (waitingEvents + call.events.length > WAITING_EVENTS_MAX) {
        return Promise.reject(new GatewayError('too_busy', `${waitingEvents} events are waiting for the ledger engine`))
      }
      return new Promise((resolve, reject) => {
        waiting.push(startWaiting(call, resolve, reject))
        waitingEvents += call.events.length
        if (running) return
        running = true
        void run()
      })
    },
    close() {
      closed = true
      for (const call of waiting) call.reject(unavailable('it was closed'))
    },
  }
}

/** A call that ends once: by its results, by a refusal, or by its deadline, which starts now. */
function startWaiting<E, R>(call: Call<E>, resolve: Waiting<E, R>['resolve'], reject: Waiting<E, R>['reject']): Waiting<E, R> {
  const mine: Waiting<E, R> = {
    ...call,
    over: false,
    sent: false,
    resolve: (results) => end(() => resolve(results)),
    reject: (error) => end(() => reject(error)),
  }
  const deadline = setTimeout(() => mine.reject(silence(mine, `it did not answer within ${call.deadlineMs} ms`)), call.deadlineMs)
  function end(tell: () => void): void {
    if (mine.over) return
    mine.over = true
    clearTimeout(deadline)
    tell()
  }
  return mine
}

type Taken<E, R> = Readonly<{ request: readonly Waiting<E, R>[]; taken: number }>

/**
 * The calls of the next request: the first that waits and those that can join it, up to the first that can not. `taken` counts those that are over
 * too, which stand between them and are in no request.
 */
function nextRequest<E, R>(waiting: readonly Waiting<E, R>[], batchMax: number): Taken<E, R> {
  const request: Waiting<E, R>[] = []
  let events = 0
  let taken = 0
  for (const call of waiting) {
    const [first] = request
    const joins = !first || (call.joins !== undefined && call.joins === first.joins && call.operation === first.operation)
    if (!call.over && (!joins || events + call.events.length > batchMax)) break
    taken += 1
    if (call.over) continue
    request.push(call)
    events += call.events.length
  }
  return { request, taken }
}

/** Sends one request and hands each of its calls what is its own of the results. */
async function runRequest<E, R>(request: readonly Waiting<E, R>[], send: QueueOptions<E, R>['send']): Promise<void> {
  for (const call of request) call.sent = true
  const { operation } = request[0]!
  try {
    const results = await send(operation, request.length === 1 ? request[0]!.events : request.flatMap(({ events }) => events))
    let at = 0
    for (const { events, resolve } of request) {
      resolve(results.slice(at, at + events.length))
      at += events.length
    }
    invariant(results.length === at, `${operation} answered ${results.length} results for ${at} events`)
  } catch (error) {
    for (const call of request) call.reject(isGatewayError(error, 'outcome_unknown') ? silence(call, error.shortMessage) : error)
  }
}

/** The end of a call that was not answered: what was sent and writes is unknown, everything else moved nothing. */
function silence(call: Pick<Waiting<unknown, never>, 'operation' | 'sent' | 'events'>, why: string): GatewayError {
  const writes = call.operation === 'createAccounts' || call.operation === 'createTransfers'
  if (!writes || !call.sent) return unavailable(why)
  return new GatewayError('outcome_unknown', `The ledger engine did not say what became of ${call.events.length} event(s): ${why}`)
}

function unavailable(why: string): GatewayError {
  return new GatewayError('ledger_unavailable', `The ledger engine moved nothing: ${why}`)
}
