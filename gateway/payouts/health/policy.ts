import type { NanoUsd } from '../../costs/policy.ts'

/** When a rail rests, and how it is tried again. Times in milliseconds. */
export type HealthPolicy = Readonly<{
  /** So many calls of one kind without an answer, one after the other, and the rail rests. */
  silencesMax: number
  /** How long it rests at first; twice as long after each trial that is not answered, up to the most. */
  restMinMs: number
  restMaxMs: number
  /** What a trial payment is worth at most. */
  trialNanoMax: NanoUsd
  /** When no payment so small came for so long, one of any worth is the trial. */
  trialAnyMs: number
  /** Calls to one rail that may be under way at once; of one party, as many as are free besides. */
  callsMax: number
  /** Of these, to one payee's own server. */
  callsToHostMax: number
}>

export const healthPolicy: HealthPolicy = {
  silencesMax: 5,
  restMinMs: 5_000,
  restMaxMs: 60_000,
  trialNanoMax: 25_000_000_000n, // 25 USD
  trialAnyMs: 60_000,
  callsMax: 1_024,
  callsToHostMax: 64,
}
