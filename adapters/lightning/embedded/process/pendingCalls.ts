import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import type { CallName } from './nodeCalls.ts'

/** What was asked; its params are those of its name. */
type Asked = Readonly<{ id: number; name: CallName; params: unknown }>

type Waiting = Asked & {
  resolve: (value: unknown) => void
  reject: (error: Error) => void
  late: () => void
  endsAt: number
  timer: NodeJS.Timeout
}

/** Calls that have no answer yet, each with a deadline. */
type PendingCalls = Readonly<{
  /** `answer` rejects with `rail_unavailable` when its time is over. */
  add: (name: CallName, params: unknown, deadlineMs: number) => { asked: Asked; answer: Promise<unknown> }
  /** An answer that comes too late is dropped. */
  resolve: (id: number, value: unknown) => void
  reject: (id: number, error: Error) => void
  rejectAll: (error: Error) => void
  /** Gives every call so much more time. */
  extend: (ms: number) => void
  all: () => readonly Asked[]
  size: () => number
}>

export function pendingCalls(): PendingCalls {
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  const take = (id: number): Waiting | undefined => {
    const call = waiting.get(id)
    waiting.delete(id)
    if (call) clearTimeout(call.timer)
    return call
  }
  return {
    add: (name, params, deadlineMs) => {
      const asked = { id: ++lastId, name, params }
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      const late = () => take(asked.id)?.reject(new GatewayError('rail_unavailable', 'The Lightning node did not answer in time'))
      const endsAt = performance.now() + deadlineMs
      waiting.set(asked.id, { ...asked, resolve, reject, late, endsAt, timer: setTimeout(late, deadlineMs) })
      return { asked, answer: promise }
    },
    resolve: (id, value) => take(id)?.resolve(value),
    reject: (id, error) => take(id)?.reject(error),
    rejectAll: (error) => {
      for (const id of [...waiting.keys()]) take(id)?.reject(error)
    },
    extend: (ms) => {
      for (const call of waiting.values()) {
        clearTimeout(call.timer)
        call.endsAt += ms
        call.timer = setTimeout(call.late, Math.max(0, call.endsAt - performance.now()))
      }
    },
    all: () => [...waiting.values()].map(({ id, name, params }) => ({ id, name, params })),
    size: () => waiting.size,
  }
}
