import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Along } from '../../parties/party/parties.ts'
import { type CreatedIntent, type CreateIntent, createIntent } from './createIntent.ts'
import { toIntentFact } from './facts.ts'
import { closingKey, type Intent } from './intent.ts'
import type { IntentRecords } from './intentRecords.ts'
import { isStale, type RequoteParts, requoteIntent } from './requoteIntent.ts'

export type Intents = ReturnType<typeof createIntents>

/** At most this many intents are expired in one sweep, so that a sweep never holds the process. */
const EXPIRE_AT_ONCE_MAX = 500
const EXPIRE_EVERY_MS = 1_000
/** Rails are not asked again for each look at an intent that they make no offer for. */
const REQUOTE_EVERY_MS = 60_000
const TRIED_KEPT = 10_000

/** Creates, cancels and expires intents. Settling them is `payins/settlement`'s, through the same closing claim. */
export function createIntents(o: RequoteParts & Readonly<{ records: IntentRecords; log: (line: string) => void }>) {
  let timer: NodeJS.Timeout | undefined
  /** Those that are being quoted anew. */
  const requoting = new Map<string, Promise<void>>()
  /** When they were asked for last, also in vain. */
  const tried = new Map<string, number>()

  /** Ends an open intent. The closing claim decides a race with a settlement: whoever is durable first. */
  async function close(intent: Intent, how: 'canceled' | 'expired', along?: ReturnType<Along<Intent>>): Promise<Intent> {
    const claims = [{ key: closingKey(intent.id), fingerprint: how }, ...(along?.claims ?? [])]
    const ended = toIntentFact({ type: `intent.${how}`, id: intent.id, at: o.clock.now(), data: {} })
    const outcome = await submitUntilKnown(o.books, { claims, facts: [ended, ...(along?.facts ?? [])] })
    if (outcome.kind === 'conflict')
      throw new GatewayError('intent_closed', `The intent is ${get(intent.id).status} already`, { meta: { intent: intent.id } })
    return get(intent.id)
  }

  function get(id: string): Intent {
    const intent = o.records.get(id)
    if (!intent) throw new GatewayError('not_found', `There is no payment intent ${id.slice(0, 60)}`)
    return intent
  }

  async function expireDue(): Promise<void> {
    const due = o.records.due(o.clock.now(), EXPIRE_AT_ONCE_MAX)
    // A refusal means that it was settled or cancelled in the meantime; the next sweep does not see it any more.
    await Promise.allSettled(due.map((intent) => close(intent, 'expired')))
  }

  /** Nobody who looks at an intent is refused because a rail makes no offer now. */
  function requote(intent: Intent): Promise<void> {
    const running = requoting.get(intent.id)
    if (running) return running
    const work = requoteIntent(o, intent)
      .catch((error: unknown) => o.log(`no fresh offers for ${intent.id}: ${error instanceof Error ? error.message : String(error)}`))
      .finally(() => requoting.delete(intent.id))
    requoting.set(intent.id, work)
    tried.delete(intent.id)
    tried.set(intent.id, o.clock.now())
    if (tried.size > TRIED_KEPT) tried.delete(tried.keys().next().value!)
    return work
  }

  return {
    create: (command: CreateIntent): Promise<CreatedIntent> => createIntent(o, command),
    get,
    /** The same, with fresh offers for those whose time is over. */
    async look(id: string): Promise<Intent> {
      const intent = get(id)
      const now = o.clock.now()
      if (!isStale(intent, now) || (!requoting.has(id) && now - (tried.get(id) ?? 0) < REQUOTE_EVERY_MS)) return intent
      await requote(intent)
      return get(id)
    },
    ofDecision: o.records.byDecision,
    watch: o.records.watch,
    list: (q: { limit: number; after: string | undefined }) => o.records.list(q),
    async cancel(id: string, along?: Along<Intent>): Promise<Intent> {
      const intent = get(id)
      return close(intent, 'canceled', along?.({ ...intent, status: 'canceled' }))
    },
    start(): void {
      timer = setInterval(() => void expireDue(), EXPIRE_EVERY_MS)
      timer.unref()
    },
    close(): void {
      clearInterval(timer)
    },
  }
}
