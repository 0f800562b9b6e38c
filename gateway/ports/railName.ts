/**
 * What sort of rail it is: who speaks which protocol. `book` is a transfer between two accounts held here, `custom` what an operator's own program brings.
 */
export type RailKind = 'lightning' | 'evm' | 'bank' | 'book' | 'custom'

/** Each EVM chain is a rail of its own, named by its chain id (EIP-155): `evm:8453`. */
export type EvmRailName = `evm:${number}`

/** A rail that is none of ours, named by who wrote it: `custom:mobile-money`. */
export type CustomRailName = `custom:${string}`

/** `bank` is an account in euros that SEPA reaches; `bank:us` one in dollars that ACH reaches, and `bank:us-same-day` its quicker way. */
export type BankRailName = 'bank' | 'bank:us' | 'bank:us-same-day'

/** What the name of a custom rail looks like. */
export const CUSTOM_RAIL = /^custom:[a-z0-9][a-z0-9-]{0,39}$/

/** A way for money to move. Offers, attempts, settlements, cursors and accounts all tell rails apart by this name and by nothing else. */
export type RailName = 'lightning' | EvmRailName | BankRailName | 'book' | CustomRailName

/** The rail that is this chain. */
export function evmRail(chainId: number): EvmRailName {
  return `evm:${chainId}`
}

/** The rail whose account a rail pays from: two ways of one bank share it. */
export function accountRail(rail: RailName): RailName {
  return rail === 'bank:us-same-day' ? 'bank:us' : rail
}

/** A bank closes its days, with a statement of each. It is by the name alone, so that facts of a rail that is not here any more say the same. */
export function closesDays(rail: RailName): boolean {
  return railKind(rail) === 'bank'
}

/** The kind of a rail: the part of its name before the colon. */
export function railKind(rail: RailName | RailKind): RailKind {
  const colon = rail.indexOf(':')
  return (colon < 0 ? rail : rail.slice(0, colon)) as RailKind // What has no colon is a kind itself.
}

/** True when a caller's choice, such as `evm` for any chain or `evm:8453` for one, takes in this rail. */
export function isChosen(rail: RailName, choice: RailName | RailKind): boolean {
  return rail === choice || railKind(rail) === choice
}
