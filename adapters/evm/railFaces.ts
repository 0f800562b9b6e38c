import { setTimeout as pause } from 'node:timers/promises'
import { type Money, money } from '../../gateway/money/money.ts'
import type { CollectionSights } from '../../gateway/ports/collectionSights.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import { type EvmRailName, evmRail } from '../../gateway/ports/railName.ts'
import type { Collector, OpenCollector, Receiver, SplitOperator } from '../../gateway/ports/receiver.ts'
import type { Attempt, Sender } from '../../gateway/ports/sender.ts'
import type { SpendingView } from '../../gateway/ports/spendingView.ts'
import type { PotStatement, Statement } from '../../gateway/ports/statement.ts'
import type { VoucherChannelOperator } from '../../gateway/ports/voucherChannels.ts'
import type { X402ChannelOperator } from '../../gateway/ports/x402Channels.ts'
import { type BlockTag, createChain } from './node/chain.ts'
import { createContracts } from './node/contracts.ts'
import { makeOffer } from './node/offers.ts'
import { RpcSilent } from './node/rpc.ts'
import { saidByNode } from './node/saidByNode.ts'
import { hash32 } from './node/wire.ts'
import { ownAccount } from './ownAccounts.ts'
import type { RailParts } from './railParts.ts'
import { type EvmRequest, isPermit } from './sending/requests.ts'
import { runUnpromised } from './sending/unpromised.ts'
import { splitFace } from './splitFace.ts'
import { readBalances, readPotBalances, type StatementParts } from './statement.ts'
import { createWatcher } from './stream/watcher.ts'
import { codeQuestion, QUESTION_GAS, readCodeWord } from './view/codeProgram.ts'
import { createSpendingView } from './view/spendingView.ts'
import { channelFace } from './voucherChannelFace.ts'
import { readCollection } from './work/collections.ts'
import { lostPayout } from './work/lostPayout.ts'
import { createNonceUses } from './work/nonceUses.ts'
import { checkDestination, estimatePayout, gasNow, readPayout } from './work/payouts.ts'
import { createSights } from './work/sights.ts'
import { tryCollection } from './work/trial.ts'
import { x402ChannelFace } from './x402ChannelFace.ts'

/** One EVM chain with its token and hub. */
export type EvmRail = Required<Omit<Receiver, 'paysOutOnly' | 'cost'>> &
  Sender &
  Required<Collector> &
  OpenCollector &
  SplitOperator &
  VoucherChannelOperator &
  X402ChannelOperator &
  SpendingView &
  CollectionSights &
  Statement &
  PotStatement &
  Readonly<{
    rail: EvmRailName
    /** What collecting one payment is expected to cost now, whatever its amount. */
    cost(): Money
    /** The account that signs and pays, in lower case. */
    operator: Hex
    /** From here on, durably, what comes to this split is reported; its past too. `offer` does it by itself. */
    watchSplit(splitId: Hex): void
    /** Callers that wait are answered `unknown`. What is signed stays in the data file and goes on at the next open. */
    close(): Promise<void>
  }>

/** After so long without an answer no offers are made. */
const NODE_LOST_MS = 30_000
const IDLE_POLL_MS = 5

/** The rail's abilities over its parts. */
export function createFaces(parts: RailParts): EvmRail {
  const { options, driver, fees, lanes, watch } = parts
  const { asset } = options.token
  const closing = new AbortController()
  const channels = new Map<Hex, Hex>()
  return {
    rail: evmRail(options.chainId),
    asset,
    operator: lanes.first.operator,
    ...receiving(parts, closing.signal),
    ...sending(parts),
    ...collecting(parts),
    ...splitFace(parts),
    ...channelFace(parts, channels),
    ...x402ChannelFace(parts),
    ...spendingFace(parts),
    ...sightsFace(parts),
    ...stating(parts, channels),
    cost: () => {
      const price = fees.last()
      return money(
        options.gasAsset,
        price ? parts.collectionGas.expected() * (price.baseFee + price.priorityFee) + price.dataFees.collection : 0n,
      )
    },
    // As a payout is final; the block that a payment waits for first is one of them.
    secondsToFunds: () => (fees.last()?.blockSeconds ?? 0n) * parts.payout.blocksToFinal,
    watchSplit: (splitId) => void watch.watch(hash32.parse(splitId)),
    async close() {
      if (closing.signal.aborted) return
      closing.abort()
      driver.close()
      parts.endpoints.close()
      await parts.loop.stop()
      while (!driver.idle()) await pause(IDLE_POLL_MS)
      parts.store.close()
    },
  }
}

function receiving(parts: RailParts, closed: AbortSignal): Pick<Receiver, 'offer' | 'settlements'> {
  const { options, endpoints, agreed, store, transactions, watch, passed, reports, strange, lanes, tracker, driver, log } = parts
  const { chainId, token, hub, gasAsset, firstBlock, pollMs } = options
  const alive = () => parts.silentMs() < NODE_LOST_MS
  const offers = { chainId, token, hub, alive, watch: watch.watch, facilitatorOf: facilitators(parts), channel: channelTerms(parts) }
  const place = { rail: evmRail(chainId), token: token.address, hub, operator: lanes.first.operator, asset: token.asset, gasAsset }
  const tables = { store, transactions, watch, passed, reports, strange }
  const told = { horizon: tracker.horizon, settled: tracker.settled, onTakenBack: driver.recollect, log }
  const agreedContracts = createContracts(agreed, { token: token.address, hub })
  const both = endpoints.both && createChain(endpoints.both)
  const watcher = createWatcher({ ...place, ...tables, ...told, agreed, both, agreedContracts, firstBlock, pollMs })
  return {
    offer: async (request) => makeOffer(offers, request),
    settlements: (after, { signal }) => watcher.settlements(after, { signal: AbortSignal.any([signal, closed]) }),
  }
}

/** Which account collects the maxima of a split: splits take turns, so that no lane has them all. None where x402's proxy does not stand. */
function facilitators({ lanes, maxima }: RailParts): (splitId: Hex) => Hex | undefined {
  return (splitId) => (maxima ? lanes.all[Number(BigInt(splitId) % BigInt(lanes.all.length))]!.operator : undefined) // not money: a place
}

/** What a channel of x402 must name: the first account, which stays the same as long as the rail's data file. */
function channelTerms({ options, lanes }: RailParts) {
  return options.x402Channels && { authorizer: lanes.first.operator, withdrawDelayS: options.x402Channels.withdrawDelayS }
}

function sending(parts: RailParts): Omit<Sender, 'rail' | 'asset'> {
  const { options, payout, driver, lanes, watch, announcements } = parts
  const unheard = (attempt: Attempt) => (announcements.isLost(attempt) ? lostPayout(parts, attempt) : undefined)
  const ours = {
    rail: evmRail(options.chainId),
    operators: lanes.all.map(({ operator }) => operator),
    hub: options.hub,
    isReceiver: watch.isReceiver,
  }
  return {
    serves: ['evm_address'],
    feesComeBy: 'stream',
    check: (destination) => checkDestination(payout, destination),
    owns: (destination) => ownAccount(ours, destination),
    estimate: (query) => estimatePayout(payout, query),
    gasNow: () => gasNow(payout),
    railKey: (_, id) => announcements.announce(id),
    async send(attempt, { signal, acknowledged }) {
      const request = readPayout(payout, attempt)
      // What may have been sent before is not refused.
      if (request.kind === 'failed') return driver.lookup(attempt.id, () => unheard(attempt) ?? request)
      return driver.run(attempt.id, request, signal, { acknowledged, unheard: () => unheard(attempt) })
    },
    lookup: async (id, sent) => driver.lookup(id, () => sent && unheard(sent)),
  }
}

function collecting(parts: RailParts): Required<Collector> & OpenCollector {
  const { options, endpoints, collection, actions, driver } = parts
  const agreedOfCode = createChain(endpoints.agreedOfCode)
  const block = newestOf(parts)
  const codeWord = async (question: Hex) => {
    const word = readCodeWord(await agreedOfCode.run(question, block(), QUESTION_GAS))
    if (word === undefined) throw new RpcSilent('eth_call: the answer is not that of the program')
    return word
  }
  return {
    collect: (id, authorization, { signal, ...how }) =>
      taken(readCollection(collection, authorization), (request) => driver.run(id, request, signal, how)),
    collectIfGood: (id, authorization, { signal }) =>
      taken(readCollection(collection, authorization), (request) => {
        const trial = () => saidByNode(options.chainId, tryCollection(collection, request))
        return runUnpromised({ driver, actions, clock: options.clock }, { id, request, signal, trial })
      }),
    askCode: (account, digest, signature) => saidByNode(options.chainId, codeWord(codeQuestion(account, digest, signature))),
    lookupCollection: async (id) => driver.lookup(id),
    collectionCost(rows) {
      const price = parts.fees.last()
      const gas = parts.collectionGas.together(rows)
      return money(options.gasAsset, price ? gas * (price.baseFee + price.priorityFee) + price.dataFees.collection * rows : 0n)
    },
  }
}

function sightsFace(parts: RailParts): CollectionSights {
  const { options, agreed, collection, actions, transactions, lanes, tracker } = parts
  const { chainId, hub, token } = options
  return {
    signers: lanes.all.map(({ operator }) => operator),
    async tryAuthorization(authorization) {
      const request = readCollection(collection, authorization)
      const refusal = request.kind === 'failed' ? request : await saidByNode(chainId, tryCollection(collection, request))
      return refusal?.reason
    },
    ...createSights({ agreed, token: token.address, hub, head: tracker.head, actions, transactions }),
  }
}

/** The newest block; of several endpoints, the newest that most have reached. */
function newestOf({ endpoints, tracker }: RailParts): () => BlockTag {
  return () => (endpoints.sole ? 'latest' : tracker.head().number)
}

/** What payers can spend at the newest block. */
function spendingFace(rail: RailParts): SpendingView {
  const { options, endpoints, agreed, tracker, log } = rail
  const block = newestOf(rail)
  const token = options.token.address
  const parts = { agreed, token, block, log }
  const [authorizations, permits] = [createSpendingView(parts, 'authorizations'), createSpendingView(parts, 'permits')]
  const newest = async () => (endpoints.sole ? (await agreed.header('latest')).number : tracker.head().number)
  return {
    spending: (of) => (isPermit(of.kind) ? permits : authorizations).spending(of),
    useOf: createNonceUses({ agreed, token, hub: options.hub, newest, clock: options.clock }).useOf,
  }
}

function stating(parts: RailParts, channels: ReadonlyMap<Hex, Hex>): Statement & PotStatement {
  const { options, agreed, actions, transactions, watch, lanes, tracker, log } = parts
  const { chainId, hub, gasAsset, token } = options
  const place = { rail: evmRail(chainId), hub, operators: lanes.all.map(({ operator }) => operator), asset: token.asset, gasAsset }
  const contracts = createContracts(agreed, { token: token.address, hub })
  const statement: StatementParts = {
    ...place,
    chain: agreed,
    contracts,
    actions,
    transactions,
    watch,
    channels,
    horizon: tracker.horizon,
    log,
  }
  return {
    balances: () => readBalances(statement),
    pots: (splitIds) => readPotBalances(statement, splitIds),
    strangers: async () => parts.strange.all(),
  }
}

/** What cannot be tried is refused before anything is kept. */
async function taken<R extends EvmRequest>(
  request: R | Extract<Outcome, { kind: 'failed' }>,
  run: (request: R) => Promise<Outcome>,
): Promise<Outcome> {
  return request.kind === 'failed' ? request : run(request)
}
