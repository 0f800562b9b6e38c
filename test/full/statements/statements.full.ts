import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { camt053 } from '../../../gateway/audit/statements/camt053.ts'
import { mt940 } from '../../../gateway/audit/statements/mt940.ts'
import { periodOf } from '../../../gateway/audit/statements/period.ts'
import { openStatement } from '../../../gateway/audit/statements/statement.ts'
import { EUR } from '../../../gateway/money/asset.ts'
import type { Leg } from '../../../gateway/ports/books.ts'
import { type Booking, booksAt } from '../../statements/booksAt.ts'

const PACKAGES = ['mt-940==5.1.1', 'pyiso20022==1.6.2', 'xsdata==26.10']
/** pip and the registry take what they take. */
const INSTALL_MS_MAX = 600_000
const PARTY = `pa_${'0123456789abcdef'.repeat(2)}`
const PATH = `party:${PARTY}`
const REFERENCES = [
  'rent',
  '=1+1',
  'Müllerstraße 5 – "2" & <3>',
  ':61:x',
  '-',
  '{1:F01}',
  `${'long '.repeat(27)}end`,
  '',
  '?20 field',
  '/REF/ mine',
]

let folder: string
beforeAll(() => {
  if (spawnSync('python3', ['-m', 'pip', '--version']).status !== 0)
    throw new Error("this test needs the programs python3 and pip, 3.11 or newer (Debian's package python3-pip)")
  folder = mkdtempSync(join(tmpdir(), 'switchyard-read-'))
  execFileSync(
    'python3',
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', join(folder, 'packages'), ...PACKAGES],
    {
      stdio: 'pipe',
    },
  )
}, INSTALL_MS_MAX)
afterAll(() => {
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const move = (debit: string, credit: string, units: bigint): Leg => ({ kind: 'move', debit, credit, asset: EUR, units })
const BOOKINGS: readonly Booking[] = [
  { at: '2026-11-01T00:00:00Z', payment: PARTY, legs: [move('rail:bank:account', PATH, 1_234_567_890_129_999n)] },
  ...REFERENCES.map((reference, i): Booking => {
    const id = `po_${i.toString(16).padStart(32, '0')}`
    const facts = [{ type: 'payout.created', id, data: { reference, source: PATH } }]
    return { at: `2026-11-0${2 + (i % 5)}T22:30:00Z`, payment: id, legs: [move(PATH, 'transit:payout', 1_239_999n)], facts }
  }).sort((a, b) => (a.at < b.at ? -1 : 1)),
  { at: '2026-11-20T00:00:00Z', payment: 'x', legs: [move('rail:bank:account', PATH, 4_000n), move(PATH, 'fee:charged', 5_000n)] },
]

type Read = { account: string; balances: number[]; movements: number[]; texts: string[] }

test.each(['2026-12-24', '2026-11-20'])('programs of others read both files and find what the statement says, on %s', async (today) => {
  const { reads, close } = await booksAt(BOOKINGS)
  const period = periodOf({ from: '2026-11-01', to: '2026-11-30', zone: 'Europe/Berlin' })
  const statement = openStatement(reads, () => undefined, {
    path: PATH,
    period,
    asset: EUR,
    pageSize: 4,
    now: Date.parse(`${today}T12:00:00Z`),
  })
  const file = { statement, of: statement.balances[0]!, owner: { id: PARTY, name: 'Bäcker & <Söhne>' }, madeAt: Date.parse(today) }
  const paths = [join(folder, 'a.sta'), join(folder, 'a.xml')] as const
  writeFileSync(paths[0], [...mt940(file)].join(''))
  writeFileSync(paths[1], [...camt053(file)].join(''))
  close()
  const program = join(import.meta.dirname, 'read.py')
  const env = { ...process.env, PYTHONPATH: join(folder, 'packages'), PYTHONDONTWRITEBYTECODE: '1' }
  const said = JSON.parse(execFileSync('python3', [program, ...paths], { env, encoding: 'utf8' })) as { mt940: Read; camt: Read }
  expect(said.mt940.movements).toEqual(said.camt.movements)
  expect(said.mt940.movements).toHaveLength(1 + REFERENCES.length + 2)
  for (const { account, balances, movements } of [said.mt940, said.camt]) {
    expect(account).toBe(PARTY.slice(3))
    expect(balances).toEqual([0, 123_456_787_772])
    expect(movements.reduce((sum, one) => sum + one, 0)).toBe(balances[1])
  }
  for (const reference of REFERENCES.filter((words) => words !== ''))
    expect(said.camt.texts).toContain([...reference].slice(0, 140).join(''))
  expect(said.mt940.texts.filter((text) => text.includes('/REF/Mullerstrasse 5 . .2. . .3.'))).toHaveLength(1)
})
