import { fork } from 'node:child_process'
import { join } from 'node:path'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import type { LoadFigures, LoadPlan } from './drive.ts'

const RUN_DEADLINE_MS = 180_000

type Answer = Readonly<{ figures: LoadFigures }> | Readonly<{ failed: string }>

/** Drives a server from a process of its own and returns what it measured. */
export function runLoad(plan: LoadPlan): Promise<LoadFigures> {
  const child = fork(join(import.meta.dirname, 'loadProcess.ts'), {
    stdio: 'inherit',
    serialization: 'advanced',
    execArgv: [...NODE_FLAGS],
  })
  return new Promise<LoadFigures>((resolve, reject) => {
    const deadline = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`the load did not end within ${RUN_DEADLINE_MS} ms`))
    }, RUN_DEADLINE_MS)
    child.once('message', (answer: Answer) => ('figures' in answer ? resolve(answer.figures) : reject(new Error(answer.failed))))
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(deadline)
      reject(new Error(`the load process ended with ${code} and said nothing`))
    })
    child.send(plan)
  })
}
