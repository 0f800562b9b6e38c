// Needs Debian's maven and a JDK of 17 or newer: an invoice's XML as the schema of UBL and the published rules of EN 16931 read it.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InvoiceData, LineData, TaxCategory } from '../../../gateway/invoices/facts.ts'
import { checkTaxes } from '../../../gateway/invoices/taxRules.ts'
import { ublInvoice } from '../../../gateway/invoices/ublInvoice.ts'

const run = promisify(execFile)
/** The first time Maven fetches 10 MB. */
const PREPARED_MS_MAX = 300_000
const folder = mkdtempSync(join(tmpdir(), 'switchyard-einvoice-'))
const classes = join(folder, 'lib')

beforeAll(async () => {
  const args = ['-q', '-B', '-f', join(import.meta.dirname, 'pom.xml'), 'dependency:copy-dependencies']
  await run('mvn', [...args, '-DexcludeTransitive=true', `-DoutputDirectory=${classes}`])
}, PREPARED_MS_MAX)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const line = (quantity: string, unitPrice: string, category: TaxCategory, rate = '0'): LineData => ({
  description: 'An essay & more',
  quantity,
  unitPrice,
  tax: { category, rate },
})
const heron = { name: 'Heron & <Sons>', address: { street: 'Am Ufer 1', city: 'Berlin', postalCode: '10115', country: 'DE' } }
const seller = { name: heron.name, address: heron.address, vatId: 'DE123456789' }
const mia = { name: 'Mia', address: { country: 'FR' } }

function xmlOf(o: Partial<InvoiceData> & Pick<InvoiceData, 'lines'>): string {
  const data: InvoiceData = {
    intent: 'pi_019ab2f08c6e7d41a3b5c7d9e1f20436',
    payee: { kind: 'party', id: 'pa_019ab2f08c6e7d41a3b5c7d9e1f20436' },
    number: 7,
    amount: { asset: 'USD', units: '1' },
    seller,
    buyer: mia,
    issuedOn: '2026-11-24',
    dueOn: '2026-12-24',
    paid: false,
    metadata: {},
    by: 'operator',
    ...o,
  }
  checkTaxes(data)
  return ublInvoice({ data })
}

const many = [
  line('3', '0.335', 'S', '20'),
  line('2', '1.005', 'S', '20.00'),
  line('0.5', '9.99', 'S', '5.5'),
  line('1', '4', 'Z'),
  line('1', '2', 'E'),
]
const mixed = xmlOf({ lines: many, exemption: 'Article 132 of Directive 2006/112/EC' })
const FILES: Readonly<Record<string, string>> = {
  mixed,
  paid: xmlOf({ lines: [line('1', '3.5', 'S', '20')], paid: true }),
  reverse: xmlOf({ lines: [line('1', '3.5', 'AE')], buyer: { name: mia.name, address: mia.address, vatId: 'FR12345678901' } }),
  outside: xmlOf({ lines: [line('1', '3.5', 'O')], seller: heron }),
  wrongSum: mixed.replace(/(<cbc:PayableAmount currencyID="USD">)/, '$11'),
  wrongOrder: mixed.replace(/(<cbc:ID>INV-000007<\/cbc:ID>)\s*(<cbc:IssueDate>[^<]*<\/cbc:IssueDate>)/, '$2$1'),
}

test(
  'the schema and every rule take what we write, and not what was changed',
  async () => {
    const paths = Object.entries(FILES).map(([name, xml]) => {
      const path = join(folder, name)
      writeFileSync(path, xml)
      return path
    })
    const { stdout } = await run('java', ['-cp', `${classes}/*`, join(import.meta.dirname, 'Validate.java'), ...paths])
    const said = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((one) => [one.split(' ')[0], one.split(' ').slice(1)]),
    )
    for (const name of ['mixed', 'paid', 'reverse', 'outside']) {
      const [tried, ...against] = said[name]!
      expect([name, against]).toEqual([name, []])
      expect(Number(tried)).toBeGreaterThan(40)
    }
    expect(said.wrongSum!.slice(1)).toEqual(['BR-CO-16'])
    expect(said.wrongOrder!.slice(1)).toEqual(['schema'])
  },
  PREPARED_MS_MAX,
)
