import { invariant } from '../errors/invariant.ts'
import { createMachine, type Machine } from '../ledger/machine.ts'
import type { Asset } from '../money/asset.ts'
import type { AccountBalance, AccountPath, Claim, Entry } from '../ports/books.ts'
import type { EntryId } from '../ports/ids.ts'
import type { TransferStatus } from '../ports/ledger.ts'
import type { BookAccount } from './chart.ts'
import { legOf } from './entryTransfers.ts'
import { entryKey, splitTransferId, transferId } from './legIds.ts'

/** A claim that is taken. Claims of one submission share `group`, which tells whether several were taken together. */
export type TakenClaim = Claim & Readonly<{ seq: number; group: number }>
/** An entry that is booked; its legs are in the machine. */
export type BookedEntry = Readonly<{ id: EntryId; payment: string; legs: number; seq: number; fingerprint: bigint }>
/** An entry that was declined, once and for good. */
export type DeclinedEntry = Readonly<{ id: EntryId; fingerprint: bigint; status: TransferStatus; leg: number; seq: number }>

/** All that the books know, in memory. Entries are filed under `entryKey`. */
export type BookState = {
  readonly machine: Machine
  /** By asset id, then by path. */
  readonly accounts: Map<string, Map<AccountPath, BookAccount>>
  readonly accountsById: Map<bigint, BookAccount>
  readonly assetsByLedger: Map<number, Asset>
  readonly claims: Map<string, TakenClaim>
  readonly entries: Map<string, BookedEntry>
  readonly declined: Map<string, DeclinedEntry>
  groups: number
}

/** Books without anything in them. */
export function emptyBooks(): BookState {
  return {
    machine: createMachine(),
    accounts: new Map(),
    accountsById: new Map(),
    assetsByLedger: new Map(),
    claims: new Map(),
    entries: new Map(),
    declined: new Map(),
    groups: 0,
  }
}

/** Adds an account to the chart once it is created in the ledger. */
export function addAccount(state: BookState, account: BookAccount): void {
  claimLedger(state, account.asset)
  const ofAsset = state.accounts.get(account.asset.id)
  if (ofAsset) ofAsset.set(account.path, account)
  else state.accounts.set(account.asset.id, new Map([[account.path, account]]))
  state.accountsById.set(account.id, account)
}

/** The account of this path and asset, when something was booked on it. */
export function findAccount(state: BookState, path: AccountPath, asset: Asset): BookAccount | undefined {
  return state.accounts.get(asset.id)?.get(path)
}

/** Stops when two assets share a ledger number, or one asset comes with another number or scale: their units would be added up. */
export function claimLedger(state: BookState, asset: Asset): void {
  const known = state.assetsByLedger.get(asset.ledger)
  if (!known) state.assetsByLedger.set(asset.ledger, asset)
  else invariant(known.id === asset.id && known.scale === asset.scale, `ledger ${asset.ledger} belongs to ${known.id}, not to ${asset.id}`)
}

/** Records that these claims are taken together. */
export function takeClaims(state: BookState, claims: readonly Claim[], seq: number): void {
  const group = state.groups++
  for (const { key, fingerprint } of claims) state.claims.set(key, { key, fingerprint, seq, group })
}

/** The balance of an account; all zero when nothing was ever booked on it. */
export function balanceOf(state: BookState, path: AccountPath, asset: Asset): AccountBalance {
  const known = findAccount(state, path, asset)
  if (known) return readBalance(state, known)
  return { path, asset, debitsPosted: 0n, creditsPosted: 0n, debitsPending: 0n, creditsPending: 0n }
}

/** The balances of all accounts whose path begins with `prefix`. */
export function balancesUnder(state: BookState, prefix: string): AccountBalance[] {
  const found: AccountBalance[] = []
  for (const account of state.accountsById.values()) {
    if (account.path.startsWith(prefix)) found.push(readBalance(state, account))
  }
  return found
}

/** A booked entry with its legs as they were booked. */
export function bookedEntry(state: BookState, id: EntryId): Entry | undefined {
  const booked = state.entries.get(entryKey(id))
  if (booked?.id !== id) return undefined
  const legs = Array.from({ length: booked.legs }, (_, leg) => {
    const transfer = state.machine.transfer(transferId({ entry: id, leg }))
    invariant(transfer, `leg ${leg} of ${id} is in the ledger`)
    return legOf(
      transfer,
      (account) => state.accountsById.get(account),
      (pending) => pendingLeg(state, pending),
    )
  })
  return { id, payment: booked.payment, legs }
}

function pendingLeg(state: BookState, pendingId: bigint) {
  const { key, leg } = splitTransferId(pendingId)
  const holder = state.entries.get(key)
  invariant(holder, `the entry of hold ${pendingId} is known`)
  return { entry: holder.id, leg }
}

function readBalance(state: BookState, { id, path, asset }: BookAccount): AccountBalance {
  const account = state.machine.account(id)
  invariant(account, `the account of ${path} is in the ledger`)
  const { debitsPosted, creditsPosted, debitsPending, creditsPending } = account
  return { path, asset, debitsPosted, creditsPosted, debitsPending, creditsPending }
}
