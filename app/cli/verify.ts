import type { Verification } from '../../gateway/audit/reconcile/verify.ts'
import { verifyTable } from '../../gateway/audit/reconcile/verifyTable.ts'
import type { GatewayCall } from './gatewayCall.ts'
import { print } from './print.ts'
import { verifyReceipt } from './verifyReceipt.ts'
import { type Asked, whichGateway } from './whichGateway.ts'

/**
 * Asks a running gateway to compare its ledger with itself and with every rail. With `receipt` it asks nobody: it checks a receipt's signature and
 * its proof of inclusion with the public key in the file `key`. 1 when anything differs.
 */
export async function verify(o: Asked & Readonly<{ receipt?: string | undefined }>): Promise<number> {
  if (o.receipt !== undefined) return verifyReceipt(o.receipt, o.key, o.json ?? false)
  const verification = await askUntilDone(whichGateway(o).call)
  print(o, verification, () => verifyTable(verification))
  return verification.ok ? 0 : 1
}

/** Asks until the verification is done, which a long journal takes minutes for; says how far it is meanwhile. */
async function askUntilDone(call: GatewayCall): Promise<Verification> {
  for (;;) {
    const body = (await call('GET', '/v1/verify')) as Verification | { journal: { block: number; of: number } | null } // The second while it runs.
    if ('ok' in body) return body
    const { journal } = body
    console.error(journal ? `block ${journal.block} of ${journal.of} has been read` : 'the rails are being asked')
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}
