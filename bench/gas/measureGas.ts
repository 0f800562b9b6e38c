import { measureClaims } from './claims.ts'
import { openGasChain } from './gasChain.ts'
import type { GasFigure } from './gasFigure.ts'
import { measurePayments } from './payments.ts'
import { measurePushes } from './pushes.ts'
import { measureVouchers } from './vouchers.ts'

/** Every figure of the page, measured on a fresh chain. */
export async function measureGas(): Promise<readonly GasFigure[]> {
  const chain = await openGasChain()
  try {
    return [
      { id: 'deploy', operation: 'deployment of the hub, once a chain', gas: chain.hubDeployment },
      { id: 'setup', operation: 'setting up a split: nothing is sent', gas: 0n, target: 0n },
      ...(await measurePayments(chain)),
      ...(await measurePushes(chain)),
      ...(await measureClaims(chain)),
      ...(await measureVouchers(chain)),
    ]
  } finally {
    await chain.close()
  }
}
