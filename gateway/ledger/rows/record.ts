import type { AccountInit, Transfer, U128 } from '../../ports/ledger.ts'

/** An account as it was created: no balances, because they follow from the transfers. */
type AccountRecord = Required<AccountInit>

/**
 * What the machine accepted, as facts and not as commands: a replay does not depend on the rules that once accepted them. A transfer carries its
 * final amount and inherited fields; a burned id is a transfer id that failed for a transient reason and can never be used.
 */
export type LedgerRecord =
  | Readonly<{ kind: 'account'; account: AccountRecord }>
  | Readonly<{ kind: 'transfer'; transfer: Transfer }>
  | Readonly<{ kind: 'burned'; id: U128 }>
  | Readonly<{ kind: 'expired'; pendingId: U128; timestamp: bigint }>
