import { expect, test } from 'vitest'
import { exportsAreUsed, programFilesHaveUsers } from './exports.ts'

const source = (path: string, text: string) => ({ path, text })

test('an export that nobody imports is reported: a function, a constant, a type', () => {
  const text = 'export function a() {}\nexport const b = 1\nexport type C = 1\nexport const used = 2\nfunction own() {}'
  const sources = [source('gateway/x/x.ts', text), source('gateway/y/y.ts', "import { used as mine } from '../x/x.ts'")]
  expect(exportsAreUsed(sources)).toEqual(['a', 'b', 'C'].map((name) => expect.stringContaining(`gateway/x/x.ts: nobody imports ${name};`)))
  expect(exportsAreUsed([sources[0]!, source('test/a.ts', "import * as all from '../gateway/x/x.ts'")])).toEqual([])
  expect(exportsAreUsed([sources[0]!, source('app/a.ts', "const all = () => import('../gateway/x/x.ts')")])).toEqual([])
})

test('a file that only tests import is reported, and one that is started by its name is not', () => {
  const worker = source('adapters/x/worker.ts', 'export const a = 1')
  const byTest = source('adapters/x/worker.test.ts', "import { a } from './worker.ts'")
  expect(programFilesHaveUsers([worker, byTest])).toEqual([expect.stringContaining('adapters/x/worker.ts: only tests import it')])
  expect(programFilesHaveUsers([worker, byTest, source('app/a.ts', "import { a } from '../adapters/x/worker.ts'")])).toEqual([])
  expect(programFilesHaveUsers([worker, byTest, source('adapters/x/start.ts', `fork(new URL(\`./worker${'$'}{ending}\`, here))`)])).toEqual(
    [],
  )
})
