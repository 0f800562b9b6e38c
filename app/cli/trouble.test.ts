import { expect, test, vi } from 'vitest'
import { refusedBy } from './refusedBy.ts'
import { tell } from './trouble.ts'

function told(errors: readonly object[]): string {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  try {
    const problem = { code: 'invalid_request', detail: 'a: is wrong. Correct it.', hint: 'Correct it.', errors }
    expect(tell(refusedBy('http://there', 400, problem), [], 'switchyard')).toBe(1)
    return String(said.mock.calls[0]?.[0])
  } finally {
    said.mockRestore()
  }
}

test('each field that a gateway calls wrong is told, where there are several', () => {
  const [a, whole] = [
    { path: 'a', message: 'is wrong' },
    { path: '', message: 'has a member too many' },
  ]
  expect(told([a])).toMatch(/answered 400: a: is wrong \(invalid_request\)\. Correct it\.$/)
  expect(told([a, whole])).toMatch(/Correct it\.\n {2}a: is wrong\n {2}the request: has a member too many$/)
})
