import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEPLOYED_CONTRACTS } from '../../adapters/evm/deployment/deployedContracts.ts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { type EmptyChain, startEmptyChain } from '../../test/evm/emptyChain.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Where nothing was compiled before, the copy compiles everything. */
const BUILD_DEADLINE_MS = 240_000
const PARTS = ['adapters', 'app/config', 'contracts', 'deploy', 'gateway', 'tools', 'hardhat.config.ts', 'package.json']

let copy: string
let chain: EmptyChain
beforeAll(async () => {
  chain = await startEmptyChain(31337)
  copy = await realpath(await mkdtemp(join(tmpdir(), 'deploy-copy-')))
  for (const part of PARTS) await cp(join(ROOT, part), join(copy, part), { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir')
  await copyCompiled()
})
afterAll(async () => {
  await chain?.close()
  if (copy) await rm(copy, { recursive: true, force: true })
})

/** Spares the copy the compiler. Hardhat knows what it has compiled by its full path, so the path is changed. */
async function copyCompiled(): Promise<void> {
  if (!existsSync(join(ROOT, 'cache/compile-cache.json'))) return
  for (const part of ['artifacts', 'cache']) await cp(join(ROOT, part), join(copy, part), { recursive: true })
  const known = join(copy, 'cache/compile-cache.json')
  await writeFile(known, (await readFile(known, 'utf8')).replaceAll(ROOT, `${copy}/`))
}

function deployFromCopy(): Promise<{ code: number; said: string }> {
  const args = ['tools/deploy/main.ts', '--chain-id', '31337', '--rpc', chain.rpcUrl, '--dry-run']
  return new Promise((resolve) => {
    execFile(process.execPath, [...NODE_FLAGS, ...args], { cwd: copy, timeout: BUILD_DEADLINE_MS }, (error, stdout, stderr) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : -1) : 0, said: stdout + stderr })
    })
  })
}

test(
  'a contract whose bytecode differs in one byte from a fresh build is not deployed, whichever of them it is',
  async () => {
    expect(await deployFromCopy()).toMatchObject({ code: 0, said: expect.stringContaining('contracts/abi equals a fresh build') })
    for (const { name } of DEPLOYED_CONTRACTS) {
      const file = join(copy, `contracts/abi/${name}.ts`)
      const fresh = await readFile(file, 'utf8')
      const tampered = fresh.replace(/(?<="bytecode": "0x)../, '00')
      expect(tampered === fresh, name).toBe(false)
      await writeFile(file, tampered)
    }
    const { code, said } = await deployFromCopy()
    expect(code).toBe(1)
    for (const { name } of DEPLOYED_CONTRACTS) expect(said).toContain(`${name}.ts`)
    expect(said).not.toContain('absent')
  },
  2 * BUILD_DEADLINE_MS,
)
