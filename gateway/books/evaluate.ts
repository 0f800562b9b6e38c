import { invariant } from '../errors/invariant.ts'
import type { Asset } from '../money/asset.ts'
import type { AccountPath, Claim, Entry, Leg, SubmitOutcome } from '../ports/books.ts'
import type { TransferStatus } from '../ports/ledger.ts'
import type { SubmissionRow } from './blockData.ts'
import { addAccount, type BookState, findAccount, noteBooked, noteDeclined, standingEntryOf, takeClaims, takenClaim } from './bookState.ts'
import { accountId, accountKind, type BookAccount } from './chart.ts'
import { type LegAccounts, writeEntryRows } from './entryTransfers.ts'
import type { Prepared } from './prepare.ts'

/** What became of a submission, what the journal must keep of it (nothing of a replay or conflict), and the accounts it created. */
export type Verdict = Readonly<{ outcome: SubmitOutcome; row?: string; created: readonly BookAccount[] }>

type Moment = Readonly<{ seq: number; nowNs: bigint }>

/** Judges one submission against the state and, when it is applied, changes the state: all of it or nothing. `seq` is the block being made. */
export function evaluate(state: BookState, prepared: Prepared, moment: Moment): Verdict {
  const { claims = [], entry } = prepared.submission
  const standing = standingOutcome(state, prepared)
  if (standing) return { outcome: standing, created: [] }
  const booked = entry ? bookEntry(state, entry, { ...moment, fingerprint: prepared.fingerprint }) : undefined
  if (booked?.kind === 'declined') return { outcome: booked.outcome, row: booked.row, created: [] }
  if (claims.length > 0) takeClaims(state, claims, moment.seq)
  return { outcome: { kind: 'applied', seq: moment.seq }, row: prepared.row, created: booked?.created ?? [] }
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

type Booked =
  | Readonly<{ kind: 'booked'; created: readonly BookAccount[] }>
  | Readonly<{ kind: 'declined'; outcome: SubmitOutcome; row: string }>

function bookEntry(state: BookState, entry: Entry, context: Moment & Readonly<{ fingerprint: bigint }>): Booked {
  const { machine } = state
  const { seq, nowNs, fingerprint } = context
  const savepoint = machine.savepoint()
  const { accounts, created } = resolveAccounts(state, entry, nowNs)
  const count = entry.legs.length
  writeEntryRows(machine.transferRows(count), entry, fingerprint, accounts)
  const statuses = machine.runTransfers(count, nowNs)
  const leg = firstRefusal(statuses, count)
  if (leg < 0) {
    for (const account of created) addAccount(state, account)
    noteBooked(state, { id: entry.id, payment: entry.payment, legs: count, seq })
    return { kind: 'booked', created }
  }
  machine.rollback(savepoint)
  const status = statuses[leg]!
  invariant(!status.startsWith('exists'), `${entry.id} is new, so its transfers are`)
  noteDeclined(state, { id: entry.id, fingerprint, status, leg, seq })
  return { kind: 'declined', outcome: { kind: 'declined', status, leg }, row: declinedRow(entry, { fingerprint, status, leg }) }
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

/** The ids of each leg's accounts. Those named for the first time are created in the ledger, and join the chart only when the entry is booked. */
function resolveAccounts(state: BookState, entry: Entry, nowNs: bigint): { accounts: LegAccounts[]; created: BookAccount[] } {
  const created: BookAccount[] = []
  const resolve = (path: AccountPath, asset: Asset): bigint => {
    const known = findAccount(state, path, asset) ?? created.find((account) => account.path === path && account.asset.id === asset.id)
    if (known) return known.id
    const account = { id: accountId(path, asset), path, asset }
    const [result] = state.machine.createAccounts([{ id: account.id, ledger: asset.ledger, ...accountKind(path) }], nowNs)
    invariant(result?.status === 'created', `the account of ${path} could be created: ${result?.status}`)
    created.push(account)
    return account.id
  }
  const accounts: LegAccounts[] = []
  let before: Extract<Leg, { debit: AccountPath }> | undefined
  for (const [i, leg] of entry.legs.entries()) {
    if (leg.kind === 'post' || leg.kind === 'void') {
      accounts.push(undefined)
      continue
    }
    // Most entries pay from one account: it is looked up once.
    const same = before && before.debit === leg.debit && before.asset === leg.asset ? accounts[i - 1] : undefined
    const debitAccountId = same?.debitAccountId ?? resolve(leg.debit, leg.asset)
    accounts.push({ debitAccountId, creditAccountId: resolve(leg.credit, leg.asset) })
    before = leg
  }
  return { accounts, created }
}
