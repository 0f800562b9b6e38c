import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { moveWhole } from '../moveWhole.ts'

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt')
/** pip and the registry take what they take. */
export const INSTALL_MS_MAX = 600_000
const RUN_MS_MAX = 120_000

/** The folder with the packages of `requirements` (those of the clients), installed first when it is not there. Throws with what is missing. */
export async function pythonPackages(requirements = REQUIREMENTS): Promise<string> {
  const { status, stdout } = spawnSync('python3', ['-VV'], { encoding: 'utf8' })
  if (status !== 0) throw new Error("these tests need the programs python3 and pip, 3.11 or newer (Debian's package python3-pip)")
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'switchyard', 'python-clients')
  const named = createHash('sha256').update(stdout).update(readFileSync(requirements)).digest('hex').slice(0, 16)
  const folder = join(cache, named)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  // Filled beside the final place and moved there whole: what was cut off leaves nothing that looks complete.
  const filling = mkdtempSync(join(cache, 'filling-'))
  try {
    const words = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', filling, '-r', requirements]
    await promisify(execFile)('python3', words, { timeout: INSTALL_MS_MAX })
    moveWhole(filling, folder)
  } finally {
    rmSync(filling, { recursive: true, force: true })
  }
  return folder
}

/** What a program, of this folder where its path is no whole one, prints, which is JSON; it is told `order` as its one argument. */
export async function runPython<T>(packages: string, program: string, order: object): Promise<T> {
  const env = { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' }
  const words = [resolve(import.meta.dirname, program), JSON.stringify(order)]
  const { stdout } = await promisify(execFile)('python3', words, { env, timeout: RUN_MS_MAX })
  return JSON.parse(stdout) as T // What the programs here print.
}
