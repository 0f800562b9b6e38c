import type { Asset } from '../../gateway/money/asset.ts'
import type { RailName } from '../../gateway/ports/railName.ts'
import type { Receiver, Settlement } from '../../gateway/ports/receiver.ts'

/** A rail's stream of settlements in memory: told from the beginning, then live. `told` may be emptied. */
export function createFakeStream(rail: RailName, asset: Asset) {
  const told: Settlement[] = []
  let wake = (): void => undefined
  return {
    told,
    push(settlement: Settlement): void {
      told.push(settlement)
      wake()
    },
    receiver: {
      rail,
      asset,
      offer: () => Promise.reject(new Error('no offers here')),
      async *settlements(after, { signal }) {
        let next = after === '' ? 0 : told.findIndex(({ cursor }) => cursor === after) + 1
        while (!signal.aborted) {
          const item = told[next]
          if (item) {
            next += 1
            yield item
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve
              signal.addEventListener('abort', () => resolve(), { once: true })
            })
          }
        }
      },
    } satisfies Receiver as Receiver,
  }
}
