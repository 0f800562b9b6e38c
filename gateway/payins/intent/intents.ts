import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Along } from '../../parties/party/parties.ts'
import { type CreatedIntent, type CreateIntent, type CreateParts, createIntent } from './createIntent.ts'
import { toIntentFact } from './facts.ts'
import { closingKey, type Intent } from './intent.ts'
import type { IntentRecords } from './intentRecords.ts'

export type Intents = ReturnType<typeof createIntents>

/** At most this many intents are expired in one sweep, so that a sweep never holds the process. */
const EXPIRE_AT_ONCE_MAX = 500
const EXPIRE_EVERY_MS = 1_000

/** Creates, cancels and expires intents. Settling them is `payins/settlement`'s, through the same closing claim. */
export function createIntents(o: CreateParts & Readonly<{ records: IntentRecords }>) {
  let timer: NodeJS.Timeout | undefined

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
    const due = o.records.due(o.clock.now()).slice(0, EXPIRE_AT_ONCE_MAX)
    // A refusal means that it was settled or cancelled in the meantime; the next sweep does not see it any more.
    await Promise.allSettled(due.map((intent) => close(intent, 'expired')))
  }

  return {
    create: (command: CreateIntent): Promise<CreatedIntent> => createIntent(o, command),
    get,
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
