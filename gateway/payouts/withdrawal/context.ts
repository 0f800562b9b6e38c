import type { Logger } from 'pino'
import type { Asset } from '../../money/asset.ts'
import type { Books } from '../../ports/books.ts'
import type { ChainWallet } from '../../ports/chainWallet.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { RailName } from '../../ports/railName.ts'

/** A wallet on chain and the rail it belongs to. */
export type RailWallet = ChainWallet & Readonly<{ rail: RailName }>

export type WithdrawalParts = Readonly<{
  books: Books
  wallet: RailWallet | undefined
  clock: Clock
  ids: IdSource
  assetOf: (id: string) => Asset
  /** The asset of balances: the rail's own is the operator's as liquidity to convert with it. */
  bookAsset: Asset
  log: Pick<Logger, 'warn' | 'error'>
  /** Told of an error that no step expects. */
  onFatal: (error: unknown) => void
}>
