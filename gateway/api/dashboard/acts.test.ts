import { expect, test } from 'vitest'
import { ACTS } from './acts.ts'

test('what a browser names stays one segment of the path that is asked', () => {
  const paths = Object.entries(ACTS).filter(([path]) => path.includes(':id'))
  expect(paths.length).toBeGreaterThan(10)
  for (const [path, act] of paths) {
    const [plain, wild] = [act.path('pi_1'), act.path('../keys/x?y#z')]
    expect([path, wild]).toEqual([path, plain.replace('pi_1', '..%2Fkeys%2Fx%3Fy%23z')])
    expect([path, act.shown('a/b?c')]).toEqual([path, act.shown('pi_1').replace('pi_1', 'a%2Fb%3Fc')])
  }
})
