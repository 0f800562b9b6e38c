import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { AttemptId } from '../../gateway/ports/ids.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { Receiver, Settlement } from '../../gateway/ports/receiver.ts'
import type { Destination, Sender } from '../../gateway/ports/sender.ts'
import type { Statement } from '../../gateway/ports/statement.ts'

let lastAttempt = 0

/** One try at a destination; every call is another attempt. */
export function attemptAt(destination: Destination, amountMsat: bigint, feeMaxMsat: bigint) {
  const id: AttemptId = `at_${process.pid}${++lastAttempt}`
  return { id, amount: money(BTC, amountMsat), feeMax: money(BTC, feeMaxMsat), destination, reference: 'payout' }
}

/** Waits until no HTLC is left, and says what the channels hold then, in msat. */
export async function restingBalance(statement: Statement): Promise<bigint> {
  for (let tries = 0; tries < 500; tries++) {
    const balances = await statement.balances()
    const [balance] = balances
    if (balance && balances.every(({ inFlight }) => inFlight.length === 0)) return balance.amount.units
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('an HTLC stays')
}

/** Looks an attempt up until it has an outcome. */
export async function outcomeOf(sender: Sender, id: AttemptId, deadlineMs = 40_000): Promise<Outcome> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    const outcome = await sender.lookup(id)
    if (outcome.kind !== 'unknown') return outcome
    if (performance.now() > deadline) throw new Error(`${id} stays unknown: ${outcome.detail}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The first payments to us after a cursor. */
export async function firstSettlements(from: Receiver, after: string, count: number): Promise<Settlement[]> {
  const seen: Settlement[] = []
  for await (const settlement of from.settlements(after, { signal: AbortSignal.timeout(20_000) })) {
    if (settlement.kind === 'received') seen.push(settlement)
    if (seen.length === count) break
  }
  return seen
}

/** An offer of the rail, as the customer sees it. */
export async function offerOf(rail: Receiver, amountMsat: bigint) {
  const terms = await rail.offer({
    amount: money(BTC, amountMsat),
    ref: '0x01',
    expiresAt: Date.now() + 600_000,
    description: 'an article',
  })
  if (terms.wire.kind !== 'bolt11') throw new Error('a Lightning offer is an invoice')
  return { terms, invoice: terms.wire.invoice }
}
