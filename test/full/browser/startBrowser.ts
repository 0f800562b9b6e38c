import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, createReadStream, createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'
import { moveWhole } from '../moveWhole.ts'

const INSTALL_DEADLINE_MS = 300_000
const LAUNCH_DEADLINE_MS = 60_000
const PINS = ['package.json', 'package-lock.json'] as const
const PACKED = join('node_modules', '@sparticuz', 'chromium', 'bin', 'chromium.br')
/** The package's Chromium is built for machines without a screen and without a GPU; a sandbox of its own it cannot have as root. */
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']

/** A browser; to be closed by the test. Installed first, once, from npm's registry. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await installedChromium(), args: ARGS, timeout: LAUNCH_DEADLINE_MS })
}

async function installedChromium(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'switchyard', 'browser')
  const pinned = PINS.map((file) => readFileSync(join(import.meta.dirname, 'package', file)))
  const folder = join(cache, createHash('sha256').update(Buffer.concat(pinned)).digest('hex').slice(0, 16))
  const program = join(folder, 'chromium')
  if (existsSync(program)) return program
  mkdirSync(cache, { recursive: true })
  // Installed beside the final place and moved there whole: what was cut off leaves nothing that looks complete.
  const making = mkdtempSync(join(cache, 'making-'))
  try {
    for (const file of PINS) copyFileSync(join(import.meta.dirname, 'package', file), join(making, file))
    const run = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: making, encoding: 'utf8', timeout: INSTALL_DEADLINE_MS })
    if (run.status !== 0) throw new Error(`npm ci of the browser for tests failed: ${run.error?.message ?? run.stderr}`)
    await pipeline(
      createReadStream(join(making, PACKED)),
      createBrotliDecompress(),
      createWriteStream(join(making, 'chromium'), { mode: 0o755 }),
    )
    rmSync(join(making, 'node_modules'), { recursive: true })
    moveWhole(making, folder)
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
  return program
}
