import type { Delivery, OutboxLine } from '../../ports/webhookOutbox.ts'
import { justBefore } from '../telling/eventId.ts'
import type { Address, CourierParts } from './address.ts'

/** What waits for one endpoint; beyond it events wait in the read model. */
const WAITING_MAX = 256
/** Events read at a time. */
const PAGE = 64

export type Queue = Readonly<{
  standing: () => OutboxLine
  /** What waits, in the order of the journal. */
  inOrder: () => Delivery[]
  /** Takes what is new up to the newest event, and what is to be brought again. Answers whether there was any. */
  take: (address: Address, newest: string) => boolean
  /** What has become of one: it goes on waiting, or leaves. */
  put: (delivery: Delivery) => void
  /** Everything that waits is due now. */
  hurry: () => void
  /** Since when nothing arrives. */
  failing: (since: number | undefined) => void
}>

/** What waits for an endpoint: in memory as in the outbox, which has it first. */
export function createQueue(first: Address, { reads, outbox, now }: Pick<CourierParts, 'reads' | 'outbox' | 'now'>): Queue {
  let standing = outbox.line(first.id, first.start)
  const waiting = new Map(outbox.waiting(first.id).map((delivery) => [delivery.event, delivery]))

  function add(page: readonly Readonly<{ id: string; type: string; subject: string }>[], moved: Partial<OutboxLine>): void {
    standing = { ...standing, ...moved }
    const fresh = page
      .filter(({ id }) => !waiting.has(id))
      .map(({ id: event, type, subject }): Delivery => ({ event, type, subject, state: 'waiting', nextAt: now(), tries: [] }))
    outbox.take(first.id, fresh, standing)
    for (const delivery of fresh) waiting.set(delivery.event, delivery)
  }

  function takeNew({ filter }: Address, newest: string): boolean {
    if (standing.cursor >= newest || waiting.size >= WAITING_MAX) return false
    const page = reads.events(filter, standing.cursor, PAGE)
    // More may have been told since somebody looked what is the newest.
    const last = page.at(-1)?.id ?? newest
    const cursor = page.length === PAGE || last > newest ? last : newest
    // What is nobody's here need not be written down: it would be read again after a restart, and passed over again.
    if (page.length > 0) add(page, { cursor })
    else standing = { ...standing, cursor }
    return page.length > 0
  }

  function takeReplayed({ filter, replay }: Address): boolean {
    if (!replay || waiting.size >= WAITING_MAX) return false
    const begun = replay.n === standing.replay
    if (begun && standing.replayCursor >= replay.until) return false
    const found = reads.events(filter, begun ? standing.replayCursor : justBefore(replay.from), PAGE)
    const page = found.filter(({ id }) => id <= replay.until)
    const replayCursor = page.length < PAGE ? replay.until : page.at(-1)!.id
    add(page, { replay: replay.n, replayCursor })
    return true
  }

  return {
    standing: () => standing,
    // A replayed event is taken later and stands before others.
    inOrder: () => [...waiting.values()].sort((a, b) => (a.event < b.event ? -1 : 1)),
    take(address, newest) {
      const again = takeReplayed(address)
      return takeNew(address, newest) || again
    },
    put(delivery) {
      if (delivery.state === 'waiting') waiting.set(delivery.event, delivery)
      else waiting.delete(delivery.event)
    },
    hurry() {
      for (const delivery of waiting.values()) waiting.set(delivery.event, { ...delivery, nextAt: now() })
    },
    failing(failingSince) {
      if (failingSince === standing.failingSince) return
      standing = { ...standing, failingSince }
      outbox.failing(first.id, failingSince)
    },
  }
}
