import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** A build from nothing takes under a minute on two cores. */
const DEADLINE_MS = 240_000

/** Compiles the contracts and refuses when contracts/abi, whose bytecode is what gets deployed, is not exactly that. */
export async function checkFreshBuild(): Promise<void> {
  const { failed, output } = await new Promise<{ failed: boolean; output: string }>((resolve) => {
    const options = { cwd: ROOT, timeout: DEADLINE_MS }
    execFile(process.execPath, [...NODE_FLAGS, 'tools/buildContracts.ts', '--check'], options, (error, stdout, stderr) => {
      resolve({ failed: error !== null, output: (stderr || stdout).trim() })
    })
  })
  if (failed) throw new GatewayError('deployment_refused', output || 'The contracts could not be built', { hint: 'Nothing was sent.' })
}
