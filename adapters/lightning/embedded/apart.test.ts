import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { NODE_FLAGS } from '../../../gateway/ports/nodeFlags.ts'

const PROGRAM = `
import { registerHooks } from 'node:module'
const wanted = new Set()
registerHooks({ resolve: (name, context, next) => { wanted.add(name); return next(name, context) } })
await import(${JSON.stringify(new URL('rail.ts', import.meta.url))})
console.log(JSON.stringify({ ldk: wanted.has('lightningdevkit'), others: wanted.size > 10 }))
`

test('the process that has the rail does not read LDK, which runs in a process of its own', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [...NODE_FLAGS, '--input-type=module', '-e', PROGRAM])
  expect(JSON.parse(stdout)).toEqual({ ldk: false, others: true })
})
