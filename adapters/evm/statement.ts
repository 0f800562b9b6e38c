import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Asset } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { EvmRailName } from '../../gateway/ports/railName.ts'
import type { PotBalance, RailBalance } from '../../gateway/ports/statement.ts'
import type { BlockTag, Chain } from './node/chain.ts'
import { type Contracts, lower } from './node/contracts.ts'
import { receiverAddress } from './node/offers.ts'
import type { RailLog } from './node/railLog.ts'
import { RpcRefused, RpcSilent } from './node/rpc.ts'
import type { Header } from './node/wire.ts'
import type { ActionTable } from './sending/actionTable.ts'
import type { TransactionTable } from './sending/transactionTable.ts'
import { BLOCK_END, writeCursor } from './stream/position.ts'
import type { WatchTable } from './stream/watchTable.ts'
import { readChannels } from './work/voucherChannels.ts'

/** Above any block. */
const NEWEST = BigInt(Number.MAX_SAFE_INTEGER) // not money: a number of a block

export type StatementParts = Readonly<{
  rail: EvmRailName
  chain: Chain
  contracts: Contracts
  watch: WatchTable
  /** The split of each channel whose deposit is ours to count. */
  channels: ReadonlyMap<Hex, Hex>
  hub: Hex
  actions: ActionTable
  transactions: TransactionTable
  /** The first holds the tokens; each holds ether for gas. */
  operators: readonly Hex[]
  asset: Asset
  gasAsset: Asset
  horizon: () => Header | undefined
  log: RailLog
}>

/**
 * The chain's own word at the newest final block. Stream and outcomes speak of final blocks only, so what is above explains no difference;
 * `inFlight` names payouts that were told as settled and are not in it: their blocks were replaced, or it has not come to them. `hub` is the sum of the watched
 * splits' pots and of the watched channels' deposits, not the hub's whole balance, which others' splits share.
 */
export async function readBalances(parts: StatementParts): Promise<RailBalance[]> {
  return answered(parts, async () => {
    const { chain, contracts, operators, hub } = parts
    const block = finalBlock(parts)
    const splits = parts.watch.all()
    const [wallet, gas, hubBalance, pots] = await Promise.all([
      contracts.balanceOf(operators[0]!, block.number),
      Promise.all(operators.map((operator) => chain.balance(operator, block.number))),
      contracts.balanceOf(hub, block.number),
      readPots(
        parts,
        splits.map(({ splitId }) => splitId),
        block.number,
      ),
    ])
    const inHub = pots.reduce((sum, pot) => sum + pot.received - pot.paidOut + pot.inChannels, 0n)
    if (inHub > hubBalance) parts.log('error', 'the hub holds less than it owes', { owed: inHub.toString(), held: hubBalance.toString() })
    const inReceivers = pots.reduce((sum, pot) => sum + pot.inReceiver, 0n)
    const line = (place: string, asset: Asset, units: bigint): RailBalance => ({
      place,
      amount: money(asset, units),
      at: Number(block.timestamp) * 1000, // not money: a time
      cursor: writeCursor({ block: block.number, index: BLOCK_END }),
      inFlight: [],
    })
    return [
      { ...line('wallet', parts.asset, wallet), inFlight: [...onTheWayAgain(parts), ...toldAbove(parts, block.number)] },
      line(
        'gas',
        parts.gasAsset,
        gas.reduce((sum, held) => sum + held, 0n),
      ),
      line('hub', parts.asset, inHub),
      line('receiver', parts.asset, inReceivers),
    ]
  })
}

/** Each split's pot and what is still in its receiver, at the newest final block. */
export async function readPotBalances(parts: StatementParts, splitIds: readonly Hex[]): Promise<PotBalance[]> {
  return answered(parts, () => readPots(parts, splitIds, finalBlock(parts).number))
}

/** Payouts that the books count as gone, and whose blocks were replaced: they are sent again, and until then the wallet holds them. */
function onTheWayAgain({ actions, asset }: StatementParts): RailBalance['inFlight'] {
  return actions.undecided().flatMap(({ id, request, told }) => {
    if (request.kind !== 'payout' || told?.kind !== 'settled') return []
    return [{ what: `payout ${id}, sent again after a reorganisation`, amount: money(asset, -request.units), payments: [id] }]
  })
}

/** An outcome is told when it is durable, and the block counts only when everything up to it is finished: until then the wallet holds what is gone. */
function toldAbove({ transactions, actions, asset }: StatementParts, block: bigint): RailBalance['inFlight'] {
  return transactions.finalBetween(block + 1n, NEWEST).flatMap(({ actionIds }) => {
    const action = actions.get(actionIds[0] ?? '')
    if (action?.request.kind !== 'payout' || action.ending?.kind !== 'settled') return []
    const { id, request } = action
    return [{ what: `payout ${id}, in a block that the balance has not come to`, amount: money(asset, -request.units), payments: [id] }]
  })
}

async function readPots({ contracts, hub, channels }: StatementParts, splitIds: readonly Hex[], block: BlockTag): Promise<PotBalance[]> {
  const unclaimed = new Map<Hex, bigint>()
  for (const { id, deposit, claimed } of await readChannels(contracts, [...channels.keys()], block)) {
    const splitId = channels.get(id)!
    unclaimed.set(splitId, (unclaimed.get(splitId) ?? 0n) + deposit - claimed)
  }
  return Promise.all(
    splitIds.map(async (splitId) => {
      const [pot, inReceiver] = await Promise.all([
        contracts.pot(splitId, block),
        contracts.balanceOf(receiverAddress(hub, splitId), block),
      ])
      return { splitId, ...pot, inReceiver, inChannels: unclaimed.get(lower(splitId)) ?? 0n }
    }),
  )
}

function finalBlock({ horizon }: StatementParts): Header {
  const block = horizon()
  if (!block) throw new RpcSilent('no block is final yet')
  return block
}

async function answered<T>({ rail }: StatementParts, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    if (!(cause instanceof RpcSilent) && !(cause instanceof RpcRefused)) throw cause
    throw new GatewayError('rail_unavailable', `The node of ${rail} did not say what it holds`, { cause, meta: { rail } })
  }
}
