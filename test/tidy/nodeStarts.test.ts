import { expect, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { nodesHaveFlags } from './nodeStarts.ts'

const found = (text: string, path = 'world/x.ts') => nodesHaveFlags([{ path, text }])

test.each([
  ["fork(MAIN, ['a'], { execArgv: [] })"],
  ["import child_process from 'node:child_process'\nchild_process.fork(MAIN)"],
  ["spawn(process.execPath, ['-e', script])"],
  ['const [command, ...args] = [...before, process.execPath, CHILD]\nuse(NODE_FLAGS)'],
  ["function f() { return spawnSync(process.execPath, [], { stdio: 'pipe' }) }\nconst g = NODE_FLAGS"],
  ["const STEPS = [{ name: 'build', command: ['node', 'build.ts'] }]"],
])('a Node that is started without the flags is reported: %s', (text) => {
  expect(found(text)).toEqual([expect.stringContaining('starts a Node without NODE_FLAGS')])
})

test.each([
  ["fork(MAIN, ['a'], { execArgv: [...NODE_FLAGS] })"],
  ['real.fork(...given)'],
  ["spawn(process.execPath, [...NODE_FLAGS, '-e', script])"],
  ['const [command, ...args] = [...before, process.execPath, ...NODE_FLAGS, CHILD]'],
  ["const STEPS = [{ name: 'build', command: ['node', ...NODE_FLAGS, 'build.ts'] }]"],
  ["const place = ['node', 'closing']"],
])('what has the flags, or starts nothing, is not: %s', (text) => {
  expect(found(text)).toEqual([])
})

test('a script of npm and a configuration of vitest without the flag are reported', () => {
  const scripts = { start: 'node main.ts', ok: 'node --no-memory-protection-keys main.ts', other: 'biome check' }
  expect(found(JSON.stringify({ scripts }), 'package.json')).toEqual([expect.stringContaining('the script start starts a Node')])
  expect(found("export default defineConfig({ test: { pool: 'forks' } })", 'test/vitest.config.ts')).toHaveLength(1)
  expect(found('export default defineConfig({ test: { execArgv: [...NODE_FLAGS] } })', 'vitest.config.ts')).toEqual([])
})

test('the worker that runs this has the flags', () => {
  expect(process.execArgv).toEqual(expect.arrayContaining([...NODE_FLAGS]))
})
