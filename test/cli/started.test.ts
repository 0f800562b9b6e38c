import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'

const MAIN = fileURLToPath(new URL('../../app/cli/main.ts', import.meta.url))

test('a reader that has seen enough, such as `head`, ends the command without a word', async () => {
  const child = spawn(process.execPath, [...NODE_FLAGS, MAIN, '--help'])
  onTestFinished(() => void child.kill('SIGKILL'))
  child.stdout.destroy()
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  expect([code, err]).toEqual([0, ''])
})
