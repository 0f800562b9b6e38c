import { invariant } from '../../errors/invariant.ts'
import type { Asset } from '../../money/asset.ts'
import type { AccountPath, Claim, Entry, SubmitOutcome } from '../../ports/books.ts'
import type { TransferStatus } from '../../ports/ledger.ts'
import type { SubmissionRow } from '../journal/blockData.ts'
import { accountId, accountKind, type BookAccount } from '../journal/chart.ts'
import { addAccount, type BookState, findAccount, noteBooked, noteDeclined, standingEntryOf, takeClaims, takenClaim } from './bookState.ts'
import { type EntryAccounts, writeEntryRows } from './entryTransfers.ts'
import type { Prepared } from './prepare.ts'

/** What became of a submission, what the journal must keep of it (nothing of a replay or conflict), and the accounts it created. */
type Verdict = Readonly<{ outcome: SubmitOutcome; row?: string; created: readonly BookAccount[] }>

type Moment = Readonly<{ seq: number; nowNs: bigint }>

/** Most submissions create no account. */
const NONE: readonly BookAccount[] = []

/** Judges one submission against the state and, when it is applied, changes the state: all of it or nothing. `seq` is the block being made. */
export function evaluate(state: BookState, prepared: Prepared, moment: Moment): Verdict {
  const { claims = [], entry } = prepared.submission
  const standing = standingOutcome(state, prepared)
  if (standing) return { outcome: standing, created: NONE }
  const booked = entry && bookEntry(state, entry, prepared, moment)
  if (booked && 'outcome' in booked) return booked
  if (claims.length > 0) takeClaims(state, claims, moment.seq)
  return { outcome: { kind: 'applied', seq: moment.seq }, row: prepared.row, created: booked?.created ?? NONE }
}

/** The outcome of a submission whose claims or entry stand already, as itself or as another one; undefined for a new one. */
export function standingOutcome(state: BookState, prepared: Prepared): SubmitOutcome | undefined {
  const { claims = [], entry } = prepared.submission
  return standingClaims(state, claims) ?? (entry && standingEntry(state, entry, prepared))
}

/** Replayed when all claims stand with these fingerprints and were taken together; a conflict when any stands otherwise. */
function standingClaims(state: BookState, claims: readonly Claim[]): SubmitOutcome | undefined {
  if (claims.length === 0) return undefined
  const taken = claims.map((claim) => takenClaim(state, claim.key))
  const first = taken.find((claim) => claim !== undefined)
  if (!first) return undefined
  const wrong = claims.findIndex((claim, i) => taken[i] && taken[i].fingerprint !== claim.fingerprint)
  const together = taken.every((claim) => claim?.group === first.group)
  if (wrong < 0 && together) return { kind: 'replayed', seq: first.seq }
  const { key, fingerprint, seq } = taken[wrong] ?? first
  return { kind: 'conflict', with: { key, fingerprint, seq } }
}

/** An entry id is used once: the same content again is a replay or the same decline, other content a conflict. */
function standingEntry(state: BookState, entry: Entry, prepared: Prepared): SubmitOutcome | undefined {
  const stands = standingEntryOf(state, entry.id)
  if (!stands) return undefined
  const same = stands.id === entry.id && stands.fingerprint === prepared.fingerprint
  if (same && 'status' in stands) return { kind: 'declined', status: stands.status, leg: stands.leg }
  // An entry that stands while the claims beside it do not was booked by another submission.
  if (same && !prepared.submission.claims?.length) return { kind: 'replayed', seq: stands.seq }
  return { kind: 'conflict', with: { key: stands.id, fingerprint: stands.fingerprint.toString(16), seq: stands.seq } }
}

type Booked = Readonly<{ created: readonly BookAccount[] }>

/** Books an entry and says which accounts it created, or declines it. */
function bookEntry(state: BookState, entry: Entry, { fingerprint, accounts: known }: Prepared, { seq, nowNs }: Moment): Booked | Verdict {
  const { machine } = state
  const savepoint = machine.savepoint()
  const { accounts, created } = known ? { accounts: known, created: NONE } : resolveAccounts(state, entry, nowNs)
  const count = entry.legs.length
  writeEntryRows(machine.transferRows(count), entry, fingerprint, accounts)
  const statuses = machine.runTransfers(count, nowNs)
  const leg = firstRefusal(statuses, count)
  if (leg < 0) {
    for (const account of created) addAccount(state, account)
    noteBooked(state, { id: entry.id, payment: entry.payment, legs: count, seq })
    return { created }
  }
  machine.rollback(savepoint)
  const status = statuses[leg]!
  invariant(!status.startsWith('exists'), `${entry.id} is new, so its transfers are`)
  noteDeclined(state, { id: entry.id, fingerprint, status, leg, seq })
  return { outcome: { kind: 'declined', status, leg }, row: declinedRow(entry, { fingerprint, status, leg }), created: NONE }
}

/** The leg whose own fault the refusal is, or -1 when all were created. */
function firstRefusal(statuses: readonly TransferStatus[], count: number): number {
  for (let i = 0; i < count; i++) if (statuses[i] !== 'created' && statuses[i] !== 'linked_event_failed') return i
  return -1
}

/** The row of an entry that was declined, once and for good. */
export function declinedRow(entry: Entry, why: { fingerprint: bigint; status: TransferStatus; leg: number }): string {
  const row: SubmissionRow = { declined: { id: entry.id, ...why, fingerprint: why.fingerprint.toString(16) } }
  return JSON.stringify(row)
}

/** The accounts of each leg. Those named for the first time are created in the ledger, and join the chart only when the entry is booked. */
function resolveAccounts(state: BookState, entry: Entry, nowNs: bigint): { accounts: EntryAccounts; created: BookAccount[] } {
  const created: BookAccount[] = []
  const resolve = (path: AccountPath, asset: Asset): BookAccount => {
    const known = findAccount(state, path, asset) ?? created.find((account) => account.path === path && account.asset.id === asset.id)
    if (known) return known
    const account = { id: accountId(path, asset), path, asset }
    const [result] = state.machine.createAccounts([{ id: account.id, ledger: asset.ledger, ...accountKind(path) }], nowNs)
    invariant(result?.status === 'created', `the account of ${path} could be created: ${result?.status}`)
    created.push(account)
    return account
  }
  const accounts = entry.legs.flatMap((leg) =>
    leg.kind === 'post' || leg.kind === 'void' ? [undefined, undefined] : [resolve(leg.debit, leg.asset), resolve(leg.credit, leg.asset)],
  )
  return { accounts, created }
}
