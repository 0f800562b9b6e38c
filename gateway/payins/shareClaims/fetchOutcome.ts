import { submitWhenRoom } from '../../ledger/process/submit.ts'
import type { Splits } from '../../parties/party/splits.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Outcome } from '../../ports/outcome.ts'
import type { ShareProof, SplitOperator } from '../../ports/receiver.ts'
import { toShareClaimFact } from './facts.ts'
import type { ShareClaim } from './rowRecords.ts'
import { shareOf } from './shareOf.ts'

/** What is not known is asked for again after so long. */
const LOOK_MS = 5_000

type Parts = Readonly<{
  books: Books
  clock: Clock
  splits: Pick<Splits, 'bySplitId'>
  chainOf: (rail: string) => Pick<SplitOperator, 'sweep' | 'claim'> | undefined
  /** Resolves when the gateway closes: what is under way goes on in the rail, and is asked for at the next start. */
  stopped: Promise<void>
  log: (line: string) => void
}>

/**
 * Takes one that was begun to its outcome, always under its own id: the rail sends it once, and answers what became of it however often it is asked, also after
 * a crash. Answers in how many ms to look again; undefined once the outcome is durable.
 */
export async function fetchOutcome(o: Parts, one: ShareClaim): Promise<number | undefined> {
  const [chain, split] = [o.chainOf(one.rail), o.splits.bySplitId(one.splitId)]
  // A chain that is not configured any more: it is looked up when it is again.
  if (!chain || !split) return undefined
  const share = shareOf(split)
  if (!share) return undefined
  // It may be read before it stands in the journal.
  await o.books.durable()
  const outcome = await Promise.race([send(chain, one, share), o.stopped])
  if (!outcome) return undefined
  if (outcome.kind === 'unknown') return LOOK_MS
  const { rail, splitId, step } = one
  const told = outcome.kind === 'settled' ? { transaction: outcome.evidence.id } : { reason: outcome.reason }
  const data = { rail, splitId, step, outcome: outcome.kind, ...told }
  const ended = toShareClaimFact({ type: 'share_claim.ended', id: one.id, at: o.clock.now(), data })
  await submitWhenRoom(o.books, { claims: [{ key: `share_claim:${one.id}:ended`, fingerprint: outcome.kind }], facts: [ended] })
  if (outcome.kind === 'failed')
    o.log(`${rail}: a ${step} for payees in the books of ${split.key} failed (${outcome.reason}); it is tried again later`)
  return undefined
}

function send(chain: Pick<SplitOperator, 'sweep' | 'claim'>, { id, step, splitId }: ShareClaim, share: ShareProof): Promise<Outcome> {
  return step === 'sweep' ? chain.sweep(id, splitId) : chain.claim(id, share)
}
