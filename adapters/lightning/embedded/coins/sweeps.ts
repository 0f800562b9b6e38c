import {
  Option_u32Z,
  type OutPoint,
  Result_SpendableOutputDescriptorDecodeErrorZ_OK,
  Result_TransactionNoneZ_OK,
  SpendableOutputDescriptor,
  SpendableOutputDescriptor_DelayedPaymentOutput,
  SpendableOutputDescriptor_StaticOutput,
  SpendableOutputDescriptor_StaticPaymentOutput,
} from 'lightningdevkit'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import { channelKey } from '../ldk/bufferedPersist.ts'
import type { ChainBlock } from '../ldk/chainSource.ts'
import { FEERATE_SAT_PER_KW, type NodeParts } from '../ldk/nodeParts.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'
import { recordPlaceEvent } from '../payments/nodeEvents.ts'
import { FINAL_DEPTH } from './finalDepth.ts'
import { sumOf } from './placeSums.ts'

/** Outputs one sweep spends; what is left goes with the next block. */
const OUTPUTS_PER_SWEEP_MAX = 100n
/**
 * An output of less, in satoshi, is not swept alone: at the lowest fee rate spending it costs some 150, and 294 is the least a P2WPKH output may hold.
 * It goes along with others, and is worth nothing until then.
 */
const WORTH_SWEEPING_SATS = 600n

/** Keeps outputs of a closed channel that only our keys can spend. Forgetting one would lose the money, and LDK may tell of one more than once. */
export function keepOutputs(store: NodeStore, channel: string, outputs: readonly SpendableOutputDescriptor[], at: number): void {
  for (const output of outputs) {
    const { outpoint, sats } = readOutput(output)
    store.write(
      'INSERT OR IGNORE INTO spendable_outputs (channel, outpoint, data, sats, at) VALUES (?, ?, ?, ?, ?)',
      channel,
      channelKey(outpoint),
      output.write(),
      sats,
      BigInt(at),
    )
  }
}

/** Notes which sweeps this block confirms. */
export function confirmSweeps(store: NodeStore, block: ChainBlock): void {
  for (const { seq, raw } of unfinished(store)) {
    if (block.txs.some((tx) => Buffer.compare(tx, raw) === 0))
      store.write('UPDATE sweeps SET height = ? WHERE seq = ?', BigInt(block.height), seq)
  }
}

/** Forgets confirmations above `height`: their blocks are no longer of the chain. */
export function unconfirmSweeps(store: NodeStore, height: number): void {
  store.write('UPDATE sweeps SET height = NULL WHERE height > ? AND final = 0', BigInt(height))
}

/** Books sweeps that are deep enough: what they paid is in the wallet, and their fee is spent. */
export function bookFinalSweeps(store: NodeStore, height: number, at: number): void {
  for (const { seq, sats, feeSats, confirmedAt } of unfinished(store)) {
    if (confirmedAt === undefined || BigInt(height) - confirmedAt + 1n < FINAL_DEPTH) continue
    store.write('UPDATE sweeps SET final = 1 WHERE seq = ?', seq)
    const swept = { id: `sweep ${seq}`, place: 'closing', at } as const
    recordPlaceEvent(store, { ...swept, kind: 'spent', amountMsat: feeSats * 1_000n })
    recordPlaceEvent(store, { ...swept, kind: 'moved', toPlace: 'wallet', amountMsat: sats * 1_000n })
  }
}

/**
 * Spends all outputs that wait by one transaction, and sends every sweep that is in no block, again and again. A sweep is durable before it is sent,
 * and its outputs are never taken by another.
 */
export function sendSweeps(store: NodeStore, parts: NodeParts, at: number): void {
  sweep(store, parts, at)
  for (const { raw, confirmedAt } of unfinished(store)) if (confirmedAt === undefined) parts.broadcast(raw)
}

/** What is not in the wallet yet, in satoshi: outputs that wait for a sweep, and what sweeps that are not final take in. */
export function unsweptSats(store: NodeStore): bigint {
  return waitingSats(store) + sumOf(store, 'SELECT coalesce(sum(sats + fee_sats), 0) AS n FROM sweeps WHERE final = 0')
}

function waitingSats(store: NodeStore): bigint {
  return sumOf(store, `SELECT coalesce(sum(sats), 0) AS n FROM spendable_outputs WHERE sweep IS NULL AND sats >= ${WORTH_SWEEPING_SATS}`)
}

function sweep(store: NodeStore, parts: NodeParts, at: number): void {
  if (waitingSats(store) === 0n) return
  const rows = store
    .statement('SELECT seq, data FROM spendable_outputs WHERE sweep IS NULL ORDER BY sats DESC LIMIT ?')
    .all(OUTPUTS_PER_SWEEP_MAX)
  const descriptors = rows.map(({ data }) => readDescriptor(data))
  const signed = parts.outputSpender.spend_spendable_outputs(
    descriptors,
    [],
    parts.wallet.script,
    FEERATE_SAT_PER_KW,
    Option_u32Z.constructor_none(),
  )
  invariant(signed instanceof Result_TransactionNoneZ_OK, 'what is worth sweeping can be spent')
  const taken = descriptors.reduce((sum, descriptor) => sum + readOutput(descriptor).sats, 0n)
  const sats = onlyOutputSats(signed.res)
  invariant(sats > 0n && sats < taken, 'a sweep pays less than it takes in')
  store.write('INSERT INTO sweeps (raw, sats, fee_sats, at) VALUES (?, ?, ?, ?)', signed.res, sats, taken - sats, BigInt(at))
  const seq = sumOf(store, 'SELECT max(seq) AS n FROM sweeps')
  for (const row of rows) {
    invariant(typeof row.seq === 'bigint', 'an output has a number')
    store.write('UPDATE spendable_outputs SET sweep = ? WHERE seq = ?', seq, row.seq)
  }
}

type Unfinished = Readonly<{ seq: bigint; raw: Uint8Array; sats: bigint; feeSats: bigint; confirmedAt: bigint | undefined }>

function unfinished(store: NodeStore): Unfinished[] {
  const rows = store.statement('SELECT seq, raw, sats, fee_sats, height FROM sweeps WHERE final = 0 ORDER BY seq').all()
  return rows.map(({ seq, raw, sats, fee_sats, height }) => {
    invariant(typeof seq === 'bigint' && raw instanceof Uint8Array, 'a sweep has its transaction')
    invariant(typeof sats === 'bigint' && typeof fee_sats === 'bigint', 'a sweep has amounts')
    return { seq, raw, sats, feeSats: fee_sats, confirmedAt: typeof height === 'bigint' ? height : undefined }
  })
}

function readDescriptor(data: unknown): SpendableOutputDescriptor {
  invariant(data instanceof Uint8Array, 'an output is bytes')
  const read = SpendableOutputDescriptor.constructor_read(data)
  invariant(read instanceof Result_SpendableOutputDescriptorDecodeErrorZ_OK, 'a stored output can be read')
  return read.res
}

function readOutput(descriptor: SpendableOutputDescriptor): { outpoint: OutPoint; sats: bigint } {
  if (descriptor instanceof SpendableOutputDescriptor_StaticOutput) return { outpoint: descriptor.outpoint, sats: descriptor.output.value }
  const payment =
    descriptor instanceof SpendableOutputDescriptor_DelayedPaymentOutput
      ? descriptor.delayed_payment_output
      : descriptor instanceof SpendableOutputDescriptor_StaticPaymentOutput
        ? descriptor.static_payment_output
        : undefined
  invariant(payment, 'an output is of one of three kinds')
  return { outpoint: payment.get_outpoint(), sats: payment.get_output().value }
}

/** The value of the one output of a segregated-witness transaction: version, marker and flag, inputs, then the count and the value. */
function onlyOutputSats(raw: Uint8Array): bigint {
  const bytes = Buffer.from(raw)
  invariant(bytes[4] === 0 && bytes[5] === 1, 'a sweep has witnesses')
  const inputs = bytes[6]
  invariant(inputs !== undefined && inputs < 0xfd, 'a sweep has few inputs')
  // Each input: 36 bytes of outpoint, an empty script (its length in one byte), 4 of sequence.
  const outputs = 7 + inputs * 41
  invariant(bytes[outputs] === 1, 'a sweep has one output')
  return bytes.readBigUInt64LE(outputs + 1)
}
