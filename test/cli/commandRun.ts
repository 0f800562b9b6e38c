import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'

const MAIN = fileURLToPath(new URL('../../app/cli/main.ts', import.meta.url))

/** `blocksMax`: a file that the command writes may have so many blocks of 512 bytes, as on a disk that is full. */
type Running = Readonly<{ cwd?: string; env?: NodeJS.ProcessEnv; blocksMax?: number }>

/** The command in a process of its own, until it ends, without a terminal. */
export async function commandRun(words: readonly string[], o: Running = {}) {
  const env = { ...process.env, SWITCHYARD_LOG: 'silent', FORCE_COLOR: undefined, ...o.env }
  const typed = [process.execPath, ...NODE_FLAGS, MAIN, ...words]
  // Of a signal that is ignored the writer hears an error.
  const limited = ['sh', '-c', `trap '' XFSZ; ulimit -f ${o.blocksMax}; exec "$0" "$@"`, ...typed]
  const [file, ...rest] = o.blocksMax === undefined ? typed : limited
  const child = spawn(file!, rest, { cwd: o.cwd ?? process.cwd(), env })
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
