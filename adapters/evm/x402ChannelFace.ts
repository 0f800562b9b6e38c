import { privateKeyToAccount } from 'viem/accounts'
import { money } from '../../gateway/money/money.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import { BATCH_SETTLEMENT, type X402ChannelOperator } from '../../gateway/ports/x402Channels.ts'
import { saidByNode } from './node/saidByNode.ts'
import type { RailParts } from './railParts.ts'
import { readRequest } from './sending/requests.ts'
import { runUnpromised } from './sending/unpromised.ts'
import { tryX402Deposit } from './work/trial.ts'
import { readRefundNonce, readX402Channels } from './work/x402Channels.ts'

/** A deposit by authorization, and a claim's own gas with its transfer and that of each row, on a token like USDC (x402's own snapshot, whole transactions). */
const DEPOSIT_GAS = 140_000n
const CLAIM_GAS = 85_000n
const ROW_GAS = 35_000n
/** What a refund takes beside the claim in it. */
const REFUND_GAS = 60_000n
/** So long a payer's request waits for its deposit to count; after it the chain is asked when the payer comes again. */
const DEPOSIT_WAIT_MS = 20_000
const REFUND = [
  { name: 'channelId', type: 'bytes32' },
  { name: 'nonce', type: 'uint256' },
  { name: 'amount', type: 'uint128' },
]
const MALFORMED: Outcome = { kind: 'failed', reason: 'rejected_by_rail', detail: 'a field is malformed' }

/** Channels of x402 whose vouchers this rail's first account claims. */
export function x402ChannelFace(parts: RailParts): X402ChannelOperator {
  const { options, agreed, driver, fees, tracker } = parts
  const { chainId, token, gasAsset, clock } = options
  const authorizer = privateKeyToAccount(options.operatorKey)

  function cost(gas: bigint, collections: bigint) {
    const price = fees.last()
    return money(gasAsset, price ? gas * (price.baseFee + price.priorityFee) + price.dataFees.collection * collections : 0n)
  }

  return {
    async x402Channels(ids) {
      const at = { newest: 'latest', final: tracker.horizon()?.number ?? 0n } as const
      return saidByNode(chainId, readX402Channels(agreed, ids, at))
    },
    async x402Deposit(id, { config, deposit }) {
      const request = readRequest({ kind: 'x402Deposit', config, deposit })
      if (request?.kind !== 'x402Deposit') return MALFORMED
      const trial = () => saidByNode(chainId, tryX402Deposit(parts.collection, request))
      return runUnpromised({ ...parts, clock }, { id, request, signal: AbortSignal.timeout(DEPOSIT_WAIT_MS), trial })
    },
    async x402Claim(id, { receiver, rows }) {
      const sender = rows[0]?.config.receiverAuthorizer
      const request = readRequest({ kind: 'x402Claim', sender, receiver, token: token.address, rows })
      if (request?.kind !== 'x402Claim') return MALFORMED
      return driver.run(id, request, new AbortController().signal)
    },
    async x402Refund(id, { config, channelId, units, nonce, claims }) {
      // A key signs the same always, so that the same is asked under one id.
      const signature = await authorizer.signTypedData({
        domain: { name: 'x402 Batch Settlement', version: '1', chainId, verifyingContract: BATCH_SETTLEMENT },
        types: { Refund: REFUND },
        primaryType: 'Refund',
        message: { channelId, nonce, amount: units },
      })
      const request = readRequest({ kind: 'x402Refund', config, units, nonce, signature, claims })
      if (request?.kind !== 'x402Refund') return MALFORMED
      return driver.run(id, request, new AbortController().signal)
    },
    x402RefundNonce: (channelId) => saidByNode(chainId, readRefundNonce(agreed, channelId, 'latest')),
    x402RefundCost: () => cost(CLAIM_GAS + ROW_GAS + REFUND_GAS, 3n),
    x402DepositCost: () => cost(DEPOSIT_GAS, 1n),
    // A row has about as many bytes as a collection.
    x402ClaimCost: (rows) => cost(CLAIM_GAS + ROW_GAS * rows, 1n + rows),
  }
}
