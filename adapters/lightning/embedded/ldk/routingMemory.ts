import {
  type Event,
  Event_PaymentPathFailed,
  Event_PaymentPathSuccessful,
  Event_ProbeFailed,
  Event_ProbeSuccessful,
  type Logger,
  Network,
  NetworkGraph,
  Option_NetworkUpdateZ_Some,
  Option_u64Z_Some,
  PathFailure_OnPath,
  ProbabilisticScorer,
  ProbabilisticScoringDecayParameters,
  Result_NetworkGraphDecodeErrorZ_OK,
  Result_ProbabilisticScorerDecodeErrorZ_OK,
} from 'lightningdevkit'
import type { NodeStore } from './nodeStore.ts'

/** The channels of the network as gossip told, and how likely each carries an amount. Either begins anew when what was kept cannot be read. */
type RoutingMemory = Readonly<{ graph: NetworkGraph; scorer: ProbabilisticScorer }>

/** As it was kept; without it a new process knows no route until its peer has told it the network again. */
export function recallRouting(store: NodeStore, logger: Logger): RoutingMemory {
  const graph = keptGraph(store.meta('graph'), logger) ?? NetworkGraph.constructor_new(Network.LDKNetwork_Regtest, logger)
  const decay = ProbabilisticScoringDecayParameters.constructor_default()
  return { graph, scorer: keptScorer(store.meta('scorer'), graph, logger) ?? ProbabilisticScorer.constructor_new(decay, graph, logger) }
}

/** Writes both into the open transaction. */
export function keepRouting(store: NodeStore, { graph, scorer }: RoutingMemory): void {
  const sql = 'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'
  store.write(sql, 'graph', graph.write())
  store.write(sql, 'scorer', scorer.write())
}

/** Teaches the router what the end of a path or of a probe says: which channel could not carry the amount, and which could. */
export function learnRoute(event: Event, { scorer, graph }: RoutingMemory, nowMs: number): void {
  const score = scorer.as_ScoreUpdate()
  const now = BigInt(Math.trunc(nowMs / 1000))
  if (event instanceof Event_PaymentPathSuccessful) score.payment_path_successful(event.path, now)
  else if (event instanceof Event_ProbeSuccessful) score.probe_successful(event.path, now)
  else if (event instanceof Event_ProbeFailed) {
    if (event.short_channel_id instanceof Option_u64Z_Some) score.probe_failed(event.path, event.short_channel_id.some, now)
  } else if (event instanceof Event_PaymentPathFailed) {
    if (event.short_channel_id instanceof Option_u64Z_Some) score.payment_path_failed(event.path, event.short_channel_id.some, now)
    // The payee itself refused: every channel on the way could carry it.
    else if (event.payment_failed_permanently) score.probe_successful(event.path, now)
    const { failure } = event
    const update = failure instanceof PathFailure_OnPath ? failure.network_update : undefined
    if (update instanceof Option_NetworkUpdateZ_Some) graph.handle_network_update(update.some)
  }
}

function keptGraph(bytes: Uint8Array | undefined, logger: Logger): NetworkGraph | undefined {
  const read = bytes && NetworkGraph.constructor_read(bytes, logger)
  return read instanceof Result_NetworkGraphDecodeErrorZ_OK ? read.res : undefined
}

function keptScorer(bytes: Uint8Array | undefined, graph: NetworkGraph, logger: Logger): ProbabilisticScorer | undefined {
  const decay = ProbabilisticScoringDecayParameters.constructor_default()
  const read = bytes && ProbabilisticScorer.constructor_read(bytes, decay, graph, logger)
  return read instanceof Result_ProbabilisticScorerDecodeErrorZ_OK ? read.res : undefined
}
