import type { Asset } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import type { Outcome } from '../../../gateway/ports/outcome.ts'
import type { EvmRailName } from '../../../gateway/ports/railName.ts'
import type { Action, ActionTable, Ending, Refusal } from './actionTable.ts'
import type { DisplacedNonce, NonceOf, TransactionTable } from './transactionTable.ts'

export type Endings = ReturnType<typeof createEndings>

/** Soonest that asking again makes sense. */
const CHECK_AFTER_MIN_MS = 200

type EndingParts = Readonly<{
  rail: EvmRailName
  actions: ActionTable
  transactions: TransactionTable
  gasAsset: Asset
  pollMs: number
  /** It ended otherwise than was told before a reorganisation. Called with the ending, in the transaction that makes it durable. */
  onContradiction: (action: Action, ending: Ending) => void
  /** It has ended, durably. */
  onTold: (id: string) => void
}>

type Said = Readonly<{ checkAfterMs: number; underpriced: ReadonlyMap<string, string>; refusals: ReadonlyMap<string, Refusal> }>

/** Who waits for which action, and what is answered meanwhile. */
export function createEndings(parts: EndingParts) {
  const waiting = new Map<string, PromiseWithResolvers<void>>()
  /** What is said of actions whose transaction may not cost what the market asks. */
  const underpriced = new Map<string, string>()
  const refusals = new Map<string, Refusal>()
  const checkAfterMs = Math.max(CHECK_AFTER_MIN_MS, parts.pollMs * 4)

  /** Lets go who waits for the action. */
  function wake(id: string): void {
    waiting.get(id)?.resolve()
    waiting.delete(id)
  }

  return {
    checkAfterMs,
    /** Resolves when the action has ended or is refused as things are, or the rail closes. */
    ended(id: string): Promise<void> {
      const waiter = waiting.get(id) ?? Promise.withResolvers<void>()
      waiting.set(id, waiter)
      return waiter.promise
    },
    /** Its ending is durable by now. */
    tell(id: string): void {
      underpriced.delete(id)
      refusals.delete(id)
      parts.onTold(id)
      wake(id)
    },
    /** The nodes refuse it now; it is tried again. */
    refuse(id: string, refusal: Refusal): void {
      refusals.set(id, refusal)
      wake(id)
    },
    tellAll(): void {
      for (const waiter of waiting.values()) waiter.resolve()
      waiting.clear()
    },
    /** Durable with the transaction that it is called in; `tell` comes after. */
    write(action: Action, ending: Ending): void {
      parts.actions.end(action.id, ending)
      if (action.told && action.told.kind !== ending.kind) parts.onContradiction(action, ending)
    },
    /** False when it was known. Its signed bytes can be mined at any time, so it is never `stuck`: nobody may end it as failed. */
    setUnderpriced(id: string, detail: string): boolean {
      const isNew = !underpriced.has(id)
      underpriced.set(id, detail)
      return isNew
    },
    outcomeOf: (action: Action): Outcome => outcomeOf(parts, action, { checkAfterMs, underpriced, refusals }),
  }
}

function outcomeOf(parts: EndingParts, { id, request, state, ending }: Action, { checkAfterMs, underpriced, refusals }: Said): Outcome {
  const doubt = request.kind === 'payout' && state === 'sent' ? doubtOf(parts.transactions, id) : undefined
  if (doubt !== undefined) return { kind: 'unknown', checkAfterMs, stuck: true, detail: doubt }
  const detail = ending ? undefined : underpriced.get(id)
  if (detail !== undefined) return { kind: 'unknown', checkAfterMs, detail }
  const refusal = state === 'open' ? refusals.get(id) : undefined
  if (!ending && refusal) return { kind: 'unknown', checkAfterMs, refusal: refusal.reason, detail: refusal.detail ?? refusal.reason }
  if (!ending) return { kind: 'unknown', checkAfterMs }
  if (ending.kind === 'failed') return ending
  const proof = ending.logIndex === undefined ? ending.hash : `${ending.hash}#${ending.logIndex}`
  const evidence = { rail: parts.rail, id: ending.hash, at: ending.at, proof }
  return { kind: 'settled', evidence, fee: money(parts.gasAsset, ending.costWei) }
}

/** Why only a person can end a payout that was signed. */
function doubtOf(transactions: TransactionTable, id: string): string | undefined {
  const lost = transactions.displaced(id)
  if (lost) return displacedDetail(lost)
  const left = transactions.leftBehind(id)
  return left && leftBehindDetail(left)
}

function leftBehindDetail({ operator, nonce }: NonceOf): string {
  return (
    `nonce ${nonce} of ${operator}, under which it was signed, is far above what the chain has counted of that key: an endpoint lied about the count. ` +
    'It is not offered or signed again, and the lane stops before that nonce. Look on the chain for a transfer of its amount to its payee, then end it by hand'
  )
}

function displacedDetail({ operator, nonce, taker }: DisplacedNonce): string {
  return (
    `nonce ${nonce} of ${operator}, under which it was signed, went to transaction ${taker}, which the rail's own file does not know: another program ` +
    'uses the key, or the file is an older copy. It is not sent again. Look on the chain for a transfer of its amount to its payee, then end it by hand'
  )
}
