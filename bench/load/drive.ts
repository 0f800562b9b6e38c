import { connect, type Socket } from 'node:net'
import { type PreparedRequest, requestBytes } from './preparedRequest.ts'
import { readResponse } from './responseReader.ts'

/** `perSecond`: one is due so often, whether others were answered or not, and is timed from then; as fast as answers come when it is absent. */
export type LoadPlan = Readonly<{ port: number; connections: number; requests: readonly PreparedRequest[]; perSecond?: number }>

/**
 * `statuses` counts answers by status; latencies in milliseconds, from the first byte sent (or due) to the last received; `okP99Ms` of those with status 200,
 * `okLaterP99Ms` of those of them that were sent after the first second.
 */
export type LoadFigures = Readonly<{
  seconds: number
  statuses: Readonly<Record<string, number>>
  p50Ms: number
  p99Ms: number
  okP99Ms: number
  okLaterP99Ms: number
  maxMs: number
}>

const ANSWER_DEADLINE_MS = 30_000
/** A load that begins all at once is told apart from one that goes on. */
const RAMP_MS = 1_000

/** Sends each request once, in order, over keep-alive connections that each have one request under way. Rejects when a connection breaks. */
export async function drive(plan: LoadPlan): Promise<LoadFigures> {
  const bytes = plan.requests.map((request) => requestBytes(request, `127.0.0.1:${plan.port}`))
  const latencies: number[] = []
  const ok: number[] = []
  const okLater: number[] = []
  const statuses: Record<string, number> = {}
  let next = 0
  let startedAt = 0
  const record = (status: number, sentAt: number): void => {
    const ms = performance.now() - sentAt
    statuses[status] = (statuses[status] ?? 0) + 1
    latencies.push(ms)
    if (status !== 200) return
    ok.push(ms)
    if (sentAt - startedAt > RAMP_MS) okLater.push(ms)
  }
  const sockets = await Promise.all(Array.from({ length: plan.connections }, () => open(plan.port)))
  try {
    startedAt = performance.now()
    const take = (): Due | undefined => {
      const [request, dueAt] = [bytes[next], plan.perSecond === undefined ? undefined : startedAt + (next * 1000) / plan.perSecond]
      next++
      return request && { bytes: request, dueAt }
    }
    const whenDue = createPacer()
    await Promise.all(sockets.map((socket) => converse(socket, { take, whenDue, record })))
    const seconds = (performance.now() - startedAt) / 1000
    for (const times of [latencies, ok, okLater]) times.sort((a, b) => a - b)
    const at = (share: number, of = latencies): number => of[Math.min(of.length - 1, Math.floor(of.length * share))] ?? 0
    const [okP99Ms, okLaterP99Ms] = [at(0.99, ok), at(0.99, okLater)]
    return { seconds, statuses, p50Ms: at(0.5), p99Ms: at(0.99), okP99Ms, okLaterP99Ms, maxMs: at(1) }
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Timers come a millisecond late and cost more than the request: one loop looks at what is due next, in order. */
function createPacer(): (dueAt: number, send: () => void) => void {
  const waiting: { dueAt: number; send: () => void }[] = []
  let first = 0
  const look = (): void => {
    while (first < waiting.length && waiting[first]!.dueAt <= performance.now()) waiting[first++]!.send()
    if (first < waiting.length) setImmediate(look)
    else waiting.length = first = 0
  }
  return (dueAt, send) => {
    if (waiting.push({ dueAt, send }) === 1) setImmediate(look)
  }
}

type Due = Readonly<{ bytes: Buffer; dueAt: number | undefined }>
type Conversation = Readonly<{
  take: () => Due | undefined
  whenDue: (dueAt: number, send: () => void) => void
  record: (status: number, sentAt: number) => void
}>

/** One connection: a request, its answer, the next, until none is left. */
function converse(socket: Socket, { take, whenDue, record }: Conversation): Promise<void> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0)
    let sentAt = 0
    const send = (): void => {
      const due = take()
      if (due === undefined) {
        resolve()
        return
      }
      const write = (): void => {
        sentAt = due.dueAt ?? performance.now()
        socket.write(due.bytes)
      }
      if (due.dueAt === undefined) write()
      else whenDue(due.dueAt, write)
    }
    socket.setTimeout(ANSWER_DEADLINE_MS, () => reject(new Error(`no answer within ${ANSWER_DEADLINE_MS} ms`)))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a connection that was to be kept alive')))
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      try {
        const response = readResponse(received)
        if (response === undefined) return
        record(response.status, sentAt)
        received = received.subarray(response.length)
        send()
      } catch (error) {
        reject(error)
      }
    })
    send()
  })
}
