import type { Asset } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { EvmRailName } from '../../../gateway/ports/railName.ts'
import type { Settlement } from '../../../gateway/ports/receiver.ts'
import { offerReference } from '../node/offers.ts'
import type { Log } from '../node/wire.ts'
import { authorizationReference } from '../sending/requests.ts'
import type { FinalTransaction } from '../sending/transactionTable.ts'
import { authorizationsIn, type ClaimedEvent, claimsIn, paymentsIn, sweepsIn, transfersIn } from './events.ts'
import { COSTS_START, isAfter, logIndexed, type Position, writeCursor } from './position.ts'
import { depositsIn, vouchersIn, withdrawalsIn } from './voucherChannelEvents.ts'

/** What the stream is about: the token's movements into our places, and the hub's words about our splits. */
export type Scope = Readonly<{
  rail: EvmRailName
  token: Hex
  hub: Hex
  operator: Hex
  asset: Asset
  gasAsset: Asset
  /** Receiver to split, of the splits in question. */
  receivers: ReadonlyMap<Hex, Hex>
  splits: ReadonlySet<Hex>
  /** Whether transfers into the operator's wallet are in question. */
  wallet: boolean
  /** Transactions of ours that were for an action, by its id. */
  payouts: ReadonlyMap<Hex, string>
}>

/** A settlement with its place in the stream and the block that it is in. */
export type Placed = Readonly<{ position: Position; blockHash: Hex; settlement: Settlement }>

/** In the order of the stream. */
export function byPosition(a: Placed, b: Placed): number {
  return isAfter(a.position, b.position) ? 1 : -1
}

/** What is read of a transaction beside its logs: how settlements name the permits that made transfers, by the log of the transfer. */
type Read = Scope & Readonly<{ permits?: ReadonlyMap<Log, string> }>

/** All logs of some whole transactions, as settlements. `at`: the time of a log's block in ms. */
export function translateLogs(logs: readonly Log[], scope: Read, at: (log: Log) => number): Placed[] {
  const place: Place = (log, fields, part = 0) => {
    const position = { block: log.blockNumber, index: logIndexed(log.logIndex, part) }
    // The block's hash is in it: the same transaction in another block is another settlement.
    const movement = `${log.transactionHash}:${log.logIndex}${part === 0 ? '' : `.${part}`}`
    const id = `${movement}:${log.blockHash}`
    const origin = { id, movement, cursor: writeCursor(position), rail: scope.rail, at: at(log), proof: log.transactionHash }
    return { position, blockHash: log.blockHash, settlement: { ...fields, ...origin } }
  }
  const inToken = (units: bigint) => money(scope.asset, units)

  const paid = paymentsIn(logs, scope)
    .filter(({ splitId }) => scope.splits.has(splitId))
    .map(({ log, splitId, ref, from, value }) => {
      const reference = offerReference(splitId, ref)
      return place(log, { kind: 'received', place: 'hub', amount: inToken(value), reference, splitId, payer: from })
    })
  const swept = sweepsIn(logs, scope)
    .filter(({ splitId }) => scope.splits.has(splitId))
    .map(({ log, splitId, value }) => place(log, { kind: 'swept', place: 'receiver', amount: inToken(value), splitId }))
  const claims = claimsIn(logs, scope).filter(({ splitId }) => scope.splits.has(splitId))
  const claimed = claims.map(({ log, part, splitId, account, value }) =>
    place(log, { kind: 'claimed', place: 'hub', amount: inToken(value), splitId, account }, part),
  )
  return [...paid, ...swept, ...claimed, ...translateChannels(logs, scope, place), ...translateTransfers(logs, scope, claims, place)]
}

/** Deposits into voucher channels, and their ways out of them: into the pot, or back to the payer. */
function translateChannels(logs: readonly Log[], scope: Scope, place: Place): Placed[] {
  const ours = ({ splitId }: { splitId: Hex }) => scope.splits.has(splitId)
  const inHub = (value: bigint) => ({ place: 'hub', amount: money(scope.asset, value) })
  const deposited = depositsIn(logs, scope)
    .filter(ours)
    .map(({ log, channelId, splitId, value, channel }) => {
      const terms = channel ? { payer: channel.payer, channel: { salt: channel.salt, closer: channel.closer } } : {}
      return place(log, { kind: 'deposited', ...inHub(value), splitId, channelId, ...terms })
    })
  const vouched = vouchersIn(logs, scope)
    .filter(ours)
    .map(({ log, splitId, value }) => place(log, { kind: 'vouched', ...inHub(value), splitId }))
  const withdrawn = withdrawalsIn(logs, scope)
    .filter(ours)
    .map(({ log, channelId, splitId, payer, value }) => place(log, { kind: 'withdrawn', ...inHub(value), splitId, channelId, payer }))
  return [...deposited, ...vouched, ...withdrawn]
}

type Place = (log: Log, fields: Omit<Settlement, 'id' | 'cursor' | 'rail' | 'at' | 'proof'>, part?: number) => Placed

function translateTransfers(logs: readonly Log[], scope: Read, claims: readonly ClaimedEvent[], place: Place) {
  const uses = authorizationsIn(logs, scope.token)
  return transfersIn(logs, scope.token).flatMap(({ log, from, to, value }) => {
    if (value === 0n) return []
    if (from === to) return toItself(log, { from, value }, scope, place)
    const use = uses.find(({ transfer }) => transfer?.log === log)
    const fields = { kind: 'received', amount: money(scope.asset, value), payer: from } as const
    const named = use ? authorizationReference(use.from, use.nonce) : scope.permits?.get(log)
    const reference = named === undefined ? {} : { reference: named }
    const splitId = scope.receivers.get(to)
    if (splitId) return [place(log, { ...fields, ...reference, place: 'receiver', splitId })]
    if (to !== scope.operator || !scope.wallet) return []
    // The hub's transfer of a claim follows its log at once, which tells the same; of several splits in it, some may not be ours.
    const tells = ({ log: claim, account, to: paid }: ClaimedEvent) =>
      from === scope.hub && account === to && paid === to && claim.logIndex + 1n === log.logIndex && claim.blockHash === log.blockHash
    const untold = value - claims.filter(tells).reduce((sum, claim) => sum + claim.value, 0n)
    return untold === 0n ? [] : [place(log, { ...fields, ...reference, amount: money(scope.asset, untold), place: 'wallet' })]
  })
}

/** Nothing moved. But where a payout did so, the books count the money as gone: it came to the wallet again. */
function toItself(log: Log, { from, value }: { from: Hex; value: bigint }, { wallet, operator, payouts, asset }: Scope, place: Place) {
  const attemptId = payouts.get(log.transactionHash)
  if (!wallet || from !== operator || attemptId === undefined) return []
  return [place(log, { kind: 'received', place: 'wallet', amount: money(asset, value), payer: from, attemptId })]
}

/** What our own transaction cost in gas, whatever became of it. */
export function translateCost(transaction: FinalTransaction, { rail, gasAsset }: Pick<Scope, 'rail' | 'gasAsset'>): Placed {
  const position = { block: transaction.block, index: COSTS_START + BigInt(transaction.place) }
  return {
    position,
    blockHash: transaction.blockHash,
    settlement: {
      kind: 'spent',
      id: `${transaction.hash}:gas:${transaction.blockHash}`,
      cursor: writeCursor(position),
      rail,
      place: 'gas',
      amount: money(gasAsset, transaction.cost),
      at: transaction.at,
      proof: transaction.hash,
      ...(transaction.actionIds.length === 1 ? { attemptId: transaction.actionIds[0]! } : {}),
    },
  }
}
