// Needs the programs pdftotext and pdfinfo (Debian's package poppler-utils): a receipt's PDF as somebody else reads it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { writePdf } from '../../gateway/api/pages/pdf.ts'
import { receiptPdf } from '../../gateway/api/pages/receiptPdf.ts'
import { en } from '../../gateway/api/pages/words/en.ts'
import { SIGNED_RECEIPT } from '../fixtures/signedReceipt.ts'

function readBack(pdf: Buffer): { text: string; info: string; complaints: string } {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-pdf-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'receipt.pdf')
  writeFileSync(file, pdf)
  const run = (program: string, args: string[]) => {
    const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 })
    if (status !== 0) throw new Error(`${program} (Debian's poppler-utils): ${error?.message ?? stderr}`)
    return { stdout, stderr }
  }
  const [text, info] = [run('pdftotext', ['-layout', file, '-']), run('pdfinfo', [file])]
  return { text: text.stdout, info: info.stdout, complaints: text.stderr + info.stderr }
}

test('pdftotext reads a receipt back: amounts, ids, the signature, and names in letters that its fonts do not have', () => {
  const codeOf = (id: string) => (id.startsWith('eip155') ? 'USDC' : id)
  const { text, info, complaints } = readBack(receiptPdf({ signed: SIGNED_RECEIPT, state: 'settled', words: en, codeOf }))
  expect(complaints).toBe('')
  const { receipt, signature } = SIGNED_RECEIPT
  for (const told of ['Receipt for 4.2 USD', 'evm:8453, 4.2 USDC', receipt.id, receipt.entry, receipt.resource])
    expect(text).toContain(told)
  expect(text.replaceAll(/\s/g, '')).toContain(signature)
  expect(info).toMatch(/Title: +Receipt for 4\.2 USD\n/)
  expect(info).toMatch(/Pages: +1\n/)
})

test('what does not fit on a page is on the next one, and nothing is lost', () => {
  const lines = Array.from({ length: 300 }, (_, i) => ({ text: `line ${i} (\\)`, as: 'value' as const }))
  const { text, info, complaints } = readBack(writePdf({ title: 'Liste für Ж', lines }))
  expect(complaints).toBe('')
  expect(text.match(/line \d+ \(\\\)/g)).toHaveLength(300)
  expect(info).toMatch(/Title: +Liste für Ж\n/)
  expect(info).toMatch(/Pages: +6\n/)
})
