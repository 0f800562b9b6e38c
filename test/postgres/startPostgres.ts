import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { freePort } from '../freePorts.ts'
import { copyPrograms, isRoot, makeOwnFolder, NOBODY } from './postgresPrograms.ts'

const START_DEADLINE_MS = 30_000

/** A server of our own. It listens on 127.0.0.1 and trusts everyone there. */
export type PostgresServer = Readonly<{
  port: number
  /** The process that all others of the server descend from. */
  pid(): number | undefined
  /** The folder of its data, where a test may put what it configures. */
  dataDir: string
  /** Makes an empty database and returns its URL. */
  createDatabase(): Promise<string>
  /** Ends all its processes at once, without a checkpoint, as a machine that fails: it recovers from its log when it starts again. */
  crash(): Promise<void>
  start(): Promise<void>
  /** Ends it and removes its folder. */
  dispose(): Promise<void>
}>

/** Makes a database cluster and starts it. `settings` are added to its configuration, such as `ssl: 'on'`. */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-postgres-'))
  // Another user must be able to enter it.
  chmodSync(folder, 0o755)
  const programs = copyPrograms(folder)
  const dataDir = join(folder, 'data')
  makeOwnFolder(dataDir)
  await finished(run(join(programs, 'initdb'), ['-D', dataDir, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C']))
  const port = await freePort()
  // Where it exists, one call of the system syncs all files before a recovery, instead of one for each file of each database.
  const recovery = process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}
  const options = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: dataDir, ...recovery, ...settings }
  const args = ['-D', dataDir, ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  let server: ChildProcess | undefined
  let databases = 0

  // A test that ends the process without disposing must not leave the server behind.
  const atExit = (): void => void server?.kill('SIGQUIT')
  process.once('exit', atExit)

  async function start(): Promise<void> {
    server = run(join(programs, 'postgres'), args)
    await ready(server)
  }

  async function crash(): Promise<void> {
    if (!server) return
    const ended = server.exitCode === null && server.signalCode === null ? once(server, 'close') : undefined
    // Immediate shutdown: every backend quits where it is.
    server.kill('SIGQUIT')
    await ended
    server = undefined
  }

  await start()
  return {
    port,
    pid: () => server?.pid,
    dataDir,
    async createDatabase() {
      const admin = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
      await admin.connect()
      const name = `test_${++databases}`
      await admin.query(`CREATE DATABASE ${name}`)
      await admin.end()
      return `postgresql://postgres@127.0.0.1:${port}/${name}`
    },
    crash,
    start,
    async dispose() {
      await crash()
      process.off('exit', atExit)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Starts a program of PostgreSQL as a user that it accepts, so that it ends with this process also when that is killed. */
function run(program: string, args: readonly string[]): ChildProcess {
  const options: SpawnOptions = {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: dirname(dirname(dirname(program))),
    env: { PATH: process.env.PATH ?? '', LD_LIBRARY_PATH: join(program, '..', '..', 'lib'), LC_ALL: 'C' },
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  }
  if (process.platform !== 'linux') return spawn(program, args, options)
  return spawn('setpriv', ['--pdeathsig', 'INT', program, ...args], options)
}

async function finished(child: ChildProcess): Promise<void> {
  let complaint = ''
  child.stderr!.on('data', (chunk) => {
    complaint += chunk
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} failed: ${complaint}`)
}

function ready(server: ChildProcess): Promise<void> {
  let said = ''
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`PostgreSQL did not start in time: ${said}`)), START_DEADLINE_MS)
    server.once('error', reject)
    server.once('close', () => reject(new Error(`PostgreSQL did not start: ${said}`)))
    // Read on after it is ready too, so that its log never blocks on a full pipe.
    server.stderr!.on('data', (chunk) => {
      if (said.length < 65_536) said += chunk
      if (!said.includes('ready to accept connections')) return
      clearTimeout(late)
      resolve()
    })
  })
}
