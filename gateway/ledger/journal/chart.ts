import { hash } from 'node:crypto'
import { invariant } from '../../errors/invariant.ts'
import type { Asset } from '../../money/asset.ts'
import type { AccountPath } from '../../ports/books.ts'
import { AccountFlags } from '../../ports/ledger.ts'

/** An account as the books know it: its path and asset, and its id in the ledger machine. */
export type BookAccount = Readonly<{ id: bigint; path: AccountPath; asset: Asset }>

const LIMITED = AccountFlags.debits_must_not_exceed_credits
/** What a rail holds for us is an asset: it is debited first, and can not be credited below zero. A ceiling bounds what is credited to it. */
const HOLDING = AccountFlags.credits_must_not_exceed_debits

/** The first word of a path says what kind of account it is. Codes are kept in journals and never change. */
const KINDS: ReadonlyMap<string, Readonly<{ code: number; flags: number }>> = new Map([
  ['rail', { code: 1, flags: HOLDING }],
  ['party', { code: 2, flags: LIMITED }],
  ['pot', { code: 3, flags: LIMITED }],
  ['share', { code: 4, flags: LIMITED }],
  ['suspense', { code: 5, flags: LIMITED }],
  ['surplus', { code: 6, flags: LIMITED }],
  ['fx', { code: 7, flags: LIMITED }],
  ['transit', { code: 8, flags: 0 }],
  ['fee', { code: 9, flags: 0 }],
  ['dust', { code: 10, flags: 0 }],
  ['capital', { code: 11, flags: 0 }],
  ['channel', { code: 12, flags: LIMITED }],
  ['vouched', { code: 13, flags: LIMITED }],
  ['exchange', { code: 14, flags: LIMITED }],
  ['netting', { code: 15, flags: LIMITED }],
  ['budget', { code: 16, flags: LIMITED }],
  ['exposure', { code: 17, flags: LIMITED }],
  ['ceiling', { code: 18, flags: HOLDING }],
  ['pass', { code: 19, flags: LIMITED }],
  ['x402', { code: 20, flags: 0 }],
  ['charged', { code: 21, flags: LIMITED }],
  ['dispute', { code: 22, flags: LIMITED }],
  ['batch', { code: 23, flags: LIMITED }],
])

/** Longest path, in UTF-16 units. */
const PATH_MAX = 200

/** The code and flags of an account's kind. Stops on a path that is not in the chart of accounts. */
export function accountKind(path: AccountPath): Readonly<{ code: number; flags: number }> {
  const colon = path.indexOf(':')
  const kind = KINDS.get(path.slice(0, colon))
  invariant(kind && path.length > colon + 1 && path.length <= PATH_MAX, `"${path.slice(0, PATH_MAX)}" is a path of the chart of accounts`)
  return kind
}

/** An account's id in the ledger: the first 128 bits of SHA-256 over its asset's id, a bar and its path. Asset ids contain no bar. */
export function accountId(path: AccountPath, asset: Asset): bigint {
  const digest = hash('sha256', `${asset.id}|${path}`, 'buffer')
  return (digest.readBigUInt64BE(0) << 64n) | digest.readBigUInt64BE(8)
}
