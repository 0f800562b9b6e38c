import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { LedgerEngine } from '../../gateway/ports/ledger.ts'

/** An engine behind a link that can be cut: `deaf` loses the request, `mute` the answer of a request that takes effect. */
export type MutedEngine = { state: 'whole' | 'deaf' | 'mute'; readonly engine: LedgerEngine }

export function mutedEngine(engine: LedgerEngine): MutedEngine {
  const link: MutedEngine = {
    state: 'whole',
    engine: {
      ...engine,
      async createTransfers(batch, options) {
        if (link.state === 'deaf') throw noAnswer()
        const results = await engine.createTransfers(batch, options)
        if (link.state === 'mute') throw noAnswer()
        return results
      },
    },
  }
  return link
}

function noAnswer(): GatewayError {
  return new GatewayError('outcome_unknown', 'no answer')
}
