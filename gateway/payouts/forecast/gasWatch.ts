import { createSweeper } from '../../ledger/process/sweeper.ts'
import type { Asset } from '../../money/asset.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Sender } from '../../ports/sender.ts'
import { EACH_MINUTE, NEW_TAPE, type Tape, withPrice } from './tape.ts'

const MINUTE_MS = 60_000

type GasTape = Readonly<{ rail: RailName; asset: Asset; tape: Tape }>

/** Looks once a minute at what each chain takes for a usual payment. It keeps nothing: after a start it learns anew. */
export function createGasWatch({ senders, clock }: Readonly<{ senders: readonly Sender[]; clock: Pick<Clock, 'now'> }>) {
  const tapes = new Map<RailName, GasTape>()

  function look(): void {
    const looked = new Set<RailName>()
    for (const { rail, gasNow } of senders) {
      const gas = looked.has(rail) ? undefined : gasNow?.()
      if (!gas || gas.units <= 0n) continue
      looked.add(rail)
      const known = tapes.get(rail)
      const price = Number(gas.units) // not money: what a forecast is reckoned with
      tapes.set(rail, {
        rail,
        asset: gas.asset,
        tape: withPrice(known?.tape ?? NEW_TAPE, price, { at: clock.now(), kind: EACH_MINUTE }),
      })
    }
  }

  const sweeper = createSweeper(async () => look(), MINUTE_MS)
  return { look, tapes: (): GasTape[] => [...tapes.values()], start: sweeper.start, close: sweeper.close }
}
