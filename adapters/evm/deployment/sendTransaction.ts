import { setTimeout as sleep } from 'node:timers/promises'
import { keccak256, type LocalAccount } from 'viem'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../gateway/errors/invariant.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import type { GasOffer } from '../node/fees.ts'
import { RpcRefused, RpcSilent } from '../node/rpc.ts'
import type { Receipt } from '../node/wire.ts'

/** How often a receipt is asked for, and for how long. */
export type Patience = Readonly<{ pollMs: number; deadlineMs: number }>
type Transaction = Readonly<{ to: Hex; data?: Hex; value?: bigint; gas: bigint }>
export type Sending = Readonly<{ chain: Chain; chainId: number; account: LocalAccount; fees: GasOffer; patience: Patience }>

/**
 * Signs, sends, and waits until it is mined. Refuses while another transaction of the account waits: it may be this one from an earlier run.
 * Throws `outcome_unknown` when it is not mined in time, `deployment_refused` when the node refuses it or it reverts.
 */
export async function sendTransaction(o: Sending, transaction: Transaction, what: string): Promise<Receipt> {
  const nonce = await freeNonce(o.chain, o.account.address)
  const raw = await o.account.signTransaction({
    type: 'eip1559',
    chainId: o.chainId,
    nonce,
    ...transaction,
    maxFeePerGas: o.fees.maxFee,
    maxPriorityFeePerGas: o.fees.priorityFee,
  })
  return sendRaw(o.chain, raw, o.patience, what)
}

/** The same for a transaction that is signed already. */
export async function sendRaw(chain: Chain, raw: Hex, patience: Patience, what: string): Promise<Receipt> {
  try {
    await chain.sendRaw(raw)
  } catch (error) {
    // No answer is not a no: the node may have taken it. Its hash is known, so it is looked up; also when the node has it already.
    if (!(error instanceof RpcSilent) && !isKnown(error)) throw refused(error, what)
  }
  const hash = keccak256(raw)
  const receipt = await receiptOf(chain, hash, patience)
  if (!receipt) {
    throw new GatewayError('outcome_unknown', `${what}: transaction ${hash} is not mined after ${patience.deadlineMs / 1000} s`, {
      hint: 'Look it up, and run the same command again when it is mined or dropped: what stands is not deployed again.',
      meta: { hash },
    })
  }
  if (receipt.status === '0x0') {
    throw new GatewayError('deployment_refused', `${what}: transaction ${hash} was mined and reverted`, { meta: { hash } })
  }
  return receipt
}

async function freeNonce(chain: Chain, address: Hex): Promise<number> {
  const [mined, pending] = await Promise.all([chain.transactionCount(address, 'latest'), chain.transactionCount(address, 'pending')])
  if (pending > mined) {
    throw new GatewayError(
      'deployment_refused',
      `${pending - mined} transaction(s) of ${address} wait to be mined, the first with nonce ${mined}`,
      {
        hint: 'Nothing was sent. Wait for them or replace them, then run the same command again.',
      },
    )
  }
  invariant(mined <= BigInt(Number.MAX_SAFE_INTEGER), 'a nonce is a small number')
  return Number(mined) // not money: a count
}

async function receiptOf(chain: Chain, hash: Hex, { pollMs, deadlineMs }: Patience): Promise<Receipt | undefined> {
  const until = performance.now() + deadlineMs
  do {
    const receipt = await chain.receipt(hash).catch(unlessSilent)
    if (receipt) return receipt
    await sleep(pollMs)
  } while (performance.now() < until)
  return undefined
}

function unlessSilent(error: unknown): null {
  if (error instanceof RpcSilent) return null
  throw error
}

function isKnown(error: unknown): boolean {
  return error instanceof RpcRefused && /already (?:known|imported|in mempool)|known transaction/i.test(error.message)
}

function refused(error: unknown, what: string): unknown {
  if (!(error instanceof RpcRefused)) return error
  return new GatewayError('deployment_refused', `${what}: the node refused the transaction: ${error.message}`, { cause: error })
}
