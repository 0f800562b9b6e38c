import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'

/** One of a seller's processes, until the test is over. `withinS`: how long its work may take. */
export async function startReplica(gateway: string, key: string, withinS = '4'): Promise<Readonly<{ child: ChildProcess; url: string }>> {
  const path = fileURLToPath(new URL('./sellerProcess.ts', import.meta.url))
  const child = fork(path, [gateway, key, withinS], { execArgv: [...NODE_FLAGS] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [{ url }] = (await once(child, 'message')) as [{ url: string }] // As it writes.
  return { child, url }
}
