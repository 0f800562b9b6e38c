import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { judge, type Tally } from './tally.ts'

/**
 * One command of the test run. `tally` reads what it counted, from its output; a check without tests has none and counts only when it fails. What a
 * `live` one prints is shown as it comes: it takes minutes. `deadlineMs` is for what takes longer than others.
 */
export type Step = Readonly<{
  name: string
  command: readonly [string, ...string[]]
  tally?: (output: string) => Tally
  live?: true
  deadlineMs?: number
}>
export type StepResult = Readonly<{ step: Step; ok: boolean; tally: Tally; seconds: number; output: string }>

/** Far above what any step takes on two quiet cores: it ends what hangs, and leaves a loaded machine its time. */
const STEP_DEADLINE_MS = 1_200_000
const KILL_GRACE_MS = 5_000
const root = join(import.meta.dirname, '..')

/** Runs one step from the repository's root with its own programs first on the path. Never rejects: a program that is missing has failed. */
export async function runStep(step: Step, options: { deadlineMs?: number } = {}): Promise<StepResult> {
  const startedAt = performance.now()
  const { output, exitCode } = await runCommand(step, options.deadlineMs ?? step.deadlineMs ?? STEP_DEADLINE_MS)
  const seconds = (performance.now() - startedAt) / 1000
  const tally = tallyOf(step, output, exitCode)
  return { step, ok: tally.failed === 0, tally, seconds, output }
}

function tallyOf(step: Step, output: string, exitCode: number | null): Tally {
  if (step.tally === undefined) return { passed: 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 }
  try {
    return judge(step.tally(output), exitCode)
  } catch {
    // The runner died before it wrote its report: its output says why.
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

function runCommand(step: Step, deadlineMs: number): Promise<{ output: string; exitCode: number | null }> {
  const [program, ...args] = step.command
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter)
  // A group of its own, so that the deadline ends what the command started too.
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, PATH: path, NO_COLOR: '1', FORCE_COLOR: '0' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    if (step.live) process.stdout.write(chunk)
  })
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise((resolve) => {
    const finish = (exitCode: number | null): void => {
      clearTimeout(deadline)
      clearTimeout(grace)
      process.off('SIGINT', interrupted)
      process.off('SIGTERM', interrupted)
      resolve({ output: Buffer.concat(chunks).toString(), exitCode })
    }
    let grace: NodeJS.Timeout | undefined
    const stop = (why: string): void => {
      chunks.push(Buffer.from(`\n${why}\n`))
      signalGroup(child.pid, 'SIGTERM')
      grace = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), KILL_GRACE_MS)
    }
    const deadline = setTimeout(() => stop(`${program} did not end within ${deadlineMs / 1000} s and was stopped`), deadlineMs)
    const interrupted = (): void => stop(`${program} was interrupted`)
    process.on('SIGINT', interrupted)
    process.on('SIGTERM', interrupted)
    child.on('error', (error) => {
      chunks.push(Buffer.from(`${program} could not be started: ${error.message}\n`))
      finish(null)
    })
    child.on('close', finish)
  })
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // The group has ended already.
  }
}
