import { min } from '../../money/integers.ts'
import type { EndpointId } from '../../ports/ids.ts'
import { type Address, COURIER_LIMITS, type CourierParts } from './address.ts'
import { createLine, type Line } from './line.ts'
import { DISABLE_MS, WARN_MS } from './schedule.ts'

type Courier = Readonly<{
  /** All endpoints as they are now. */
  hear: (addresses: readonly Address[]) => void
  /** Looks once for what is new and for what is due. What became of tries since the last look is written down first. */
  tick: () => void
  /** How many messages are on their way. */
  busy: () => number
  /** Begins nothing any more, and writes down what has come back by now. */
  close: () => void
}>

/**
 * Brings events to endpoints. Each endpoint has a line of its own, so that one that is slow or dead delays no other; within it the events of one subject come
 * one after the other, each when the one before it has arrived or was given up. What it has read is in the outbox before it is sent, so whoever ends it loses
 * nothing, and an event whose answer was not written down comes twice.
 */
export function createCourier(o: CourierParts): Courier {
  const { limits = COURIER_LIMITS, outbox, reads, now } = o
  const lines = new Map<EndpointId, Line>()
  const busyOf = new Map<string, number>()
  let busy = 0
  let closed = false

  /** Whether one more may leave for this holder, who has no more on their way than are free for the others: however many are late, there is a place. */
  const mayLeave = (holder: string) => !closed && (busyOf.get(holder) ?? 0) < min(limits.ofHolder, limits.all - busy)
  const left = (holder: string, n: 1 | -1) => {
    busy += n
    const count = (busyOf.get(holder) ?? 0) + n
    if (count === 0) busyOf.delete(holder)
    else busyOf.set(holder, count)
  }

  /** Warns of what does not arrive for a day, and ends it after three. */
  function judge({ address, standing }: Line): void {
    const { failingSince } = standing()
    const { id: endpoint } = address()
    if (failingSince === undefined) {
      if (address().failingSince !== undefined) o.tell({ kind: 'recovered', endpoint })
    } else if (now() - failingSince >= DISABLE_MS) o.tell({ kind: 'off', endpoint, why: 'failing' })
    else if (now() - failingSince >= WARN_MS && address().failingSince === undefined)
      o.tell({ kind: 'failing', endpoint, since: failingSince })
  }

  function writeDown(): void {
    const done = [...lines.values()].flatMap((line) => line.done())
    if (done.length > 0) outbox.record(done)
  }

  return {
    hear(addresses) {
      const ids = new Set(addresses.map(({ id }) => id))
      for (const id of new Set([...lines.keys(), ...outbox.known()])) {
        if (ids.has(id)) continue
        lines.get(id)?.end()
        lines.delete(id)
        outbox.forget(id)
      }
      for (const address of addresses) {
        const line = lines.get(address.id)
        if (line) line.hear(address)
        else lines.set(address.id, createLine(address, { ...o, limits, mayLeave, left, onSettled: judge }))
      }
    },
    tick() {
      if (closed) return
      writeDown()
      const newest = reads.lastEvent()
      for (const line of lines.values()) line.look(newest)
    },
    busy: () => busy,
    close() {
      closed = true
      writeDown()
      for (const line of lines.values()) line.end()
    },
  }
}
