import type { Verification } from '../../gateway/audit/reconcile/verify.ts'
import type { VerifyRow } from '../../gateway/audit/reconcile/verifyRow.ts'
import { verifyTable } from '../../gateway/audit/reconcile/verifyTable.ts'
import { BTC } from '../../gateway/money/asset.ts'
import type { GatewayCall } from './gatewayCall.ts'
import { SAT, satOf } from './peopleAmount.ts'
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
  print(o, verification, () => verifyTable(inPeopleUnits(verification)))
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

/** Bitcoin is counted in satoshi. A rail that does not answer has a dash for an amount. */
function inPeopleUnits(v: Verification): Verification {
  const rows = (of: Verification['rails']) => of.map((row) => (row.asset === BTC.code ? inSat(row) : row))
  return { ok: v.ok, at: v.at, journal: v.journal, sums: v.sums, rails: rows(v.rails), splits: rows(v.splits), suspense: rows(v.suspense) }
}

function inSat({ account, verdict, in_flight, ...amounts }: VerifyRow): VerifyRow {
  const sat = (amount: string) => (/^-?[0-9]/.test(amount) ? satOf(amount) : amount)
  return {
    account,
    verdict,
    asset: SAT.code,
    ledger: sat(amounts.ledger),
    rail: sat(amounts.rail),
    difference: sat(amounts.difference),
    in_flight: in_flight.map(({ what, amount }) => ({ what, amount: sat(amount) })),
  }
}
