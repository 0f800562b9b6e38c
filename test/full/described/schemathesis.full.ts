import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { partyWith, startYard, type Yard } from '../../e2e/yard.ts'
import { INSTALL_MS_MAX, pythonPackages } from '../clients/pythonClients.ts'

const SECONDS = 25
const RUN_MS_MAX = 180_000
const CHECKS = ['status_code_conformance', 'content_type_conformance', 'response_headers_conformance', 'response_schema_conformance']
const OWN_PATHS = '^/(v1|x402|lnurl|pay|\\.well-known)/'

let packages: string
let yard: Yard
let party: { key: string }
let folder: string
beforeAll(async () => {
  packages = await pythonPackages(join(import.meta.dirname, 'requirements.txt'))
  yard = await startYard({ chains: 1 })
  party = await partyWith(yard, { name: 'seller' })
  folder = mkdtempSync(join(tmpdir(), 'switchyard-described-'))
}, INSTALL_MS_MAX)
afterAll(async () => {
  await yard?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

type Described = { paths: Record<string, Record<string, { responses: Record<string, unknown> }>> }

test.each([
  ['the operator', () => yard.key],
  ['a party', () => party.key],
])(
  'whatever %s sends, by the description or against it, the answer is one that is described, and never 500',
  async (_, key) => {
    const described = (await (await fetch(`${yard.url()}/openapi.json`)).json()) as Described // Our own document.
    // A description says what an answer of 500 looks like. Here it is one that must not be.
    for (const operation of Object.values(described.paths).flatMap((by) => Object.values(by))) delete operation.responses['500']
    const file = join(folder, 'openapi.json')
    writeFileSync(file, JSON.stringify(described))
    const words = [
      '--url',
      yard.url(),
      '-H',
      `Authorization: Bearer ${key()}`,
      '--include-path-regex',
      OWN_PATHS,
      '--checks',
      CHECKS.join(','),
    ]
    const bounds = [
      '--phases',
      'examples,coverage,fuzzing',
      '--max-time',
      `${SECONDS}`,
      '--max-examples',
      '10',
      '--seed',
      '1',
      '--no-shrink',
    ]
    const quiet = ['--continue-on-failure', '--suppress-health-check', 'all', '--warnings', 'off', '--request-timeout', '40']
    const run = promisify(execFile)('python3', ['-m', 'schemathesis.cli', 'run', file, ...words, ...bounds, ...quiet], {
      cwd: folder,
      env: { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1', NO_COLOR: '1' },
      timeout: RUN_MS_MAX,
      maxBuffer: 64 * 1024 * 1024,
    })
    const [stdout, hasFailed] = await run.then(
      (done) => [done.stdout, false] as const,
      (error: { stdout?: string; message: string }) => [error.stdout || error.message, true] as const,
    )
    expect(hasFailed, stdout.slice(0, 20_000)).toBe(false)
    expect(Number.parseInt(/(\d+) generated/.exec(stdout)?.[1] ?? '0', 10), stdout).toBeGreaterThan(0)
  },
  200_000,
)
