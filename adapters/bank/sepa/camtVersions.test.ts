import { expect, test } from 'vitest'
import { EUR } from '../../../gateway/money/asset.ts'
import { CAMT_MESSAGES, CAMT_VERSIONS, camtSample } from '../../../test/bank/camtSample.ts'
import type { BookedEntry } from '../files/bankFile.ts'
import { creditorReferenceOf } from './creditorReference.ts'
import { readBankFile } from './translate.ts'

const IBAN = 'DE93999999990000000001'
const REFERENCE = creditorReferenceOf('0x01')
const EUROS = 1_000_000n
const PAYER = 'DE89370400440532013000'

function entriesOf(text: string): readonly BookedEntry[] {
  const file = readBankFile(Buffer.from(text), { iban: IBAN, asset: EUR })
  if (file.kind === 'notification') return [...file.entries]
  if (file.kind === 'statement') return file.statements.flatMap(({ entries }) => [...entries])
  throw new Error('expected entries')
}

const of = (message: (typeof CAMT_MESSAGES)[number], version: number) => camtSample({ message, version, iban: IBAN, reference: REFERENCE })

test.each(CAMT_MESSAGES.flatMap((message) => CAMT_VERSIONS.map((version) => [message, version] as const)))(
  'camt.%s of version %i is read: a transfer, a batch part by part, a payment of ours, a return, and nothing pending',
  (message, version) => {
    const plain = { charge: false, returned: false }
    expect(entriesOf(of(message, version))).toMatchObject([
      {
        key: 'R1/CRDT/20000000',
        units: 20n * EUROS,
        parts: [{ ...plain, reference: REFERENCE, payer: 'Anna & Co', payerIban: PAYER, endToEndId: 'THEIRS' }],
      },
      {
        key: 'R2/CRDT/30000000',
        parts: [
          { ...plain, units: 10n * EUROS, payer: 'Ben', text: 'first' },
          { ...plain, units: 20n * EUROS, payer: 'Cleo', text: 'second' },
        ],
      },
      { key: 'R3/DBIT/40000000', side: 'debit', parts: [{ ...plain, endToEndId: 'at1' }] },
      { key: 'R4/CRDT/10000000', parts: [{ returned: true, endToEndId: 'at2', reason: 'AC04' }] },
    ])
  },
)

test('a charge of version 2 says not whether the amount includes it, so it stays with the payment', () => {
  const charged = (version: number, charge: string) =>
    of('053', version).replace('<NtryDtls><TxDtls><Refs><InstrId>', `${charge}<NtryDtls><TxDtls><Refs><InstrId>`)
  const flat = '<Chrgs><Amt Ccy="EUR">0.20</Amt></Chrgs>'
  const included = '<Chrgs><Rcrd><Amt Ccy="EUR">0.20</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>'
  expect(entriesOf(charged(2, flat))[2]?.parts).toMatchObject([{ units: 40n * EUROS }])
  expect(entriesOf(charged(8, included))[2]?.parts).toMatchObject([{ units: 39_800_000n }, { units: 200_000n, charge: true }])
})
