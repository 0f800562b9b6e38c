import type { RailName } from '../../ports/railName.ts'
import { chooseRegime, type RegimeChoice } from './chooseRegime.ts'
import type { CostsNow, RegimeName } from './costsNow.ts'
import { createReturns } from './returns.ts'

export type RegimeAdvice = ReturnType<typeof createRegimeAdvice>

/** Which way to settle is best for who asks, by how often payers came to the route before and by what settling costs now. */
export function createRegimeAdvice(costs: Pick<CostsNow, 'regimes'>) {
  const returns = createReturns()
  return {
    /** A payment that was claimed: before that nothing is remembered of anybody. */
    note: returns.note,
    /** Undefined where settling is free, or its cost is not known. */
    of({ route, asker, rail }: Readonly<{ route: string; asker: string; rail: RailName }>): RegimeChoice<RegimeName> | undefined {
      const offered = costs.regimes(rail)
      return offered.some(({ opens }) => opens === 0n) ? chooseRegime(offered, returns.of(route, asker)) : undefined
    },
  }
}
