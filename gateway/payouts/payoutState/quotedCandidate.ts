import type { Candidate } from '../router/candidate.ts'
import type { Quote } from './payout.ts'

/**
 * What a way that cannot pay all of a payout could pay of it, in the payout's asset: `times` payments of so many units. `isRails`: the rail has no more for
 * whatever destination; otherwise it is this destination that gets no more.
 */
export type Room = Readonly<{ units: bigint; times: bigint; isRails: boolean }>
/** What a rail said itself, where what was learned, or the operator, says another: its chance, its seconds to good funds, its fee. */
type RailsWord = Readonly<{ railPpm?: bigint; railSeconds?: bigint; railFeeNano?: bigint }>

/** A candidate, and what it would send when it is possible. `room`: of what is impossible for its amount alone. */
export type QuotedCandidate = Readonly<{ candidate: Candidate; quote: Quote | undefined; room?: Room }> & RailsWord
