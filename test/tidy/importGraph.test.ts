import { expect, test } from 'vitest'
import { importsOf, noFileCircles, noRoomCircles } from './importGraph.ts'

test('static, type, side effect and dynamic imports are seen, comments and packages are not', () => {
  const text = `import type { A } from './a.ts'
import {
  b,
} from '../b/b.ts'
import './c.ts'
export { d } from './d.ts'
const e = await import('./e.ts')
// import './f.ts'
import { g } from 'g'`
  const found = importsOf([{ path: 'gateway/x/x.ts', text }]).map(({ to }) => to)
  expect(found).toEqual(['gateway/x/a.ts', 'gateway/b/b.ts', 'gateway/x/c.ts', 'gateway/x/d.ts', 'gateway/x/e.ts'])
})

test('a circle of three files is reported once, with its path', () => {
  const sources = [
    { path: 'a/1.ts', text: "import './2.ts'" },
    { path: 'a/2.ts', text: "import './3.ts'" },
    { path: 'a/3.ts', text: "import type { x } from './1.ts'" },
    { path: 'a/4.ts', text: "import './1.ts'" },
  ]
  expect(noFileCircles(sources)).toEqual([expect.stringContaining('a/1.ts -> a/2.ts -> a/3.ts -> a/1.ts')])
  expect(noFileCircles(sources.slice(0, 2))).toEqual([])
})

test('a circle of rooms is reported at any depth although no file is in one, and a test does not make one', () => {
  const sources = [
    { path: 'gateway/offer/a.ts', text: "import '../books/a.ts'" },
    { path: 'gateway/books/a.ts', text: '' },
    { path: 'gateway/books/b.ts', text: "import '../offer/b.ts'" },
    { path: 'gateway/offer/b.ts', text: '' },
  ]
  expect(noFileCircles(sources)).toEqual([])
  expect(noRoomCircles(sources)).toEqual([expect.stringContaining('gateway/books -> gateway/offer -> gateway/books')])
  const deeper = sources.map(({ path, text }) => ({ path: `gateway/wing/${path.slice('gateway/'.length)}`, text }))
  expect(noRoomCircles(deeper)).toEqual([expect.stringContaining('gateway/wing/books -> gateway/wing/offer -> gateway/wing/books')])
  expect(noRoomCircles(sources.map((s) => (s.path === 'gateway/books/b.ts' ? { ...s, path: 'gateway/books/b.test.ts' } : s)))).toEqual([])
})
