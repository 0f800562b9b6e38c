import { invariant } from '../../errors/invariant.ts'
import type { Asset } from '../../money/asset.ts'
import type { U128 } from '../../ports/ledger.ts'
import type { ChangeSide, OpenHold, ReadAccount, ReadModelWriter, Touched } from '../../ports/readModel.ts'
import { type Groups, loadGroups, takeGroups } from './groups.ts'

/** An account with its balances, changed in place. */
export type LiveAccount = { -readonly [K in keyof ReadAccount]: ReadAccount[K] }

/** What a projection remembers between blocks: every account with its balances, the holds that are open, and how much it has counted. */
export type LedgerState = {
  readonly accounts: Map<U128, LiveAccount>
  /** The same accounts, account `n` at `n - 1`. */
  readonly byNumber: LiveAccount[]
  readonly holds: Map<U128, OpenHold>
  /** Every asset that an account is in, by its id. */
  readonly assets: Map<string, Asset>
  /** Accounts whose balances have changed since they were last taken. */
  touched: Set<LiveAccount>
  readonly groups: Groups
  entries: number
  changes: number
}

/** The state as the read model left it. */
export function loadState(writer: ReadModelWriter): LedgerState {
  const state: LedgerState = {
    accounts: new Map(),
    byNumber: [],
    holds: new Map(),
    assets: new Map(),
    touched: new Set(),
    groups: loadGroups(writer.groups()),
    ...writer.counts(),
  }
  for (const account of writer.accounts()) addToState(state, { ...account })
  for (const hold of writer.openHolds()) state.holds.set(hold.id, hold)
  return state
}

/** Adds an account; they come in the order of their numbers. */
export function addToState(state: LedgerState, account: LiveAccount): void {
  invariant(account.n === state.byNumber.length + 1, `account ${account.n} follows account ${state.byNumber.length}`)
  state.accounts.set(account.id, account)
  state.byNumber.push(account)
  state.assets.set(account.asset.id, account.asset)
}

/** The accounts and totals that have changed, once. */
export function takeTouched(state: LedgerState): Touched {
  const { touched } = state
  state.touched = new Set()
  return { accounts: touched, groups: takeGroups(state.groups) }
}

export function accountOf(state: LedgerState, id: U128): LiveAccount {
  const account = state.accounts.get(id)
  invariant(account, `the journal names account ${id} after it has created it`)
  return account
}

/** Notes that change `n` has given the account its present balances, and returns that side of the change. */
export function recordChange(state: LedgerState, account: LiveAccount, n: number): ChangeSide {
  const { debitsPosted, creditsPosted, debitsPending, creditsPending } = account
  const side = { account: account.n, before: account.last, debitsPosted, creditsPosted, debitsPending, creditsPending }
  account.last = n
  account.changes += 1
  state.touched.add(account)
  return side
}
