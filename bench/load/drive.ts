import { connect, type Socket } from 'node:net'
import { type PreparedRequest, requestBytes } from './preparedRequest.ts'
import { readResponse } from './responseReader.ts'

/** `perSecond`: one is due so often, whether others were answered or not, and is timed from then; as fast as answers come when it is absent. */
export type LoadPlan = Readonly<{ port: number; connections: number; requests: readonly PreparedRequest[]; perSecond?: number }>

/** `statuses` counts answers by status; latencies in milliseconds, from the first byte sent to the last received; `okP99Ms` of those with status 200. */
export type LoadFigures = Readonly<{
  seconds: number
  statuses: Readonly<Record<string, number>>
  p50Ms: number
  p99Ms: number
  okP99Ms: number
  maxMs: number
}>

const ANSWER_DEADLINE_MS = 30_000

/** Sends each request once, in order, over keep-alive connections that each have one request under way. Rejects when a connection breaks. */
export async function drive(plan: LoadPlan): Promise<LoadFigures> {
  const bytes = plan.requests.map((request) => requestBytes(request, `127.0.0.1:${plan.port}`))
  const latencies: number[] = []
  const ok: number[] = []
  const statuses: Record<string, number> = {}
  let next = 0
  const record = (status: number, ms: number): void => {
    statuses[status] = (statuses[status] ?? 0) + 1
    latencies.push(ms)
    if (status === 200) ok.push(ms)
  }
  const sockets = await Promise.all(Array.from({ length: plan.connections }, () => open(plan.port)))
  try {
    const startedAt = performance.now()
    const take = (): Due | undefined => {
      const [request, dueAt] = [bytes[next], plan.perSecond === undefined ? undefined : startedAt + (next * 1000) / plan.perSecond]
      next++
      return request && { bytes: request, dueAt }
    }
    await Promise.all(sockets.map((socket) => converse(socket, { take, record })))
    const seconds = (performance.now() - startedAt) / 1000
    for (const times of [latencies, ok]) times.sort((a, b) => a - b)
    const at = (share: number, of = latencies): number => of[Math.min(of.length - 1, Math.floor(of.length * share))] ?? 0
    return { seconds, statuses, p50Ms: at(0.5), p99Ms: at(0.99), okP99Ms: at(0.99, ok), maxMs: at(1) }
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

type Due = Readonly<{ bytes: Buffer; dueAt: number | undefined }>
type Conversation = Readonly<{ take: () => Due | undefined; record: (status: number, ms: number) => void }>

/** One connection: a request, its answer, the next, until none is left. */
function converse(socket: Socket, { take, record }: Conversation): Promise<void> {
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
      const early = (due.dueAt ?? 0) - performance.now()
      if (early > 0) setTimeout(write, early)
      else write()
    }
    socket.setTimeout(ANSWER_DEADLINE_MS, () => reject(new Error(`no answer within ${ANSWER_DEADLINE_MS} ms`)))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a connection that was to be kept alive')))
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      try {
        const response = readResponse(received)
        if (response === undefined) return
        record(response.status, performance.now() - sentAt)
        received = received.subarray(response.length)
        send()
      } catch (error) {
        reject(error)
      }
    })
    send()
  })
}
