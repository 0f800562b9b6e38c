import { expect, test } from 'vitest'
import { threadsAreLight } from './threads.ts'

test('a thread that reaches a heavy library is reported with the file that imports it, and one that wants its types is not', () => {
  const sources = [
    { path: 'app/a/aThread.ts', text: "import { b } from '../b/b.ts'" },
    { path: 'app/b/b.ts', text: "import type { Hex } from 'viem'\nimport type { c } from '../c/c.ts'\nexport { d } from '../d/d.ts'" },
    { path: 'app/c/c.ts', text: "import { keccak256 } from 'viem'" },
    { path: 'app/d/d.ts', text: '' },
  ]
  expect(threadsAreLight(sources)).toEqual([])
  const heavy = sources.map((one) => (one.path === 'app/d/d.ts' ? { ...one, text: "import { keccak256 } from 'viem/utils'" } : one))
  expect(threadsAreLight(heavy)).toEqual([expect.stringMatching(/^app\/d\/d\.ts: app\/a\/aThread\.ts reaches it .* viem/)])
})
