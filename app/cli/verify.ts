import { parseArgs } from 'node:util'
import type { Verification } from '../../gateway/audit/reconcile/verify.ts'
import { verifyTable } from '../../gateway/audit/reconcile/verifyTable.ts'
import type { Verb } from './verb.ts'
import { verifyReceipt } from './verifyReceipt.ts'
import { whichGateway } from './whichGateway.ts'

const OPTIONS = {
  url: { type: 'string' },
  key: { type: 'string' },
  json: { type: 'boolean' },
  receipt: { type: 'string' },
} as const

/**
 * `switchyard verify`: asks a running gateway to compare its ledger with itself and with every rail. With `--receipt` it asks nobody: it checks a
 * receipt's signature and its proof of inclusion with the public key in the file `--key`. Exit 1 when anything differs.
 */
export const verb: Verb = {
  usage: '[--url URL --key KEY] [--json] | --receipt FILE --key FILE   compare the ledger with every rail, or prove a receipt offline',
  exits: { 1: 'refused, or something differs or does not hold' },
  async run(args) {
    const { values } = parseArgs({ args, options: OPTIONS })
    if (values.receipt !== undefined) return verifyReceipt(values.receipt, values.key, values.json ?? false)
    const { url, key } = whichGateway(values)
    const verification = await askUntilDone(url, key)
    if (!verification) return 1
    console.log(values.json ? JSON.stringify(verification, null, 2) : verifyTable(verification))
    return verification.ok ? 0 : 1
  },
}

/** Asks until the verification is done, which a long journal takes minutes for; says how far it is meanwhile. Undefined after a refusal. */
async function askUntilDone(url: string, key: string): Promise<Verification | undefined> {
  for (;;) {
    const response = await fetch(`${url}/v1/verify`, { headers: { authorization: `Bearer ${key}` }, signal: AbortSignal.timeout(60_000) })
    const body: unknown = await response.json()
    if (!response.ok) {
      console.error(`switchyard: ${url} answered ${response.status}: ${(body as { detail?: string }).detail ?? ''}`) // A problem of RFC 9457.
      return undefined
    }
    if (response.status !== 202) return body as Verification // The gateway's own answer.
    const { journal } = body as { journal: { block: number; of: number } | null } // The same, while it runs.
    console.error(journal ? `block ${journal.block} of ${journal.of} has been read` : 'the rails are being asked')
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}
