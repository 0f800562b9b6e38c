import { privateKeyToAccount } from 'viem/accounts'
import { money } from '../../gateway/money/money.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { VoucherChannelOperator } from '../../gateway/ports/voucherChannels.ts'
import { createContracts, lower } from './node/contracts.ts'
import { saidByNode } from './node/saidByNode.ts'
import { hash32 } from './node/wire.ts'
import type { RailParts } from './railParts.ts'
import { readRequest } from './sending/requests.ts'
import { runUnpromised } from './sending/unpromised.ts'
import { tryOpening } from './work/trial.ts'
import { readChannels } from './work/voucherChannels.ts'

/** A first deposit by authorization, and a claim's own gas and that of each row, on a token like USDC. */
const OPEN_GAS = 118_000n
const CLAIM_GAS = 42_000n
const ROW_GAS = 13_200n
/** A close that gives a rest back, with its signature. */
const CLOSE_GAS = 61_000n
/** A row has 112 bytes, a collection with its signature four times as many. */
const ROWS_A_COLLECTION = 4n

const CLOSE = {
  Close: [
    { name: 'channelId', type: 'bytes32' },
    { name: 'claimedMin', type: 'uint96' },
  ],
} as const

/** Voucher channels of the rail's hub. `watched` is shared with the rail's statement. */
export function channelFace(parts: RailParts, watched: Map<Hex, Hex>): VoucherChannelOperator {
  const { options, agreed, driver, fees, lanes } = parts
  const { chainId, hub, token, gasAsset } = options
  const closer = privateKeyToAccount(options.operatorKey)
  const contracts = createContracts(agreed, { token: token.address, hub })
  const place = { chainId, hub, token: token.address, tokenName: token.name, tokenVersion: token.version, closer: lanes.first.operator }

  function cost(gas: bigint, collections: bigint) {
    const price = fees.last()
    return money(gasAsset, price ? gas * (price.baseFee + price.priorityFee) + price.dataFees.collection * collections : 0n)
  }

  async function run(id: string, asked: unknown): Promise<Outcome> {
    const request = readRequest(asked)
    if (!request) return { kind: 'failed', reason: 'rejected_by_rail', detail: 'a field is malformed' }
    return driver.run(id, request, new AbortController().signal)
  }

  return {
    place,
    watchChannel: (channelId, splitId) => void watched.set(hash32.parse(channelId), lower(splitId)),
    async channels(ids) {
      return saidByNode(chainId, readChannels(contracts, ids, 'latest'))
    },
    async openChannel(id, { terms, deposit }) {
      const request = readRequest({ kind: 'opening', terms, deposit })
      if (request?.kind !== 'opening') return { kind: 'failed', reason: 'rejected_by_rail', detail: 'a field is malformed' }
      const trial = () => saidByNode(chainId, tryOpening(parts.collection, request))
      return runUnpromised({ ...parts, clock: options.clock }, { id, request, signal: new AbortController().signal, trial })
    },
    claimPacked: (id, claim) => run(id, { kind: 'vouchers', ...claim }),
    async closeChannel(id, { channelId, terms, claimedMin }) {
      const domain = { name: 'SettlementHub', version: '1', chainId, verifyingContract: hub }
      const message = { channelId, claimedMin }
      // The same each time, so that the same close is the same action.
      const signature = await closer.signTypedData({ domain, types: CLOSE, primaryType: 'Close', message })
      return run(id, { kind: 'closing', terms, claimedMin, signature })
    },
    openCost: () => cost(OPEN_GAS, 1n),
    closeCost: () => cost(CLOSE_GAS, 1n),
    claimCost: (rows) => cost(CLAIM_GAS + ROW_GAS * rows, 1n + rows / ROWS_A_COLLECTION),
  }
}
