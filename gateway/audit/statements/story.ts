import type { ChangeView, ReadModel } from '../../ports/readModel.ts'

/** Why something moved on a party's account. Its sign says which way. */
export const MOVEMENT_KINDS = [
  ...(['payment', 'split_share', 'payout', 'fee', 'refund', 'exchange', 'top_up', 'batch', 'dispute', 'correction', 'other'] as const),
]
type MovementKind = (typeof MOVEMENT_KINDS)[number]

/** What a movement is of: an id, the name that people gave it, and a word on it; each '' where there is none. */
export type Story = Readonly<{ kind: MovementKind; of: string; reference: string; description: string }>

type Reads = Pick<ReadModel, 'newestFacts' | 'receipt'>
type Data = Readonly<Record<string, unknown>>

const KEPT_MAX = 1_000
/** Of one payment there are not more parts that go back. */
const REFUNDS_MAX = 200
const BY_ID: Readonly<Record<string, MovementKind>> = {
  ex: 'exchange',
  pa: 'top_up',
  pb: 'batch',
  nt: 'payout',
  sa: 'correction',
  rb: 'correction',
}

/** Tells what a change of an account is of, by what the journal says of its payment. What was read of one is kept for the next few. */
export function createStories(reads: Reads): (change: ChangeView, isIn: boolean) => Story {
  const kept = new Map<string, Data>()

  function factOf(subject: string, type: string): Data {
    const key = `${type} ${subject}`
    const known = kept.get(key)
    if (known) return known
    const fact = type === 'receipt.issued' && subject.startsWith('rc_') ? reads.receipt(subject) : reads.newestFacts(subject, type, 1)[0]
    const data = fact ? (JSON.parse(fact.data) as Data) : {} // As the projection has written it.
    if (kept.size >= KEPT_MAX) kept.clear()
    kept.set(key, data)
    return data
  }

  function ofIntent(id: string): Pick<Story, 'of' | 'reference' | 'description'> {
    const about = (factOf(id, 'intent.created').about ?? {}) as Data // An object, where it is there.
    return { of: id, reference: text(about.orderId), description: text(about.description) }
  }

  function ofPayment(change: ChangeView, isIn: boolean): Story {
    const { payment, entryId } = change
    const receipt = factOf(payment, 'receipt.issued')
    const request = text(receipt.payment) || payment
    const other = isIn ? change.debitPath : change.creditPath
    const isBack = isIn ? other.startsWith('surplus:') : text(receipt.entry) !== entryId
    const refund = isBack && reads.newestFacts(request, 'refund.created', REFUNDS_MAX).find(({ data }) => data.includes(`"${entryId}"`))
    const about = request.startsWith('pi_') ? ofIntent(request) : { of: payment, reference: '', description: text(receipt.resource) }
    if (refund) return { ...about, kind: 'refund', of: refund.id, reference: payment }
    if (isBack && isIn) return { ...about, kind: 'refund' }
    const parts = Array.isArray(receipt.parts) ? receipt.parts.length : 0
    return { ...about, kind: isIn && parts > 1 ? 'split_share' : 'payment' }
  }

  function ofPayout(id: string): Story {
    const { reference, source } = factOf(id, 'payout.created')
    return { kind: text(source).startsWith('surplus:') ? 'refund' : 'payout', of: id, reference: text(reference), description: '' }
  }

  return (change, isIn) => {
    const { payment } = change
    const other = isIn ? change.debitPath : change.creditPath
    const prefix = payment.slice(0, payment.indexOf('_'))
    const story =
      prefix === 'pi' || prefix === 'rc' ? ofPayment(change, isIn) : prefix === 'po' ? ofPayout(payment) : plain(payment, prefix)
    if (other.startsWith('fee:')) return { ...story, kind: 'fee' }
    if (other.startsWith('dispute:')) return { ...story, kind: 'dispute', of: other.slice('dispute:'.length) }
    return other.startsWith('batch:') ? { ...story, kind: 'batch', of: other.slice('batch:'.length) } : story
  }
}

function plain(payment: string, prefix: string): Story {
  return { kind: BY_ID[prefix] ?? 'other', of: payment, reference: '', description: '' }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
