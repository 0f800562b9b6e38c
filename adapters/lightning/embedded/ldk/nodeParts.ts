import {
  BroadcasterInterface,
  ChainMonitor,
  DefaultMessageRouter,
  DefaultRouter,
  type EntropySource,
  FeeEstimator,
  KeysManager,
  Level,
  Logger,
  type LoggerInterface,
  type MessageRouter,
  MultiThreadedLockableScore,
  type NetworkGraph,
  type NodeSigner,
  Option_FilterZ,
  type OutputSpender,
  type ProbabilisticScorer,
  ProbabilisticScoringFeeParameters,
  type Router,
  type SignerProvider,
} from 'lightningdevkit'
import { type BufferedPersist, bufferedPersist } from './bufferedPersist.ts'
import type { NodeStore } from './nodeStore.ts'
import { recallRouting } from './routingMemory.ts'
import { type WalletKey, walletKey } from './walletKey.ts'

/** BOLT 3's floor in satoshi per 1000 weight. On regtest no block is ever full. */
export const FEERATE_SAT_PER_KW = 253

/** Everything a ChannelManager is made of. LDK holds JavaScript objects weakly, so the node keeps this whole record alive. */
export type NodeParts = Readonly<{
  logger: Logger
  fees: FeeEstimator
  broadcaster: BroadcasterInterface
  /** Transactions LDK wants sent, since the last call. */
  drainBroadcasts: () => readonly Uint8Array[]
  /** Sends one of our own with the next drain. */
  broadcast: (tx: Uint8Array) => void
  persist: BufferedPersist
  chainMonitor: ChainMonitor
  keys: KeysManager
  entropy: EntropySource
  nodeSigner: NodeSigner
  signerProvider: SignerProvider
  outputSpender: OutputSpender
  wallet: WalletKey
  graph: NetworkGraph
  scorer: ProbabilisticScorer
  scoreParameters: ProbabilisticScoringFeeParameters
  router: Router
  messageRouter: MessageRouter
  keep: readonly unknown[]
}>

/** What LDK 0.1 writes, before it panics, when a peer has proved that a channel went on after this state of it. */
const FALLEN_BEHIND = 'We have fallen behind'

/** The parts in LDK's order of construction. `nowMs` only makes fresh channel keys differ between starts. `fallenBehind`: the state is an older one. */
export function nodeParts(seed: Uint8Array, store: NodeStore, nowMs: number, fallenBehind: () => void = () => {}): NodeParts {
  let broadcasts: Uint8Array[] = []
  // LDK logs some hundred records a payment; of most only the level is read, because each read crosses into WebAssembly.
  const errors: LoggerInterface = {
    log: (record) => {
      if (record.get_level() === Level.LDKLevel_Error && record.get_args().startsWith(FALLEN_BEHIND)) fallenBehind()
    },
  }
  const logger = Logger.new_impl(errors)
  const fees = FeeEstimator.new_impl({ get_est_sat_per_1000_weight: () => FEERATE_SAT_PER_KW })
  const broadcaster = BroadcasterInterface.new_impl({
    broadcast_transactions: (txs) => {
      broadcasts.push(...txs)
    },
  })
  const persist = bufferedPersist()
  const chainMonitor = ChainMonitor.constructor_new(Option_FilterZ.constructor_none(), broadcaster, logger, fees, persist.trait)
  const keys = KeysManager.constructor_new(seed, BigInt(Math.trunc(nowMs / 1000)), (nowMs % 1000) * 1_000_000)
  const { graph, scorer } = recallRouting(store, logger)
  const score = MultiThreadedLockableScore.constructor_new(scorer.as_Score())
  const entropy = keys.as_EntropySource()
  const scoreParameters = ProbabilisticScoringFeeParameters.constructor_default()
  const defaultRouter = DefaultRouter.constructor_new(graph, logger, entropy, score.as_LockableScore(), scoreParameters)
  const defaultMessageRouter = DefaultMessageRouter.constructor_new(graph, entropy)
  return {
    logger,
    fees,
    broadcaster,
    drainBroadcasts: () => {
      const taken = broadcasts
      broadcasts = []
      return taken
    },
    broadcast: (tx) => {
      broadcasts.push(tx)
    },
    persist,
    chainMonitor,
    keys,
    entropy,
    nodeSigner: keys.as_NodeSigner(),
    signerProvider: keys.as_SignerProvider(),
    outputSpender: keys.as_OutputSpender(),
    wallet: walletKey(seed),
    graph,
    scorer,
    scoreParameters,
    router: defaultRouter.as_Router(),
    messageRouter: defaultMessageRouter.as_MessageRouter(),
    keep: [score, defaultRouter, defaultMessageRouter],
  }
}
