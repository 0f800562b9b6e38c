import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { checkReceipt, type SignedReceipt } from '../../gateway/audit/receipt/receipt.ts'
import { localState } from '../../world/localState.ts'
import type { Verb } from './verb.ts'

/** `switchyard receipt ID|FILE`: reads a receipt and checks its signature with the published key. Exit 1 when it does not hold. */
export const verb: Verb = {
  usage: 'ID | FILE [--url URL] [--key-file PEM]   show a receipt and check its signature',
  exits: { 1: 'there is no such receipt, or its signature does not hold' },
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { url: { type: 'string' }, 'key-file': { type: 'string' } },
    })
    const what = positionals[0]
    if (!what) {
      console.error('switchyard: name a receipt: switchyard receipt rc_...')
      return 2
    }
    const text = async (path: string) =>
      (await fetch(`${values.url ?? localState().url}${path}`, { signal: AbortSignal.timeout(10_000) })).text()
    const signed = JSON.parse(what.startsWith('rc_') ? await text(`/v1/receipts/${what}`) : readFileSync(what, 'utf8')) as SignedReceipt
    if (!signed.receipt) {
      console.error(`switchyard: there is no receipt ${what}`)
      return 1
    }
    const pem = values['key-file'] ? readFileSync(values['key-file'], 'utf8') : await text('/.well-known/switchyard/receipt-key.pem')
    const holds = checkReceipt(signed, pem)
    console.log(JSON.stringify(signed.receipt, null, 2))
    console.log(holds ? `signature of key ${signed.key_id} holds` : 'THE SIGNATURE DOES NOT HOLD')
    return holds ? 0 : 1
  },
}
