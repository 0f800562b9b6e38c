import { createHash } from 'node:crypto'
import { GatewayError } from '../../errors/gatewayError.ts'
import { type Money, money } from '../../money/money.ts'
import type { Claim, Fact } from '../../ports/books.ts'
import type { Evidence, Outcome } from '../../ports/outcome.ts'
import { railKind } from '../../ports/railName.ts'
import { toFact } from '../payoutState/facts.ts'
import { type AttemptState, openAttempt, type Payout, type Ruling } from '../payoutState/payout.ts'

/** What shows that a try was paid: a preimage of Lightning, a transaction's hash. A bank's reference is any text. */
const EVIDENCE: Readonly<Record<string, RegExp>> = { lightning: /^[0-9a-f]{64}$/, evm: /^0x[0-9a-f]{64}$/ }

/** What persons may do about a try that its rail will not end. */
export type Rulings = Readonly<{
  /** The amount of a try that its rail will not end. Refuses with `not_found` and `attempt_not_stuck`. */
  stuckAmount(payout: string, attempt: string): Money
  /** Refuses what persons cannot say of it: as above, and with `invalid_request` when what shows it is missing. */
  checkRuling(payout: string, attempt: string, said: Said): void
  /** What they say, as it becomes durable. Refuses as `stuckAmount` does. */
  ruling(payout: string, attempt: string, ruling: Ruling): Readonly<{ facts: readonly Fact[]; claims: readonly Claim[] }>
  /** It is durable: the payout goes on by it now, and not at its next look-up. */
  goOn(payout: string): void
}>

type Said = Readonly<{ outcome: Ruling['outcome']; evidence: string | undefined }>

/** `wake`: looks at a payout soon. */
export function createRulings(known: (id: string) => Payout, wake: (id: string) => void): Rulings {
  return {
    goOn: wake,
    stuckAmount: (id, attempt) => stuckAttempt(known(id), attempt).amount,
    checkRuling: (id, attempt, said) => checkRuling(stuckAttempt(known(id), attempt), said),
    ruling: (id, attempt, ruling) => rulingFacts(known(id), stuckAttempt(known(id), attempt), ruling),
  }
}

/** The try, when it is open and its rail will not end it. Refuses with `not_found` and `attempt_not_stuck`. */
function stuckAttempt(payout: Payout, id: string): AttemptState {
  if (!payout.attempts.some((attempt) => attempt.id === id)) {
    throw new GatewayError('not_found', `${payout.id} has no attempt ${id.slice(0, 60)}`)
  }
  const open = openAttempt(payout)
  if (open?.id !== id) throw new GatewayError('attempt_not_stuck', `${id} has its outcome`)
  if (open.ruling) throw new GatewayError('attempt_not_stuck', `${open.ruling.action} has ended ${id}`)
  if (open.status !== 'unknown' || !open.stuck) throw new GatewayError('attempt_not_stuck', `${open.rail} may still end ${id} by itself`)
  return open
}

/** Refuses with `invalid_request` a word that cannot be true of this try. */
function checkRuling({ rail, railKey }: AttemptState, { outcome, evidence }: Said): void {
  if (outcome === 'failed') return
  const kind = railKind(rail)
  if (!evidence || EVIDENCE[kind]?.test(evidence) === false) {
    throw new GatewayError('invalid_request', `What shows that a payment by ${kind} was paid is not there`, {
      hint: 'Give the preimage of a Lightning payment, the hash of a transaction (0x...), or the bank\u2019s reference of the debit.',
    })
  }
  if (kind === 'lightning' && railKey !== undefined && hashOf(evidence) !== railKey) {
    throw new GatewayError('invalid_request', `It is not the preimage of ${railKey}`, {
      hint: 'Take the preimage from the payee or from the node.',
    })
  }
}

/** The word as it becomes durable. An attempt gets one, and what shows that one was paid shows it of no other. */
function rulingFacts(payout: Payout, { id, rail }: AttemptState, { at, ...said }: Ruling): ReturnType<Rulings['ruling']> {
  const { outcome, evidence } = said
  const proof = outcome === 'settled' && evidence ? [{ key: `evidence:${rail}:${oneSpelling(evidence)}`, fingerprint: id }] : []
  return {
    facts: [toFact({ type: 'attempt.ruled', id, at, data: { payout: payout.id, ...said } })],
    claims: [{ key: `attempt:${id}:ruled`, fingerprint: said.action }, ...proof],
  }
}

/** A bank's reference is typed by hand: neither its case nor its blanks make it another. */
function oneSpelling(evidence: string): string {
  return evidence.replaceAll(/\s/g, '').toUpperCase()
}

/** The word as the rail's own would be. What the rail took as a fee is not known, so it is none: what it took is seen where the rail's account is compared. */
export function outcomeOfRuling(attempt: AttemptState, { outcome, action, evidence, at }: Ruling): Outcome {
  // Parties read what became of their payouts, so who said it and why stay in the ruling.
  if (outcome === 'failed') return { kind: 'failed', reason: 'rejected_by_rail', detail: 'ended by hand' }
  return { kind: 'settled', evidence: evidenceOf(attempt, evidence ?? action, at), fee: money(attempt.feeMax.asset, 0n) }
}

/** True of an outcome in which the rail says itself what became of it. That it has no record is what persons have judged already. */
export function isWord(told: Outcome): told is Exclude<Outcome, { kind: 'unknown' }> {
  return told.kind === 'settled' || (told.kind === 'failed' && told.reason !== 'never_sent')
}

function evidenceOf({ rail, railKey }: AttemptState, shown: string, at: number): Evidence {
  if (railKind(rail) === 'lightning') return { rail, id: railKey ?? hashOf(shown), at, proof: shown }
  return railKind(rail) === 'evm' ? { rail, id: shown, at, proof: shown } : { rail, id: shown, at }
}

function hashOf(preimage: string): string {
  return createHash('sha256').update(Buffer.from(preimage, 'hex')).digest('hex')
}
