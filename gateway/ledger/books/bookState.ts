import { invariant } from '../../errors/invariant.ts'
import type { Asset } from '../../money/asset.ts'
import type { AccountBalance, AccountPath, Claim, Entry } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { TransferStatus } from '../../ports/ledger.ts'
import { addItem, findItem, type Item, type KeyStore, newKeyStore } from '../archive/keyStore.ts'
import type { BookAccount } from '../journal/chart.ts'
import { entryKey, splitTransferId, transferId } from '../journal/legIds.ts'
import { createMachine, type Machine } from '../machine/machine.ts'
import { accountOfId } from '../rows/accountTable.ts'
import { legOf } from './entryTransfers.ts'
import { accountAtPath, accountsUnder, addToPaths, newPathIndex, type PathIndex } from './pathIndex.ts'

/** A claim that is taken. Claims of one submission share `group`, which tells whether several were taken together. */
type TakenClaim = Claim & Readonly<{ seq: number; group: number }>
/** An entry that is booked; its legs and its fingerprint are in the machine. */
type BookedEntry = Readonly<{ id: EntryId; payment: string; legs: number; seq: number }>
/** An entry that was declined, once and for good. */
type DeclinedEntry = Readonly<{ id: EntryId; fingerprint: bigint; status: TransferStatus; leg: number; seq: number }>

/** All that the books know, in memory. Entries are filed under `entryKey`. */
export type BookState = {
  readonly machine: Machine
  /** In the order of their creation, which is that of the machine's accounts. */
  readonly chart: BookAccount[]
  readonly paths: PathIndex
  readonly assetsByLedger: Map<number, Asset>
  /** Claims, booked and declined entries. */
  readonly keyStore: KeyStore
  /** What has ended, of the rooms above. */
  readonly archive: KeyStore
  groups: number
}

/** Kinds of items in the key store. */
const CLAIM = 1
const BOOKED = 2
const DECLINED = 3
const CLAIMS = [CLAIM]
const ENTRIES = [BOOKED, DECLINED]

/** Books without anything in them. `seed` scatters the keys of claims. */
export function emptyBooks(seed: number): BookState {
  return {
    machine: createMachine(),
    chart: [],
    paths: newPathIndex(),
    assetsByLedger: new Map(),
    keyStore: newKeyStore(seed),
    archive: newKeyStore(seed),
    groups: 0,
  }
}

/** Adds an account to the chart once it is created in the ledger. */
export function addAccount(state: BookState, account: BookAccount): void {
  claimLedger(state, account.asset)
  addToPaths(state.paths, account)
  state.chart.push(account)
}

/** The account of this path and asset, when something was booked on it. */
export function findAccount(state: BookState, path: AccountPath, asset: Asset): BookAccount | undefined {
  return accountAtPath(state.paths, path, asset)
}

/** `claimLedger` for the asset of each leg. */
export function claimLedgers(state: BookState, { legs }: Entry): void {
  let claimed: Asset | undefined
  for (const { asset } of legs) {
    if (asset !== claimed) claimLedger(state, asset)
    claimed = asset
  }
}

/** Stops when two assets share a ledger number, or one asset comes with another number or scale: their units would be added up. */
function claimLedger(state: BookState, asset: Asset): void {
  const known = state.assetsByLedger.get(asset.ledger)
  if (!known) state.assetsByLedger.set(asset.ledger, asset)
  else
    invariant(
      known.id === asset.id && known.scale === asset.scale,
      () => `ledger ${asset.ledger} belongs to ${known.id}, not to ${asset.id}`,
    )
}

/** Records that these claims are taken together. */
export function takeClaims(state: BookState, claims: readonly Claim[], seq: number): void {
  const group = state.groups++
  for (const { key, fingerprint } of claims) addItem(state.keyStore, { kind: CLAIM, count: 0, seq, group, key, value: fingerprint })
}

/** The claim under this key, when it is taken. */
export function takenClaim(state: BookState, key: string): TakenClaim | undefined {
  const item = findItem(state.keyStore, CLAIMS, key)
  return item && { key, fingerprint: item.value, seq: item.seq, group: item.group }
}

// The key leaves out the last byte of an entry's id, which is 2 hex digits at the beginning of the value.
const LAST_BYTE = 2

/** Records that an entry is booked; its transfers are in the machine. */
export function noteBooked(state: BookState, { id, payment, legs, seq }: BookedEntry): void {
  const key = entryKey(id)
  addItem(state.keyStore, { kind: BOOKED, count: legs, seq, group: 0, key, value: id.slice(-LAST_BYTE) + payment })
}

/** Records that an entry was declined. */
export function noteDeclined(state: BookState, { id, fingerprint, status, leg, seq }: DeclinedEntry): void {
  const value = `${id.slice(-LAST_BYTE)}${fingerprint.toString(16).padStart(16, '0')}${status}`
  addItem(state.keyStore, { kind: DECLINED, count: leg, seq, group: 0, key: entryKey(id), value })
}

/** The entry that has this id, or all of it but its last byte: booked or declined. */
export function standingEntryOf(state: BookState, id: EntryId): (BookedEntry & { fingerprint: bigint }) | DeclinedEntry | undefined {
  const item = findItem(state.keyStore, ENTRIES, entryKey(id))
  if (!item) return undefined
  if (item.kind === BOOKED) {
    const first = state.machine.transfer(transferId({ entry: id, leg: 0 }))
    invariant(first, `the legs of ${id} are in the ledger`)
    return { ...bookedOf(item), fingerprint: first.userData64 }
  }
  const fingerprint = BigInt(`0x${item.value.slice(LAST_BYTE, LAST_BYTE + 16)}`)
  // Written by `noteDeclined`.
  const status = item.value.slice(LAST_BYTE + 16) as TransferStatus
  return { id: idOf(item), fingerprint, status, leg: item.count, seq: item.seq }
}

function bookedOf(item: Item): BookedEntry {
  return { id: idOf(item), payment: item.value.slice(LAST_BYTE), legs: item.count, seq: item.seq }
}

function idOf(item: Item): EntryId {
  return `en_${item.key}${item.value.slice(0, LAST_BYTE)}`
}

/** The balance of an account; all zero when nothing was ever booked on it. */
export function balanceOf(state: BookState, path: AccountPath, asset: Asset): AccountBalance {
  const known = findAccount(state, path, asset)
  if (known) return readBalance(state, known)
  return { path, asset, debitsPosted: 0n, creditsPosted: 0n, debitsPending: 0n, creditsPending: 0n }
}

/** The balances of the accounts at a path and below it; '' for all. */
export function balancesUnder(state: BookState, path: AccountPath): AccountBalance[] {
  const found = path === '' ? state.chart : accountsUnder(state.paths, path)
  return found.map((account) => readBalance(state, account))
}

/** The balances of so many accounts in the order of their creation. */
export function balancesFrom(state: BookState, place: number, count: number): AccountBalance[] {
  return state.chart.slice(place, place + count).map((account) => readBalance(state, account))
}

/** A booked entry with its legs as they were booked. */
export function bookedEntry(state: BookState, id: EntryId): Entry | undefined {
  const item = findItem(state.keyStore, [BOOKED], entryKey(id))
  if (!item || idOf(item) !== id) return undefined
  const booked = bookedOf(item)
  const legs = Array.from({ length: booked.legs }, (_, leg) => {
    const transfer = state.machine.transfer(transferId({ entry: id, leg }))
    invariant(transfer, `leg ${leg} of ${id} is in the ledger`)
    return legOf(
      transfer,
      (account) => accountOf(state, account),
      (pending) => pendingLeg(state, pending),
    )
  })
  return { id, payment: booked.payment, legs }
}

function accountOf(state: BookState, id: bigint): BookAccount | undefined {
  const row = accountOfId(state.machine.state.accounts, id)
  return row && state.chart[row.place]
}

function pendingLeg(state: BookState, pendingId: bigint) {
  const { key, leg } = splitTransferId(pendingId)
  const holder = findItem(state.keyStore, [BOOKED], key)
  invariant(holder, `the entry of hold ${pendingId} is known`)
  return { entry: idOf(holder), leg }
}

function readBalance(state: BookState, { id, path, asset }: BookAccount): AccountBalance {
  const account = state.machine.account(id)
  invariant(account, `the account of ${path} is in the ledger`)
  const { debitsPosted, creditsPosted, debitsPending, creditsPending } = account
  return { path, asset, debitsPosted, creditsPosted, debitsPending, creditsPending }
}
