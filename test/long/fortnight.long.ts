import { test } from 'vitest'
import { judgeFortnight } from '../fortnight/judge.ts'

test('in a fortnight of ten thousand payments every one of sixty planted faults is found, typed and ended, and the books are exact', async () => {
  await judgeFortnight({ payments: 10_000, faults: 60, seed: 2 })
})
