import { afterEach, beforeEach, test } from 'vitest'
import { type CrashPlace, crashPlace, expectWhole, killWhileSubmitting } from '../behavior/ledgerCrash.ts'

// Needs nothing from outside npm, only time.
const KILLS = 200
/** Acknowledgements after which a child is killed: from the first ones, in its start, to the middle of snapshots. */
const ACKNOWLEDGED_MAX = 3000

let place: CrashPlace
beforeEach(() => {
  place = crashPlace()
})
afterEach(() => place.remove())

test('after two hundred kills under 64 callers nothing acknowledged is lost, nothing is half, nothing is twice', async () => {
  const acknowledged: string[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    // Spread over the range, the same for every run.
    acknowledged.push(...(await killWhileSubmitting(place, 1 + ((kill * 1237) % ACKNOWLEDGED_MAX))))
    if (kill % 50 === 49) await expectWhole(place, acknowledged)
  }
}, 1_200_000)
