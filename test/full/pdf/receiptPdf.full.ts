// Needs Python with pip, which brings PDFium: a receipt's PDF as somebody else reads it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { en } from '../../../gateway/api/html/words/en.ts'
import { writePdf } from '../../../gateway/api/pages/pdf.ts'
import { receiptNames } from '../../../gateway/api/pages/receiptNames.ts'
import { receiptPdf } from '../../../gateway/api/pages/receiptPdf.ts'
import { USD } from '../../../gateway/money/asset.ts'
import { SIGNED_RECEIPT } from '../../fixtures/signedReceipt.ts'
import { INSTALL_MS_MAX, pythonPackages, runPython } from '../clients/pythonClients.ts'

let packages: string
beforeAll(async () => {
  packages = await pythonPackages(join(import.meta.dirname, 'requirements.txt'))
}, INSTALL_MS_MAX)

async function readBack(pdf: Buffer): Promise<{ title: string; pages: number; text: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-pdf-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'receipt.pdf')
  writeFileSync(file, pdf)
  return runPython(packages, join(import.meta.dirname, 'readPdf.py'), { file })
}

test('PDFium reads a receipt back: amounts, ids, the signature, and names in letters that its fonts do not have', async () => {
  const names = receiptNames([USD, { id: SIGNED_RECEIPT.receipt.paid.asset, code: 'USDC', scale: 6, ledger: 2 }])
  const { text, title, pages } = await readBack(receiptPdf({ signed: SIGNED_RECEIPT, state: 'settled', words: en, names }))
  const { receipt, signature } = SIGNED_RECEIPT
  for (const told of ['Receipt for 4.20 USD', 'evm:8453, 4.20 USDC', receipt.id, receipt.entry, receipt.resource])
    expect(text).toContain(told)
  expect(text.replaceAll(/\s/g, '')).toContain(signature)
  expect(title).toBe('Receipt for 4.20 USD')
  expect(pages).toBe(1)
})

test('what does not fit on a page is on the next one, and nothing is lost', async () => {
  const lines = Array.from({ length: 300 }, (_, i) => ({ text: `line ${i} (\\)`, as: 'value' as const }))
  const { text, title, pages } = await readBack(writePdf({ title: 'Liste für Ж', lines }))
  expect(text.match(/line \d+ \(\\\)/g)).toHaveLength(300)
  expect(title).toBe('Liste für Ж')
  expect(pages).toBe(6)
})
