import { invariant } from '../../../../gateway/errors/invariant.ts'
import { scriptOfAddress } from '../ldk/chainAddress.ts'
import type { ChainBlock } from '../ldk/chainSource.ts'
import type { NodeParts } from '../ldk/nodeParts.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'
import { recordWithdrawn } from '../payments/nodeEvents.ts'
import { FINAL_DEPTH } from './finalDepth.ts'
import { CHANGE_SATS_MIN, type WithdrawalOrder } from './planWithdrawal.ts'
import { coinName, spendableCoins } from './walletCoins.ts'
import { signTransaction } from './walletTransaction.ts'

/**
 * A withdrawal as the node has it. `refused`: nothing was signed, because a coin has gone into another one, for good. `endedAt` in ms: when it was final.
 */
export type WithdrawalState =
  | Readonly<{ kind: 'refused'; detail: string }>
  | Readonly<{ kind: 'sent' | 'final'; txid: string; feeSats: bigint; confirmations: number; endedAt: bigint }>

type Row = Readonly<{
  id: string
  seq: bigint
  order: Omit<WithdrawalOrder, 'inputs'>
  txid: string
  raw: Uint8Array
  height: bigint | undefined
  endedAt: bigint | undefined
}>

/**
 * Signs a withdrawal and writes it down, once for each id; its transaction goes out after the commit that holds it. Asked again under the id, it says
 * how far it is.
 */
export function beginWithdrawal(
  { store, parts, now }: Readonly<{ store: NodeStore; parts: NodeParts; now: () => number }>,
  id: string,
  order: WithdrawalOrder,
): WithdrawalState | undefined {
  const known = rowsWhere(store, 'id = ?', id)[0]
  if (known) {
    const { address, sats, feeSats } = known.order
    invariant(address === order.address && sats === order.sats && feeSats === order.feeSats, `${id} is the withdrawal that it was`)
    return undefined
  }
  const free = spendableCoins(store)
  const coins = order.inputs.flatMap((name) => free.find((coin) => coinName(coin) === name) ?? [])
  if (coins.length < order.inputs.length) return { kind: 'refused', detail: 'another withdrawal has taken one of its coins' }
  const script = scriptOfAddress(order.address)
  invariant(typeof script !== 'string', 'the address was good when it was planned')
  const changeSats = coins.reduce((sum, { sats }) => sum + sats, 0n) - order.sats - order.feeSats
  invariant(changeSats === 0n || changeSats >= CHANGE_SATS_MIN, 'change is none, or worth having')
  const change = changeSats > 0n ? [{ script: parts.wallet.script, sats: changeSats }] : []
  const { raw, txid } = signTransaction(coins, [{ script, sats: order.sats }, ...change], parts.wallet)
  store.write(
    'INSERT INTO withdrawals (id, address, sats, fee_sats, change_sats, txid, raw, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ...[id, order.address, order.sats, order.feeSats, changeSats, txid, raw, BigInt(now())],
  )
  const { seq } = rowsWhere(store, 'id = ?', id)[0]!
  for (const name of order.inputs) store.write('INSERT INTO withdrawal_inputs (outpoint, withdrawal) VALUES (?, ?)', name, seq)
  parts.broadcast(raw)
  return undefined
}

/** How far a withdrawal is that was begun. */
export function withdrawalState(store: NodeStore, id: string, tipHeight: number): WithdrawalState | undefined {
  const row = rowsWhere(store, 'id = ?', id)[0]
  if (!row) return undefined
  const { txid, height, endedAt } = row
  const confirmations = height === undefined ? 0 : tipHeight - Number(height) + 1 // A height.
  return { kind: endedAt === undefined ? 'sent' : 'final', txid, feeSats: row.order.feeSats, confirmations, endedAt: endedAt ?? 0n }
}

/** Notes which withdrawals this block confirms. */
export function confirmWithdrawals(store: NodeStore, block: ChainBlock): void {
  for (const { seq, raw } of rowsWhere(store, 'final = 0')) {
    if (block.txs.some((tx) => Buffer.compare(tx, raw) === 0))
      store.write('UPDATE withdrawals SET height = ? WHERE seq = ?', BigInt(block.height), seq)
  }
}

/** Forgets confirmations above `height`: their blocks are no longer of the chain. */
export function unconfirmWithdrawals(store: NodeStore, height: number): void {
  store.write('UPDATE withdrawals SET height = NULL WHERE height > ? AND final = 0', BigInt(height))
}

/** After each block: those that are deep enough are out of the wallet, and what is in no block is sent again. */
export function stepWithdrawals(store: NodeStore, o: { broadcast: (tx: Uint8Array) => void; height: number; at: number }): void {
  for (const { seq, id, order, raw, height, txid } of rowsWhere(store, 'final = 0')) {
    if (height === undefined) o.broadcast(raw)
    else if (BigInt(o.height) - height + 1n >= FINAL_DEPTH) {
      store.write('UPDATE withdrawals SET final = 1, ended_at = ? WHERE seq = ?', BigInt(o.at), seq)
      recordWithdrawn(store, { id, txid, amountMsat: order.sats * 1_000n, feeMsat: order.feeSats * 1_000n, at: o.at })
    }
  }
}

function rowsWhere(store: NodeStore, condition: string, ...values: string[]): Row[] {
  const rows = store.statement(`SELECT * FROM withdrawals WHERE ${condition} ORDER BY seq`).all(...values)
  return rows.map(({ seq, id, address, sats, fee_sats, txid, raw, height, ended_at }) => {
    invariant(typeof seq === 'bigint' && typeof sats === 'bigint' && typeof fee_sats === 'bigint', 'a withdrawal has amounts')
    invariant(typeof id === 'string' && typeof address === 'string' && typeof txid === 'string', 'a withdrawal has names')
    invariant(raw instanceof Uint8Array, 'a withdrawal has its transaction')
    const at = { height: bigintOrNone(height), endedAt: bigintOrNone(ended_at) }
    return { seq, id, order: { address, sats, feeSats: fee_sats }, txid, raw, ...at }
  })
}

function bigintOrNone(value: unknown): bigint | undefined {
  return typeof value === 'bigint' ? value : undefined
}
