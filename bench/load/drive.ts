import { connect, type Socket } from 'node:net'
import { type PreparedRequest, requestBytes } from './preparedRequest.ts'
import { readResponse } from './responseReader.ts'

export type LoadPlan = Readonly<{ port: number; connections: number; requests: readonly PreparedRequest[] }>

/** `statuses` counts answers by status; latencies in milliseconds, from the first byte sent to the last received. */
export type LoadFigures = Readonly<{
  seconds: number
  statuses: Readonly<Record<string, number>>
  p50Ms: number
  p99Ms: number
  maxMs: number
}>

const ANSWER_DEADLINE_MS = 30_000

/** Sends each request once, in order, over keep-alive connections that each have one request under way. Rejects when a connection breaks. */
export async function drive(plan: LoadPlan): Promise<LoadFigures> {
  const bytes = plan.requests.map((request) => requestBytes(request, `127.0.0.1:${plan.port}`))
  const latencies: number[] = []
  const statuses: Record<string, number> = {}
  let next = 0
  const take = (): Buffer | undefined => bytes[next++]
  const record = (status: number, ms: number): void => {
    statuses[status] = (statuses[status] ?? 0) + 1
    latencies.push(ms)
  }
  const sockets = await Promise.all(Array.from({ length: plan.connections }, () => open(plan.port)))
  try {
    const startedAt = performance.now()
    await Promise.all(sockets.map((socket) => converse(socket, { take, record })))
    const seconds = (performance.now() - startedAt) / 1000
    latencies.sort((a, b) => a - b)
    const at = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
    return { seconds, statuses, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
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

type Conversation = Readonly<{ take: () => Buffer | undefined; record: (status: number, ms: number) => void }>

/** One connection: a request, its answer, the next, until none is left. */
function converse(socket: Socket, { take, record }: Conversation): Promise<void> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0)
    let sentAt = 0
    const send = (): void => {
      const bytes = take()
      if (bytes === undefined) {
        resolve()
        return
      }
      sentAt = performance.now()
      socket.write(bytes)
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
