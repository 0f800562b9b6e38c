import type { Account, LedgerEngine } from '../../ports/ledger.ts'
import type { BookState } from '../books/bookState.ts'

type Differs = Readonly<{ path: string; asset: string; journal: Account; engine: Account | undefined }>

/**
 * Compares every account of the books, as the journal tells it, with the engine's own. Returns the first that differs in what is posted: the engine is
 * another one, or has lost transfers, or somebody else writes to these accounts. What is pending may differ by holds that have just expired.
 */
export async function compareEngine(state: BookState, engine: LedgerEngine, eventsMax: number): Promise<string | undefined> {
  for (let at = 0; at < state.chart.length; at += eventsMax) {
    const some = state.chart.slice(at, at + eventsMax)
    const found = await engine.lookupAccounts(some.map(({ id }) => id))
    for (const [i, { id, path, asset }] of some.entries()) {
      const wrong = difference({ path, asset: asset.code, journal: state.machine.account(id)!, engine: found[i] })
      if (wrong !== undefined) return wrong
    }
  }
  return undefined
}

function difference({ path, asset, journal, engine }: Differs): string | undefined {
  const name = `${path} in ${asset}`
  if (!engine) return `${name} is in the journal and not in the ledger engine`
  if (engine.debitsPosted !== journal.debitsPosted || engine.creditsPosted !== journal.creditsPosted) {
    return (
      `${name} has ${journal.debitsPosted} debits and ${journal.creditsPosted} credits in the journal, ` +
      `${engine.debitsPosted} and ${engine.creditsPosted} in the ledger engine`
    )
  }
  if (engine.debitsPending > journal.debitsPending || engine.creditsPending > journal.creditsPending) {
    return `${name} has more pending in the ledger engine than in the journal`
  }
  return undefined
}
