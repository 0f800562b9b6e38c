import { invariant } from '../../errors/invariant.ts'
import type { Asset } from '../../money/asset.ts'
import type { AccountPath, Entry } from '../../ports/books.ts'
import type { AccountInit, CreateResult, LedgerEngine, Transfer, TransferInit, TransferStatus } from '../../ports/ledger.ts'
import { type BookState, findAccount } from '../books/bookState.ts'
import { entryTransfers } from '../books/entryTransfers.ts'
import type { Prepared } from '../books/prepare.ts'
import { accountId, accountKind, type BookAccount } from '../journal/chart.ts'
import { transferId } from '../journal/legIds.ts'
import type { LedgerRecord } from '../rows/record.ts'

/** What became of an entry in the engine. `records` are what the journal keeps of it, `created` the accounts among them. */
export type Transferred =
  | Readonly<{ kind: 'booked'; records: readonly LedgerRecord[]; created: readonly BookAccount[] }>
  | Readonly<{ kind: 'declined'; status: TransferStatus; leg: number }>

type TransferOptions = Readonly<{
  engine: LedgerEngine
  deadlineMs: number
  /** Most events in one call of the engine. */
  eventsMax: number
  /** True when the same entries may have been sent before: what was declined now must then not take place later. */
  resubmitted: boolean
}>

/** These declines make an id unusable for ever, in TigerBeetle and in our machine. */
const BURNING: ReadonlySet<TransferStatus> = new Set([
  ...(['debit_account_not_found', 'credit_account_not_found', 'pending_transfer_not_found', 'exceeds_credits', 'exceeds_debits'] as const),
  ...(['debit_account_already_closed', 'credit_account_already_closed', 'id_already_failed'] as const),
])

/**
 * Moves the money of proposed entries, each all or nothing, in their order. Harmless to repeat: what took place before is found and not done again.
 * Throws `outcome_unknown` or `ledger_unavailable` when the engine does not answer.
 */
export async function transferEntries(state: BookState, proposals: readonly Prepared[], options: TransferOptions): Promise<Transferred[]> {
  const entries = proposals.map(({ submission: { entry }, fingerprint }) => {
    invariant(entry, 'a proposal has an entry')
    return { entry, fingerprint, transfers: entryTransfers(entry, fingerprint, entry.legs.map(accountsOf)) }
  })
  const accounts = await createAccounts(
    state,
    entries.map(({ entry }) => entry),
    options,
  )
  const results = await options.engine.createTransfers(
    entries.flatMap(({ transfers }) => transfers),
    options,
  )
  let at = 0
  const verdicts: Verdict[] = []
  for (const { transfers } of entries) {
    const verdict = judge(results.slice(at, at + transfers.length))
    at += transfers.length
    verdicts.push(options.resubmitted ? await seal(verdict, transfers[0]!, options.engine) : verdict)
  }
  const stored = await lookupBooked(entries, verdicts, options.engine)
  const known = new Set<bigint>()
  return verdicts.map((verdict, i) => {
    if (verdict !== 'booked') return { kind: 'declined', ...verdict }
    const created = newAccounts(state, [entries[i]!.entry]).filter(({ id }) => !known.has(id))
    for (const { id } of created) known.add(id)
    const records = [
      ...created.map(({ id }) => accounts.get(id)!),
      ...stored[i]!.map((transfer) => ({ kind: 'transfer', transfer }) as const),
    ]
    return { kind: 'booked', records, created }
  })
}

type Verdict = 'booked' | Readonly<{ status: TransferStatus; leg: number }>

/** A chain that stands answers `exists` for its first leg, whatever it says of the others; the fingerprint in each leg makes sure it is the same. */
function judge(results: readonly CreateResult<TransferStatus>[]): Verdict {
  const leg = results.findIndex(({ status }) => status !== 'created' && status !== 'linked_event_failed')
  if (leg < 0) return 'booked'
  const status = results[leg]!.status
  if (status === 'exists' && leg === 0) return 'booked'
  invariant(!status.startsWith('exists'), `the ledger engine has another transfer under the id of leg ${leg}: ${status}`)
  return { status, leg }
}

/**
 * Makes sure that a declined entry can not take place later, when an earlier copy of the request may still be on its way: a transfer under the id of
 * its first leg, between accounts that do not exist, burns that id, and the chain with it. When the copy was faster, the entry is booked.
 */
async function seal(verdict: Verdict, first: TransferInit, engine: LedgerEngine): Promise<Verdict> {
  if (verdict === 'booked' || BURNING.has(verdict.status)) return verdict
  // Ids of accounts are hashes: none is ever 1 or 2.
  const burning = { id: first.id, debitAccountId: 1n, creditAccountId: 2n, ledger: first.ledger ?? 0, code: 1 }
  const [result] = await engine.createTransfers([burning])
  if (result?.status === 'debit_account_not_found' || result?.status === 'id_already_failed') return verdict
  invariant(result?.status.startsWith('exists_with_different'), `sealing a declined entry was answered with ${result?.status}`)
  return 'booked'
}

/** The legs of each booked entry as the engine has them. */
async function lookupBooked(
  entries: readonly Readonly<{ entry: Entry; fingerprint: bigint }>[],
  verdicts: readonly Verdict[],
  engine: LedgerEngine,
): Promise<Transfer[][]> {
  const wanted = entries.map(({ entry }, i) =>
    verdicts[i] === 'booked' ? entry.legs.map((_, leg) => transferId({ entry: entry.id, leg })) : [],
  )
  const found = await engine.lookupTransfers(wanted.flat())
  let at = 0
  return wanted.map((ids, i) =>
    ids.map((id) => {
      const transfer = found[at++]
      invariant(
        transfer?.id === id && transfer.userData64 === entries[i]!.fingerprint,
        `transfer ${id} in the ledger engine is the one proposed`,
      )
      return transfer
    }),
  )
}

/** Creates the accounts that entries name for the first time, and returns their records by id. An account that stands is the same one. */
async function createAccounts(state: BookState, entries: readonly Entry[], o: TransferOptions): Promise<Map<bigint, LedgerRecord>> {
  const accounts = newAccounts(state, entries)
  const records = new Map<bigint, LedgerRecord>()
  for (let at = 0; at < accounts.length; at += o.eventsMax) {
    const some = accounts.slice(at, at + o.eventsMax)
    const events = some.map(({ id, path, asset }) => accountEvent(id, path, asset))
    const results = await o.engine.createAccounts(events)
    for (const [i, { path, id }] of some.entries()) {
      const { status, timestamp } = results[i]!
      invariant(status === 'created' || status === 'exists', `the account of ${path} could be created: ${status}`)
      records.set(id, { kind: 'account', account: { ...events[i]!, userData128: 0n, userData64: 0n, userData32: 0, timestamp } })
    }
  }
  return records
}

function accountEvent(id: bigint, path: AccountPath, asset: Asset): AccountInit & { flags: number } {
  return { id, ledger: asset.ledger, ...accountKind(path) }
}

/** The accounts of entries that the books do not know yet, each once. */
function newAccounts(state: BookState, entries: readonly Entry[]): BookAccount[] {
  const found = new Map<bigint, BookAccount>()
  for (const leg of entries.flatMap(({ legs }) => legs)) {
    if (leg.kind === 'post' || leg.kind === 'void') continue
    for (const path of [leg.debit, leg.credit]) {
      if (findAccount(state, path, leg.asset)) continue
      const id = accountId(path, leg.asset)
      found.set(id, { id, path, asset: leg.asset })
    }
  }
  return [...found.values()]
}

function accountsOf(leg: Entry['legs'][number]) {
  if (leg.kind === 'post' || leg.kind === 'void') return undefined
  return { debitAccountId: accountId(leg.debit, leg.asset), creditAccountId: accountId(leg.credit, leg.asset) }
}
