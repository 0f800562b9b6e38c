import { openAttempt, type Payout } from './payout.ts'
import type { PayoutRecords } from './payoutRecords.ts'
import type { Whom } from './whom.ts'

/** An open payout; `slotSince` while it holds a Lightning slot, `sent` when a try of it is on its way there. */
export type OpenPayment = { readonly whom: readonly Whom[]; slotSince: number | undefined; sent: boolean }

type OpenPayments = Readonly<{
  /** Takes up what stands, at the first use. */
  fill(): void
  get(id: Payout['id']): OpenPayment | undefined
  of(whom: Whom): readonly OpenPayment[]
}>

type Parts = Readonly<{
  records: Pick<PayoutRecords, 'get' | 'open' | 'onChange'>
  whomOf: (payout: Payout) => readonly Whom[]
  onOpen: (payout: Payout) => void
  onEnd: (id: string) => void
  /** Its try on Lightning has ended. */
  onSlotEnd: (payment: OpenPayment) => void
}>

/** Open payouts by whom they count for, as the records have them; read at the first use, when the books have started. */
export function createOpenPayments({ records, whomOf, onOpen, onEnd, onSlotEnd }: Parts): OpenPayments {
  const payments = new Map<string, OpenPayment>()
  const byWhom = new Map<Whom, Set<OpenPayment>>()
  let filled = false

  function fill(): void {
    if (filled) return
    filled = true
    for (const { id } of records.open()) follow(id)
  }

  records.onChange((id) => {
    if (filled) follow(id)
  })

  function follow(id: string): void {
    const payout = records.get(id)
    const known = payments.get(id)
    // The parts of a payout are payouts, and count in its place.
    if (payout?.status !== 'open' || payout.parts) {
      if (known) remove(id, known)
      return
    }
    const payment = known ?? add(payout)
    const attempt = openAttempt(payout)
    const sent = attempt?.rail === 'lightning'
    if (payment.sent && !sent) endSlot(payment)
    if (sent && !payment.sent) payment.slotSince = attempt.sentAt
    payment.sent = sent
  }

  function add(payout: Payout): OpenPayment {
    const whom = whomOf(payout)
    const payment: OpenPayment = { whom, slotSince: undefined, sent: false }
    payments.set(payout.id, payment)
    onOpen(payout)
    for (const one of whom) byWhom.set(one, (byWhom.get(one) ?? new Set()).add(payment))
    return payment
  }

  function remove(id: string, payment: OpenPayment): void {
    if (payment.sent) endSlot(payment)
    payments.delete(id)
    onEnd(id)
    for (const one of payment.whom) {
      const same = byWhom.get(one)
      same?.delete(payment)
      if (same?.size === 0) byWhom.delete(one)
    }
  }

  function endSlot(payment: OpenPayment): void {
    onSlotEnd(payment)
    payment.slotSince = undefined
  }

  return {
    fill,
    get(id) {
      fill()
      return payments.get(id)
    },
    of(whom) {
      fill()
      return [...(byWhom.get(whom) ?? [])]
    },
  }
}
