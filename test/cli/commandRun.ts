import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'

const MAIN = fileURLToPath(new URL('../../app/cli/main.ts', import.meta.url))

/** The command in a process of its own, until it ends, without a terminal. */
export async function commandRun(words: readonly string[], o: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const env = { ...process.env, SWITCHYARD_LOG: 'silent', FORCE_COLOR: undefined, ...o.env }
  const child = spawn(process.execPath, [...NODE_FLAGS, MAIN, ...words], { cwd: o.cwd ?? process.cwd(), env })
  onTestFinished(() => void child.kill('SIGKILL'))
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, out, err }
}
